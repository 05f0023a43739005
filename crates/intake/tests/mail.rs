//! Mail that people write to the center, told with people.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{house, page_of, request, write};
use chrono::TimeDelta;
use clients::person;
use consent::rules::contact::{Permission, SaidBy};
use foundation::holding::Holding;
use foundation::jobs::running::Runner;
use foundation::ledger::asking::{Of, entries};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error};
use intake::inbox::{View, rows};
use intake::inward::receiving::{Delivery, Receipt, forget_senders, receive};
use intake::inward::{Became, counts};
use intake::request::merging::{merge, unmerge};
use intake::request::snoozing::{self, Snooze};
use intake::request::{closing, stepping, waiting};
use intake::rules::outcome::Closing;
use intake::rules::waiting::Wait;
use intake::rules::words::{Channel, Danger, Urgency};
use mail::delivery::Post;
use mail::outbox::{self, sending};
use mail::{Captured, LetterKind, Message, Postroom, State};
use sea_orm::{ConnectionTrait, Statement};

/// Danny writes for himself at night.
fn danny(id: &str, head: &str, body: &str) -> Vec<u8> {
    let head = format!("From: Danny Reyes <danny@example.com>\r\nMessage-ID: <{id}@example.com>\r\n{head}");
    format!("{head}To: hello@cedar-office.example\r\nMIME-Version: 1.0\r\n\r\n{body}\r\n").into_bytes()
}

/// A house whose letters leave, into a drawer.
async fn with_an_outbox() -> (House, Cast) {
    let public_url = "https://cedar-office.example".to_owned();
    let room = Postroom { post: Post::Captured, public_url, captured: Captured::default() };
    let runner = Runner::default().with(outbox::JOB, move |db, payload| {
        let room = room.clone();
        async move { sending::send(&db, &room, &payload).await }
    });
    let house = House::with(runner).await;
    let cast = Cast::on(&house).await;
    (house, cast)
}

async fn hand_over(house: &House, bytes: &[u8]) -> Result<Receipt, Error> {
    let delivery = Delivery {
        bytes,
        envelope: Some("danny@example.com"),
        pages_elsewhere: false,
        on_reply: |_, _| Box::pin(async { Ok(()) }),
    };
    receive(house, delivery).await
}

async fn inbox(house: &House, cast: &Cast) -> Vec<intake::inbox::Row> {
    rows(house, &cast.ana, View::Everyone, None).await.unwrap()
}

async fn only(house: &House, cast: &Cast) -> String {
    let rows = inbox(house, cast).await;
    assert_eq!(rows.len(), 1, "{} requests", rows.len());
    rows.first().unwrap().reference.clone()
}

async fn letters(house: &House) -> Vec<Message> {
    use sea_orm::FromQueryResult;
    let backend = house.reader().get_database_backend();
    let all = Statement::from_string(backend, "SELECT * FROM messages");
    Message::find_by_statement(all).all(house.reader()).await.unwrap()
}

