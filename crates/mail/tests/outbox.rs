//! The outbox, told with people: Jo wrote a note and may be answered, Zoë said yes to e-mail, Tom was never asked.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod people;

use chrono::TimeDelta;
use consent::consents;
use consent::gate::Purpose;
use foundation::center::Center;
use foundation::ledger::asking::{Of, entries};
use foundation::{Act, Actor, Error, PersonId};
use mail::delivery::{Post, Smtp, SmtpSettings};
use mail::outbox::asking::{Counts, counts, lines};
use mail::outbox::{cancelling, one, queue, retrying, stopping, waking};
use mail::sink::{Fault, Sink, Stage};
use mail::{Captured, Facts, LetterKind, MessageId, NewMessage, Postroom, State};
use people::{Story, acts};
use sea_orm::prelude::Uuid;

fn at(sink: &Sink) -> Postroom {
    Postroom {
        post: Post::Smtp(Smtp::new(sink.settings()).unwrap()),
        public_url: "https://cedar-office.example".into(),
        captured: Captured::default(),
    }
}

fn check_in(person: PersonId) -> NewMessage {
    NewMessage {
        person,
        purpose: Purpose::CheckIn,
        letter: LetterKind::CheckingIn,
        subject: person.0,
        facts: Facts::default(),
        dedupe: format!("check_in {person} 2026-03-02"),
        due_at: None,
    }
}

fn note(person: PersonId) -> NewMessage {
    NewMessage {
        purpose: Purpose::AnswerRequest,
        letter: LetterKind::WeGotYourNote,
        facts: Facts {
            answer_by: Some("2026-03-02T16:00:00Z".parse().unwrap()),
            by_phone: true,
            ..Facts::default()
        },
        dedupe: format!("note {person}"),
        ..check_in(person)
    }
}

async fn queued(story: &Story, new: NewMessage) -> MessageId {
    story.house.write(&Actor::House, async |unit| queue(unit, new).await).await.unwrap().unwrap()
}

/// The link in a letter that begins with this path.
fn token(text: &str, path: &str) -> String {
    let start = text.find(path).unwrap() + path.len();
    text[start..].chars().take_while(char::is_ascii_hexdigit).collect()
}

#[tokio::test]
async fn zoe_who_said_yes_gets_one_discreet_letter_and_the_gate_s_word_is_kept() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    let id = queued(&story, check_in(zoe)).await;
    story.house.run_jobs().await;
    let sent = one(story.house.reader(), id).await.unwrap();
    assert_eq!((sent.state, sent.attempts, sent.maybe_sent), (State::Sent, 1, false));
    let letters = sink.letters();
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].subject(), "Checking in");
    assert_eq!(letters[0].header("Message-ID"), sent.message_id);
    let text = letters[0].text();
    assert!(text.starts_with("Hi Zoë,") && text.contains("– Ray") && text.contains("988"), "{text}");
    assert!(!text.contains("Cedar Recovery Center"));
    let stop = token(&text, "https://cedar-office.example/u/");
    let unsubscribe = letters[0].header("List-Unsubscribe").unwrap();
    assert_eq!(unsubscribe, format!("<https://cedar-office.example/u/{stop}>"));
    assert_eq!(letters[0].header("List-Unsubscribe-Post").unwrap(), "List-Unsubscribe=One-Click");
    let open = foundation::links::Purpose::CheckIn;
    let link = token(&text, "https://cedar-office.example/c/");
    let link = foundation::links::open(story.house.reader(), open, &link, story.house.now()).await.unwrap();
    assert_eq!((link.person_id, link.subject_id), (zoe, zoe.0));
    assert_eq!(story.decisions(id).await, ["allow"]);
    let did = acts(&story.house, zoe).await;
    let times = |act| did.iter().filter(|a| **a == act).count();
    assert_eq!([Act::QueueMessage, Act::IssueLink, Act::SendMessage].map(times), [1, 2, 1]);
    story.house.close().await;
}

#[tokio::test]
async fn letters_about_a_time_say_when_and_neither_where_nor_why() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    // Three in the afternoon in New York; the center itself is in Chicago.
    let facts = Facts {
        at: Some("2026-03-05T20:00:00Z".parse().unwrap()),
        zone: Some(foundation::Zone::America__New_York),
        ..Facts::default()
    };
    for letter in [LetterKind::TimeKept, LetterKind::TimeMoved, LetterKind::TimeOff, LetterKind::TimeReminder]
    {
        let dedupe = format!("{letter} {zoe}");
        queued(&story, NewMessage { letter, facts: facts.clone(), dedupe, ..note(zoe) }).await;
    }
    story.house.run_jobs().await;
    let letters = sink.letters();
    assert_eq!(letters.len(), 4);
    for letter in &letters {
        assert_eq!(letter.subject(), "Our time on Thursday");
        let text = letter.text();
        assert!(text.contains("Thursday, March 5, 3:00 PM (EST)") && text.contains("988"), "{text}");
        assert!(text.contains("https://cedar-office.example/u/"), "{text}");
        for word in ["ppointment", "ssessment", "Recovery", "Ray"] {
            let told = text.replace("– Ray", "");
            assert!(!told.contains(word), "{word} in {text}");
        }
    }
    let says = |words: &str| letters.iter().filter(|letter| letter.text().contains(words)).count();
    for words in ["we kept a time for you", "our time has changed", "is off", "a note about"] {
        assert_eq!(says(words), 1, "{words}");
    }
    story.house.close().await;
}

#[tokio::test]
async fn a_time_that_holds_no_more_takes_its_letters_with_it() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let (zoe, time, other) =
        (story.alum("Zoë", "zoe@example.org").await, Uuid::from_u128(1), Uuid::from_u128(2));
    let about = |subject, name: &str| NewMessage {
        letter: LetterKind::TimeReminder,
        subject,
        dedupe: name.to_owned(),
        due_at: Some(story.house.now() + chrono::TimeDelta::days(1)),
        ..note(zoe)
    };
    let gone = queued(&story, about(time, "one")).await;
    let stays = queued(&story, about(other, "other")).await;
    let withdrawn = story.house.write(&Actor::House, async |unit| {
        let permit = unit.permit(Act::CancelMessage, &foundation::Subject::center())?;
        let withdrawn = cancelling::withdraw_about(unit, time, "It holds no more.").await?;
        unit.record(permit, serde_json::json!({}));
        Ok::<_, foundation::Error>(withdrawn)
    });
    assert_eq!(withdrawn.await.unwrap(), 1);
    let state = async |id| one(story.house.reader(), id).await.unwrap().state;
    assert_eq!([state(gone).await, state(stays).await], [State::Cancelled, State::Queued]);
    story.house.close().await;
}

#[tokio::test]
async fn tom_who_was_never_asked_is_not_written_to_and_staff_read_why() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let tom = story.client("Tom").await;
    story.address(tom, "tom@example.org").await;
    let id = queued(&story, check_in(tom)).await;
    story.house.run_jobs().await;
    let held = one(story.house.reader(), id).await.unwrap();
    assert_eq!(held.state, State::Held);
    assert_eq!(held.reason.as_deref(), Some("E-mail was not asked. Ask whether it is safe first."));
    assert_eq!(story.decisions(id).await, ["not_asked"]);
    assert!(acts(&story.house, tom).await.contains(&Act::HoldMessage));
    assert_eq!(sink.connections(), 0);
    let shown = lines(story.house.reader(), &story.cast.carol, &[State::Held], None).await.unwrap();
    assert_eq!(shown[0].to.as_ref().unwrap().name, "Tom");
    // Linus keeps the machine running and need not know who is written to.
    let shown = lines(story.house.reader(), &story.cast.linus, &[State::Held], None).await.unwrap();
    assert_eq!((shown.len(), &shown[0].to), (1, &None));
    assert!(lines(story.house.reader(), &story.cast.ana, &[State::Held], None).await.is_err());
    story.house.close().await;
}