#[tokio::test]
async fn danny_writes_at_nine_and_is_a_request_that_is_due_in_fifteen_minutes() {
    let (house, cast) = with_an_outbox().await;
    let note = danny("1", "Subject: Can you help me\r\n", "I want to die. I drink since my wife left.");
    assert_eq!(hand_over(&house, &note).await.unwrap(), Receipt::Became(Became::Request));
    let reference = only(&house, &cast).await;
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!((page.caller.as_str(), page.request.channel), ("Danny Reyes", Channel::Email));
    assert_eq!(page.words.as_deref(), Some("Can you help me\n\nI want to die. I drink since my wife left."));
    // No word decides how urgent it is: a person reads it, within fifteen minutes.
    assert_eq!((page.request.danger, page.request.urgency), (Danger::NotAsked, Urgency::NotAsked));
    assert_eq!(page.request.due_at - house.now(), TimeDelta::minutes(15));
    assert_eq!(page.reaching.points[0].value, "danny@example.com");
    assert!(page.card.source.contains("wrote to us by e-mail"), "{}", page.card.source);
    let sealed = page.request.words.unwrap();
    assert!(!sealed.windows(4).any(|w| w == b"wife"));
    // The acknowledgment waits in the outbox for the gate.
    let letters = letters(&house).await;
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].letter, letters[0].state), (LetterKind::WeGotYourNote, State::Queued));
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn a_message_handed_over_twice_is_one_request_also_at_the_same_moment() {
    let (house, cast) = with_an_outbox().await;
    let note = danny("1", "", "Please call.");
    let (a, b) = tokio::join!(hand_over(&house, &note), hand_over(&house, &note));
    let both = [a.unwrap(), b.unwrap()];
    assert!(both.contains(&Receipt::Became(Became::Request)), "{both:?}");
    assert!(both.contains(&Receipt::Before(Became::Request)), "{both:?}");
    assert_eq!(hand_over(&house, &note).await.unwrap(), Receipt::Before(Became::Request));
    only(&house, &cast).await;
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn what_no_person_wrote_makes_no_request_and_is_counted_without_its_words() {
    let (house, cast) = house().await;
    for (id, head) in [
        ("1", "Auto-Submitted: auto-replied\r\n"),
        ("2", "List-Id: <news.example.com>\r\n"),
        ("3", "Return-Path: <>\r\n"),
    ] {
        hand_over(&house, &danny(id, head, "secret words")).await.unwrap();
    }
    let own = b"From: hello@cedar-office.example\r\nMessage-ID: <4@cedar-office.example>\r\n\r\nloop\r\n";
    assert_eq!(hand_over(&house, own).await.unwrap(), Receipt::Became(Became::Own));
    assert!(inbox(&house, &cast).await.is_empty());
    let counted = counts(house.reader(), house.now() - TimeDelta::hours(1)).await.unwrap();
    assert_eq!(counted, [(Became::List, 1), (Became::Machine, 1), (Became::Own, 1), (Became::Returned, 1)]);
    let aside = entries(house.reader(), Of::All, None, 50).await.unwrap();
    assert_eq!(aside.iter().filter(|entry| entry.act == Act::SetMailAside).count(), 4);
    assert_eq!(hand_over(&house, b"Subject: no sender\r\n\r\nx").await.unwrap(), Receipt::Unreadable);
    assert_eq!(hand_over(&house, b"From: root@localhost\r\n\r\nx").await.unwrap(), Receipt::Unreadable);
    assert!(inbox(&house, &cast).await.is_empty());
    house.close().await;
}

/// Danny's first note, and the Message-ID of the letter that answered it.
async fn acknowledged(house: &House, cast: &Cast) -> (String, String) {
    hand_over(house, &danny("1", "Subject: Hello\r\n", "Please help.")).await.unwrap();
    house.run_jobs().await;
    let letter = letters(house).await.remove(0);
    assert_eq!(letter.state, State::Sent);
    (only(house, cast).await, letter.message_id.unwrap().trim_matches(['<', '>']).to_owned())
}

#[tokio::test]
async fn an_answer_to_our_letter_lands_at_its_request_and_wakes_it() {
    let (house, cast) = with_an_outbox().await;
    let (reference, letter) = acknowledged(&house, &cast).await;
    let asleep = request(&house, &reference).await;
    let until = Snooze::parse(Some(house.now() + TimeDelta::days(2)), false, house.now()).unwrap();
    write(&house, &cast.ana, async |unit| snoozing::snooze(unit, &asleep, asleep.version, until).await).await;
    house.later(TimeDelta::hours(1));
    let answer = danny(
        "2",
        &format!("Subject: Re: We got your note\r\nIn-Reply-To: <{letter}>\r\n"),
        "I can talk now.",
    );
    assert_eq!(hand_over(&house, &answer).await.unwrap(), Receipt::Became(Became::Message));
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!(page.messages.len(), 1);
    assert_eq!(page.messages[0].written.text, "I can talk now.");
    assert!(page.messages[0].known);
    assert_eq!((page.request.snoozed_until, page.request.woke_at), (None, Some(house.now())));
    let acts: Vec<Act> = page.history.events.iter().map(|h| h.event.act).collect();
    assert!(acts.contains(&Act::ReceiveMessage) && acts.contains(&Act::WakeRequest), "{acts:?}");
    // Nothing went out by it, and it is one message however often the mail server asks.
    assert_eq!(letters(&house).await.len(), 1);
    assert_eq!(hand_over(&house, &answer).await.unwrap(), Receipt::Before(Became::Message));
    only(&house, &cast).await;
    house.close().await;
}

#[tokio::test]
async fn who_was_waited_for_and_writes_is_waited_for_no_more() {
    let (house, cast) = with_an_outbox().await;
    let (reference, letter) = acknowledged(&house, &cast).await;
    let seen = request(&house, &reference).await;
    let wait = Wait::parse("wrote", Some(house.now() + TimeDelta::days(2)), house.now()).unwrap();
    write(&house, &cast.ana, async |unit| waiting::wait(unit, &seen, seen.version, wait).await).await;
    house.later(TimeDelta::minutes(10));
    let answer = danny("2", &format!("Subject: Re: hello\r\nIn-Reply-To: <{letter}>\r\n"), "I am here.");
    hand_over(&house, &answer).await.unwrap();
    let seen = request(&house, &reference).await;
    assert_eq!(seen.waiting_until, None);
    assert!(seen.due_at < house.now() + TimeDelta::minutes(20), "{} is still held", seen.due_at);
    house.close().await;
}

#[tokio::test]
async fn an_open_request_stands_on_top_again_until_somebody_goes_on_with_it() {
    let (house, cast) = with_an_outbox().await;
    let (reference, _) = acknowledged(&house, &cast).await;
    // He writes again in his own thread, before anybody answered.
    hand_over(&house, &danny("2", "References: <1@example.com>\r\n", "It is urgent.")).await.unwrap();
    let awake = request(&house, &reference).await;
    assert_eq!(awake.woke_at, Some(house.now()));
    let step =
        stepping::NextStep::parse("call", Some(house.now() + TimeDelta::hours(1)), house.now()).unwrap();
    let stale = house
        .write(&cast.ana, async |unit| stepping::step(unit, &awake, awake.version - 1, step.clone()).await)
        .await;
    assert!(matches!(stale, Err(Error::Stale)), "who has not seen the message is told: {stale:?}");
    write(&house, &cast.ana, async |unit| stepping::step(unit, &awake, awake.version, step).await).await;
    assert_eq!(request(&house, &reference).await.woke_at, None);
    house.close().await;
}

#[tokio::test]
async fn a_message_for_a_merged_request_lands_at_the_one_that_goes_on_and_stays_readable_when_they_part() {
    let (house, cast) = with_an_outbox().await;
    let (first, _) = acknowledged(&house, &cast).await;
    let jo = asking::ask(&house, "form-1", &asking::jo()).await.unwrap().reference;
    let (merged, into) = (request(&house, &first).await, request(&house, &jo).await);
    write(&house, &cast.ana, async |unit| merge(unit, &merged, &into).await.map(|_| ())).await;
    let about = format!("Subject: about {}\r\n", first.to_lowercase());
    hand_over(&house, &danny("2", &about, "Are you there?")).await.unwrap();
    let page = page_of(&house, &cast.ana, &jo).await.unwrap();
    assert_eq!(page.messages.iter().map(|m| m.written.text.as_str()).collect::<Vec<_>>(), ["Are you there?"]);
    assert!(!page.messages[0].known, "Jo never gave this address");
    let merged = request(&house, &first).await;
    write(&house, &cast.ana, async |unit| unmerge(unit, &merged).await.map(|_| ())).await;
    assert_eq!(page_of(&house, &cast.ana, &jo).await.unwrap().messages.len(), 1);
    // Who it is about is put right later: the words go along.
    let row = request(&house, &jo).await;
    let other = write_person(&house, &cast.ana, "Miguel").await;
    house
        .write(&Actor::House, async |unit| {
            let permit = unit.permit(Act::CreatePerson, &row.subject())?;
            intake::IntakeHolding.move_to(unit, row.prospective_id, other).await?;
            unit.record(permit, serde_json::json!({}));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    assert_eq!(page_of(&house, &cast.ana, &jo).await.unwrap().messages[0].written.text, "Are you there?");
    house.close().await;
}

/// A message of Eve's, who has learned Danny's reference.
fn eve(id: &str, head: &str) -> Vec<u8> {
    let head = format!("From: Eve <eve@example.net>\r\nMessage-ID: <{id}@example.net>\r\n{head}");
    format!("{head}\r\nPlease call me on the new number, 212 555 0199.\r\n").into_bytes()
}

#[tokio::test]
async fn who_only_knows_a_reference_gets_into_no_thread_and_is_heard_in_a_request_of_their_own() {
    let (house, cast) = with_an_outbox().await;
    let (reference, letter) = acknowledged(&house, &cast).await;
    let about = eve("1", &format!("Subject: Re: {reference}\r\n"));
    assert_eq!(hand_over(&house, &about).await.unwrap(), Receipt::Became(Became::Request));
    assert!(page_of(&house, &cast.ana, &reference).await.unwrap().messages.is_empty());
    let own = inbox(&house, &cast).await.into_iter().find(|row| row.reference != reference).unwrap();
    let own = page_of(&house, &cast.ana, &own.reference).await.unwrap();
    // Whoever reads it sees which request it names.
    assert!(own.words.unwrap().contains(&reference));
    // Who answers our letter from another address of theirs is in the thread, with the mark.
    let answer = eve("2", &format!("Subject: Re: {reference}\r\nIn-Reply-To: <{letter}>\r\n"));
    assert_eq!(hand_over(&house, &answer).await.unwrap(), Receipt::Became(Became::Message));
    assert!(!page_of(&house, &cast.ana, &reference).await.unwrap().messages[0].known);
    house.run_jobs().await;
    house.close().await;
}

async fn write_person(house: &House, who: &Actor, name: &str) -> foundation::PersonId {
    let new = person::NewPerson::parse(name).unwrap();
    house.write(who, async |unit| person::add(unit, new, &[]).await).await.unwrap()
}

#[tokio::test]
async fn who_writes_after_it_was_closed_asks_again_where_somebody_looks() {
    let (house, cast) = with_an_outbox().await;
    let (reference, letter) = acknowledged(&house, &cast).await;
    let open = request(&house, &reference).await;
    let over = Closing::parse("information_only", "", "").unwrap();
    write(&house, &cast.ana, async |unit| closing::close(unit, &open, over).await).await;
    let head = format!("In-Reply-To: <{letter}>\r\nSubject: again\r\n");
    assert_eq!(
        hand_over(&house, &danny("2", &head, "Now I am ready.")).await.unwrap(),
        Receipt::Became(Became::Request)
    );
    let again = only(&house, &cast).await;
    assert_ne!(again, reference);
    assert_eq!(
        letters(&house).await.len(),
        1,
        "acknowledged once a day, so that two programs cannot talk for ever"
    );
    house.close().await;
}

#[tokio::test]
async fn where_somebody_said_no_mail_nothing_goes_by_mail_whoever_gives_the_address_next() {
    let (house, cast) = with_an_outbox().await;
    let no = intake::request::receiving::TypedRequest {
        email: "Danny@example.com",
        email_ok: "no",
        ..asking::jo()
    };
    let new = intake::request::receiving::NewRequest::parse(&no, Channel::Phone, SaidBy::Voice).unwrap();
    house
        .write(&cast.ben, async |unit| intake::request::receiving::receive(unit, "call-1", new).await)
        .await
        .unwrap();
    hand_over(&house, &danny("1", "", "Hello again.")).await.unwrap();
    let row = inbox(&house, &cast).await.into_iter().find(|row| row.channel == Channel::Email).unwrap();
    let page = page_of(&house, &cast.ana, &row.reference).await.unwrap();
    let rules = consent::contact_rules::of(house.reader(), page.request.caller_id).await.unwrap().unwrap();
    assert_eq!(rules.email, Permission::NotAsked);
    // Many others give the address since; what was said stays said.
    for n in 0..60 {
        hand_over(&house, &danny(&format!("more-{n}"), "", "Hello again.")).await.unwrap();
        house.later(TimeDelta::minutes(3));
    }
    // Who types it into a form, or into the website's, gets no letter sent there, and the same answer as everybody.
    let yes = intake::request::receiving::TypedRequest {
        email: "danny@EXAMPLE.com ",
        email_ok: "yes",
        ..asking::jo()
    };
    assert!(asking::ask(&house, "form-1", &yes).await.unwrap().fresh);
    let site = intake::request::receiving::NewRequest::parse(&yes, Channel::Website, SaidBy::Self_).unwrap();
    house
        .write(&Actor::Visitor, async |unit| intake::request::receiving::receive(unit, "site-1", site).await)
        .await
        .unwrap();
    assert!(letters(&house).await.is_empty());
    let jos = intake::request::receiving::TypedRequest { email: "jo@example.com", ..yes };
    asking::ask(&house, "form-2", &jos).await.unwrap();
    assert_eq!(letters(&house).await.len(), 1, "an address nobody refused gets its letter");
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn a_machine_gone_wild_is_told_to_wait() {
    let (house, cast) = with_an_outbox().await;
    for n in 0..30 {
        hand_over(&house, &danny(&n.to_string(), "", "again and again")).await.unwrap();
    }
    assert!(matches!(hand_over(&house, &danny("31", "", "once more")).await, Ok(Receipt::TooMany)));
    let jo = b"From: jo@example.com\r\nMessage-ID: <j@example.com>\r\n\r\nMe too\r\n";
    assert_eq!(hand_over(&house, jo).await.unwrap(), Receipt::Became(Became::Request));
    house.later(TimeDelta::hours(2));
    assert_eq!(
        hand_over(&house, &danny("31", "", "once more")).await.unwrap(),
        Receipt::Became(Became::Request)
    );
    assert_eq!(inbox(&house, &cast).await.len(), 32);
    house.run_jobs().await;
    house.close().await;
}

/// A message from somebody else each time.
fn somebody(n: usize) -> Vec<u8> {
    format!("From: p{n}@example.com\r\nMessage-ID: <p{n}@example.com>\r\n\r\nPlease call.\r\n").into_bytes()
}

#[tokio::test]
async fn who_writes_in_a_thousand_names_makes_us_write_to_few_of_them_and_each_is_still_a_request() {
    let (house, cast) = with_an_outbox().await;
    // Danny alone, however often, takes the letter of nobody else.
    for n in 0..30 {
        hand_over(&house, &danny(&n.to_string(), "", "again and again")).await.unwrap();
    }
    for n in 0..70 {
        hand_over(&house, &somebody(n)).await.unwrap();
    }
    assert_eq!(letters(&house).await.len(), 60);
    assert_eq!(inbox(&house, &cast).await.len(), 100);
    house.later(TimeDelta::minutes(61));
    hand_over(&house, &somebody(70)).await.unwrap();
    assert_eq!(letters(&house).await.len(), 61);
    house.run_jobs().await;
    house.close().await;
}

async fn bytes_of(house: &House, sql: &str) -> Option<Vec<u8>> {
    let asked = Statement::from_string(house.reader().get_database_backend(), sql);
    house.reader().query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn who_wrote_is_kept_for_a_day_and_under_the_key_of_the_center() {
    let (house, _) = with_an_outbox().await;
    hand_over(&house, &danny("1", "", "Please call.")).await.unwrap();
    let asked = "SELECT sender_hash FROM mail_arrivals";
    let kept = bytes_of(&house, asked).await.unwrap();
    assert_ne!(kept, foundation::hash_of("danny@example.com"), "the tables alone would tell who wrote");
    house.later(TimeDelta::hours(23));
    assert_eq!(forget_senders(&house).await.unwrap(), 0);
    house.later(TimeDelta::hours(1));
    assert_eq!(forget_senders(&house).await.unwrap(), 1);
    assert_eq!(bytes_of(&house, asked).await, None);
    assert_eq!(
        hand_over(&house, &danny("1", "", "Please call.")).await.unwrap(),
        Receipt::Before(Became::Request)
    );
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn before_the_center_is_set_up_nothing_is_taken_that_nobody_would_read() {
    let house = House::new().await;
    assert!(matches!(hand_over(&house, &danny("1", "", "x")).await, Err(Error::NotFound)));
    house.close().await;
}