#[tokio::test]
async fn a_yes_taken_back_while_the_letter_waits_is_a_no() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    let tomorrow = story.house.now() + TimeDelta::days(1);
    let id = queued(&story, NewMessage { due_at: Some(tomorrow), ..check_in(zoe) }).await;
    assert_eq!(story.house.run_jobs().await, 0);
    let given = consents::of(story.house.reader(), zoe).await.unwrap()[0].id;
    let care = people::care(zoe, &story.cast);
    let revoke =
        async |unit: &mut foundation::Unit| consents::revoke(unit, &care, given, "said on the phone").await;
    story.house.write(&story.cast.carol, revoke).await.unwrap();
    story.house.later(TimeDelta::days(1));
    story.house.run_jobs().await;
    let held = one(story.house.reader(), id).await.unwrap();
    assert_eq!(held.state, State::Held);
    assert_eq!(story.decisions(id).await, ["consent_ended"]);
    assert!(sink.letters().is_empty());
    story.house.close().await;
}

#[tokio::test]
async fn an_address_that_does_not_exist_is_never_written_to_again() {
    let sink = Sink::open().await.unwrap();
    sink.fault(Fault::say(Stage::Recipient, "550 5.1.1 no such user"));
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    let id = queued(&story, check_in(zoe)).await;
    story.house.run_jobs().await;
    let dead = one(story.house.reader(), id).await.unwrap();
    assert_eq!(dead.state, State::Dead);
    assert!(dead.reply.unwrap().contains("no such user"));
    sink.heal();
    let next = queued(&story, NewMessage { dedupe: "the next one".into(), ..check_in(zoe) }).await;
    story.house.run_jobs().await;
    assert_eq!(one(story.house.reader(), next).await.unwrap().state, State::Held);
    assert_eq!(story.decisions(next).await, ["suppressed"]);
    assert!(sink.letters().is_empty());
    story.house.close().await;
}

#[tokio::test]
async fn silence_after_the_last_dot_is_followed_by_one_more_try_of_the_same_letter() {
    let sink = Sink::open().await.unwrap();
    sink.fault(Fault::hang_up(Stage::AfterDot));
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    let id = queued(&story, check_in(zoe)).await;
    story.house.run_jobs().await;
    let unknown = one(story.house.reader(), id).await.unwrap();
    assert_eq!((unknown.state, unknown.maybe_sent), (State::Queued, true));
    story.house.later(TimeDelta::minutes(5));
    story.house.run_jobs().await;
    let held = one(story.house.reader(), id).await.unwrap();
    assert_eq!((held.state, held.maybe_sent, held.attempts), (State::Held, true, 2));
    story.house.later(TimeDelta::days(30));
    assert_eq!(story.house.run_jobs().await, 0);
    let letters = sink.letters();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0].header("Message-ID"), letters[1].header("Message-ID"));
    story.house.close().await;
}

#[tokio::test]
async fn a_server_that_is_busy_gets_the_letter_later() {
    let sink = Sink::open().await.unwrap();
    sink.fault(Fault::say(Stage::Recipient, "451 4.7.1 greylisted, try later").once());
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    let id = queued(&story, check_in(zoe)).await;
    story.house.run_jobs().await;
    assert_eq!(one(story.house.reader(), id).await.unwrap().state, State::Queued);
    story.house.later(TimeDelta::minutes(1));
    story.house.run_jobs().await;
    let sent = one(story.house.reader(), id).await.unwrap();
    assert_eq!((sent.state, sent.attempts, sink.letters().len()), (State::Sent, 2, 1));
    story.house.close().await;
}

#[tokio::test]
async fn one_cause_is_one_letter_and_a_job_run_twice_sends_nothing_twice() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    let id = queued(&story, check_in(zoe)).await;
    let again =
        story.house.write(&Actor::House, async |unit| queue(unit, check_in(zoe)).await).await.unwrap();
    assert_eq!(again, None);
    story.house.run_jobs().await;
    let payload = serde_json::json!({ "message": id });
    mail::outbox::sending::send(&story.house, &at(&sink), &payload).await.unwrap();
    assert_eq!(sink.letters().len(), 1);
    story.house.close().await;
}

#[tokio::test]
async fn stop_works_for_good_with_one_press_and_a_second_press_is_right_too() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    queued(&story, check_in(zoe)).await;
    story.house.run_jobs().await;
    let stop = token(&sink.letters()[0].text(), "/u/");
    let later = story.house.now() + TimeDelta::days(7);
    let next = NewMessage { dedupe: "next week".into(), due_at: Some(later), ..check_in(zoe) };
    let next = queued(&story, next).await;
    assert!(!stopping::stop(&story.house, "0000").await.unwrap());
    assert_eq!(one(story.house.reader(), next).await.unwrap().state, State::Queued);
    assert!(stopping::stop(&story.house, &stop).await.unwrap());
    assert!(stopping::stop(&story.house, &stop).await.unwrap());
    assert_eq!(one(story.house.reader(), next).await.unwrap().state, State::Cancelled);
    let all = entries(story.house.reader(), Of::Person(zoe), None, 99).await.unwrap();
    let entry = all.iter().find(|e| e.act == Act::StopMessages).unwrap();
    assert_eq!(entry.actor_kind, "alum");
    story.house.later(TimeDelta::days(8));
    story.house.run_jobs().await;
    let after = queued(&story, NewMessage { dedupe: "after".into(), ..check_in(zoe) }).await;
    story.house.run_jobs().await;
    assert_eq!(one(story.house.reader(), after).await.unwrap().state, State::Held);
    assert_eq!(sink.letters().len(), 1);
    story.house.close().await;
}

#[tokio::test]
async fn without_a_mail_server_everything_waits_and_leaves_when_there_is_one() {
    let nowhere = Postroom {
        post: Post::Held,
        public_url: "https://cedar-office.example".into(),
        captured: Captured::default(),
    };
    let story = Story::with(nowhere).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    let id = queued(&story, check_in(zoe)).await;
    story.house.run_jobs().await;
    let waiting = one(story.house.reader(), id).await.unwrap();
    assert_eq!((waiting.state, waiting.attempts), (State::Queued, 0));
    assert!(story.decisions(id).await.is_empty());
    let counted = counts(story.house.reader(), &story.cast.linus).await.unwrap();
    assert_eq!(counted, Counts { waiting: 1, ..Counts::default() });
    story.house.later(TimeDelta::hours(1));
    let captured = Postroom { post: Post::Captured, ..story.room.clone() };
    assert_eq!(waking::wake(&story.house, &captured).await.unwrap(), 1);
    let payload = serde_json::json!({ "message": id });
    mail::outbox::sending::send(&story.house, &captured, &payload).await.unwrap();
    assert_eq!(one(story.house.reader(), id).await.unwrap().state, State::Sent);
    let kept = captured.captured.letters();
    assert_eq!((kept.len(), kept[0].to.as_str()), (1, "zoe@example.org"));
    story.house.run_jobs().await;
    story.house.close().await;
}

#[tokio::test]
async fn a_letter_left_by_a_worker_that_died_is_tried_once_more_and_marked() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    let id = queued(&story, check_in(zoe)).await;
    story.died_while_sending(id).await;
    let payload = serde_json::json!({ "message": id });
    let too_soon = mail::outbox::sending::send(&story.house, &story.room, &payload).await;
    assert!(too_soon.is_err(), "another worker may still be at it");
    story.house.later(TimeDelta::minutes(5));
    story.house.run_jobs().await;
    let sent = one(story.house.reader(), id).await.unwrap();
    assert_eq!((sent.state, sent.maybe_sent, sink.letters().len()), (State::Sent, true, 1));
    story.house.close().await;
}

#[tokio::test]
async fn a_letter_that_was_on_its_way_in_two_crashes_goes_once_more_as_the_same_letter() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    let id = queued(&story, check_in(zoe)).await;
    // A server that takes the call and never says a word.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let hangs = SmtpSettings { port, ..sink.settings() };
    let hangs = Postroom { post: Post::Smtp(Smtp::new(hangs).unwrap()), ..story.room.clone() };
    let payload = serde_json::json!({ "message": id });
    let mut names = Vec::new();
    for crash in 0..3 {
        let (db, room, payload) = ((*story.house).clone(), hangs.clone(), payload.clone());
        let worker = tokio::spawn(async move { mail::outbox::sending::send(&db, &room, &payload).await });
        while one(story.house.reader(), id).await.unwrap().attempts == crash {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        worker.abort();
        assert!(worker.await.unwrap_err().is_cancelled(), "it did not hang");
        names.push(story.message_id(id).await);
        story.house.later(TimeDelta::minutes(5));
        if crash == 1 {
            // A person is not asked yet: one with a server that answers sends it now, and it says what may have happened.
            assert_eq!(one(story.house.reader(), id).await.unwrap().state, State::Sending);
        }
    }
    mail::outbox::sending::send(&story.house, &story.room, &payload).await.unwrap();
    let held = one(story.house.reader(), id).await.unwrap();
    assert_eq!((held.state, sink.letters().len()), (State::Held, 0), "after the third somebody looks at it");
    assert!(names.windows(2).all(|pair| pair[0] == pair[1]), "it is another letter each time: {names:?}");

    let other = queued(&story, note(zoe)).await;
    story.died_while_sending(other).await;
    story.house.later(TimeDelta::minutes(5));
    story.house.run_jobs().await;
    let sent = one(story.house.reader(), other).await.unwrap();
    assert_eq!(sent.state, State::Sent);
    assert!(sent.reason.unwrap().contains("twice, as the same letter"));
    story.house.close().await;
}

#[tokio::test]
async fn what_a_setting_keeps_waits_and_leaves_when_that_is_put_right() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Zoë", "zoe@example.org").await;
    let sends_from = async |address: &str| {
        let (mut center, version) = Center::with_version(story.house.reader()).await.unwrap();
        address.clone_into(&mut center.mail_from);
        story.house.write(&story.cast.linus, async |unit| center.change(unit, version).await).await.unwrap();
    };
    let before = Center::load(story.house.reader()).await.unwrap().mail_from;
    sends_from("hello@rehab.example").await;
    let (one_letter, another) = (queued(&story, check_in(zoe)).await, queued(&story, note(zoe)).await);
    story.house.run_jobs().await;
    for id in [one_letter, another] {
        let waits = one(story.house.reader(), id).await.unwrap();
        assert_eq!(waits.state, State::Queued);
        assert!(waits.reason.unwrap().contains("“rehab” in the sender"));
    }
    sends_from(&before).await;
    // One is tried by whoever put it right, the other leaves by itself.
    let by = &story.cast.linus;
    story.house.write(by, async |unit| retrying::retry(unit, one_letter).await).await.unwrap();
    story.house.run_jobs().await;
    assert_eq!(sink.letters().len(), 1);
    story.house.later(TimeDelta::minutes(15));
    story.house.run_jobs().await;
    assert_eq!(sink.letters().len(), 2);
    let again = story.house.write(by, async |unit| retrying::retry(unit, one_letter).await).await;
    assert!(matches!(again, Err(Error::Refused(_))), "sent, and sent again");
    story.house.close().await;
}

#[tokio::test]
async fn a_word_that_gives_something_away_keeps_the_letter_here() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let zoe = story.alum("Detox-Zoë", "zoe@example.org").await;
    let id = queued(&story, check_in(zoe)).await;
    story.house.run_jobs().await;
    let held = one(story.house.reader(), id).await.unwrap();
    assert_eq!(held.state, State::Held);
    assert_eq!(held.reason.as_deref(), Some("A word in it would give something away: detox."));
    assert!(sink.letters().is_empty());
    story.house.close().await;
}

#[tokio::test]
async fn jo_who_wrote_a_note_reads_when_someone_calls_and_a_cancelled_letter_stays() {
    let sink = Sink::open().await.unwrap();
    let story = Story::with(at(&sink)).await;
    let jo = story.person("Jo").await;
    story.address(jo, "jo@example.com").await;
    story.welcomes_mail(jo).await;
    let id = queued(&story, note(jo)).await;
    let house = &story.house;
    let carols = async |unit: &mut foundation::Unit| cancelling::cancel(unit, id, "They called us.").await;
    house.write(&story.cast.carol, carols).await.unwrap();
    house.run_jobs().await;
    assert!(sink.letters().is_empty());
    assert!(house.write(&story.cast.carol, carols).await.is_err());
    queued(&story, NewMessage { dedupe: "again".into(), ..note(jo) }).await;
    house.run_jobs().await;
    let text = sink.letters()[0].text();
    assert!(
        text.contains(
            "Someone from Cedar Office will call you by Monday, March 2, 10:00 AM at the number you gave."
        ),
        "{text}"
    );
    story.house.close().await;
}
