//! The clock of a first call, told with people: it stands while they are to call and outside their hours, it knows the
//! holidays of the center, and it never stands for who may be in danger.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use chrono::TimeDelta;
use consent::contact_rules::{self, NewContactRules};
use consent::rules::contact::{Hours, Permission, SaidBy, Voicemail};
use foundation::ledger::asking::{Of, entries};
use foundation::testing::House;
use foundation::{Act, Actor, Error, Instant, Subject};
use intake::benefits::{asking as benefits, coverage::Coverage, newest};
use intake::call::beginning;
use intake::clocks::{self, Clocks, Moved};
use intake::inbox::{View, rows};
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::waiting::{go_on, of, wait};
use intake::request::{attempting, closing, merging, stepping};
use intake::rules::calendar::{Calendar, Week};
use intake::rules::due::Targets;
use intake::rules::outcome::Closing;
use intake::rules::waiting::{EndedHow, Wait, WhyWaiting};
use intake::rules::words::{Channel, Outcome};

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn call_back(house: &House, within: TimeDelta) -> Wait {
    Wait::parse("they_call_back", Some(house.now() + within), house.now()).unwrap()
}

async fn waits(house: &House, who: &Actor, reference: &str, within: TimeDelta) -> Result<(), Error> {
    let (seen, for_it) = (request(house, reference).await, call_back(house, within));
    house.write(who, async |unit| wait(unit, &seen, seen.version, for_it).await).await
}

async fn overdue(house: &House, who: &Actor) -> usize {
    rows(house, who, View::Overdue, None).await.unwrap().len()
}

fn clocks(answering: Week, office: Week, holidays: &str) -> Clocks {
    Clocks { calendar: Calendar::with(answering, office, holidays).unwrap(), targets: Targets::default() }
}

async fn set(house: &House, who: &Actor, to: &Clocks) -> Result<Moved, Error> {
    let (_, version) = clocks::with_version(house.reader()).await?;
    house.write(who, async |unit| clocks::change(unit, to, version).await).await
}

#[tokio::test]
async fn jo_will_call_back_and_the_clock_stands_until_she_does() {
    let (house, cast) = house().await;
    let asked = ask(&house, "jo", &jo()).await.unwrap();
    let began = house.now();
    assert_eq!(request(&house, &asked.reference).await.due_at, began + minutes(15));

    house.later(minutes(5));
    waits(&house, &cast.ana, &asked.reference, minutes(120)).await.unwrap();
    house.later(minutes(60));
    assert_eq!(overdue(&house, &cast.ana).await, 0, "nobody is late while the next word is theirs");
    let row = rows(&house, &cast.ana, View::Everyone, None).await.unwrap().remove(0);
    assert_eq!(row.waits_for(house.now()), Some((WhyWaiting::TheyCallBack, began + minutes(125))));
    let page = page_of(&house, &cast.ana, &asked.reference).await.unwrap();
    assert_eq!(page.waits.map(|pause| pause.why), Some(WhyWaiting::TheyCallBack));

    // She calls: ten minutes were left, and ten are left.
    let seen = request(&house, &asked.reference).await;
    write(&house, &cast.ana, async |unit| beginning::begin(unit, "sheet", Some(seen)).await.map(|_| ()))
        .await;
    let seen = request(&house, &asked.reference).await;
    assert_eq!((seen.waiting_until, seen.due_at), (None, house.now() + minutes(10)));
    let pauses = of(house.reader(), seen.id).await.unwrap();
    assert_eq!(
        pauses.iter().map(|p| (p.ends(), p.ended_how)).collect::<Vec<_>>(),
        [(house.now(), Some(EndedHow::Contact))]
    );
    let told: Vec<Act> = entries(house.reader(), Of::Subject(seen.id.0), None, 20)
        .await
        .unwrap()
        .iter()
        .map(|e| e.act)
        .collect();
    assert!(told.contains(&Act::WaitForCaller) && told.contains(&Act::GoOnWithRequest), "{told:?}");
    house.close().await;
}

#[tokio::test]
async fn whoever_does_not_call_is_not_forgotten() {
    let (house, cast) = house().await;
    let asked = ask(&house, "jo", &jo()).await.unwrap();
    house.later(minutes(5));
    waits(&house, &cast.ana, &asked.reference, minutes(30)).await.unwrap();
    house.later(minutes(31));
    let row = rows(&house, &cast.ana, View::Everyone, None).await.unwrap().remove(0);
    assert_eq!((row.waits_for(house.now()), row.due_at), (None, house.now() + minutes(9)));
    house.later(minutes(10));
    assert_eq!(
        overdue(&house, &cast.ana).await,
        1,
        "the time has come by itself, and nobody had to press anything"
    );
    // It can be waited for anew; what ended by itself is kept as it was.
    waits(&house, &cast.mina, &asked.reference, minutes(30)).await.unwrap();
    let seen = request(&house, &asked.reference).await;
    write(&house, &cast.mina, async |unit| go_on(unit, &seen).await).await;
    let ended: Vec<_> = of(house.reader(), seen.id).await.unwrap().iter().map(|p| p.ended_how).collect();
    assert_eq!(ended, [None, Some(EndedHow::ByHand)]);
    let seen = request(&house, &asked.reference).await;
    let again = house.write(&cast.mina, async |unit| go_on(unit, &seen).await).await;
    assert!(matches!(again, Err(Error::Refused(no)) if no.code == "waits"));
    house.close().await;
}

#[tokio::test]
async fn a_try_a_closing_and_a_second_request_end_it_as_well() {
    let (house, cast) = house().await;
    let mut references = Vec::new();
    for n in ["a", "b", "c", "d"] {
        references.push(ask(&house, n, &jo()).await.unwrap().reference);
        waits(&house, &cast.ana, references.last().unwrap(), minutes(90)).await.unwrap();
    }
    let [tried, closed, merged, into] = &references[..] else { unreachable!() };
    let (tried, closed) = (request(&house, tried).await, request(&house, closed).await);
    let (merged, into) = (request(&house, merged).await, request(&house, into).await);
    house.later(minutes(1));
    write(&house, &cast.ana, async |unit| {
        attempting::attempt(unit, &tried, Outcome::NoAnswer).await.map(|_| ())
    })
    .await;
    let how = Closing::parse("information_only", "", "").unwrap();
    write(&house, &cast.ana, async |unit| closing::close(unit, &closed, how).await).await;
    write(&house, &cast.ana, async |unit| merging::merge(unit, &merged, &into).await.map(|_| ())).await;
    let mut how = Vec::new();
    for one in [&tried, &closed, &merged, &into] {
        how.extend(of(house.reader(), one.id).await.unwrap().iter().map(|p| p.ended_how));
        assert_eq!(request(&house, &one.reference).await.waiting_until, None);
    }
    let [tried_it, closed_it, contact] = [EndedHow::Tried, EndedHow::Closed, EndedHow::Contact].map(Some);
    assert_eq!(how, [tried_it, closed_it, contact, contact]);
    house.close().await;
}

#[tokio::test]
async fn a_promise_waits_with_them_and_what_is_promised_anew_stays() {
    let (house, cast) = house().await;
    let asked = ask(&house, "jo", &jo()).await.unwrap();
    let promise = |at| stepping::NextStep::parse("Call about Tuesday", Some(at), house.now()).unwrap();
    let (soon, seen) = (house.now() + minutes(30), request(&house, &asked.reference).await);
    write(&house, &cast.ana, async |unit| stepping::step(unit, &seen, seen.version, promise(soon)).await)
        .await;
    waits(&house, &cast.ana, &asked.reference, minutes(120)).await.unwrap();
    house.later(minutes(60));
    assert_eq!(overdue(&house, &cast.ana).await, 0);
    let seen = request(&house, &asked.reference).await;
    write(&house, &cast.ana, async |unit| go_on(unit, &seen).await).await;
    assert_eq!(request(&house, &asked.reference).await.next_step_at, Some(house.now()));
    // A step that a colleague promises meanwhile is nobody's to move.
    waits(&house, &cast.ana, &asked.reference, minutes(120)).await.unwrap();
    let (later, seen) = (house.now() + minutes(45), request(&house, &asked.reference).await);
    write(&house, &cast.mina, async |unit| stepping::step(unit, &seen, seen.version, promise(later)).await)
        .await;
    let seen = request(&house, &asked.reference).await;
    write(&house, &cast.ana, async |unit| go_on(unit, &seen).await).await;
    assert_eq!(request(&house, &asked.reference).await.next_step_at, Some(later));
    house.close().await;
}

#[tokio::test]
async fn nobody_waits_for_who_may_be_in_danger_nor_after_a_voicemail_that_was_not_allowed() {
    let (house, cast) = house().await;
    let danger = ask(&house, "danger", &TypedRequest { danger: "yes", ..jo() }).await.unwrap();
    let no = waits(&house, &cast.ana, &danger.reference, minutes(60)).await;
    assert!(matches!(no, Err(Error::Refused(no)) if no.code == "danger"));
    let quiet = ask(&house, "quiet", &jo()).await.unwrap();
    let voicemail = Wait { why: WhyWaiting::VoicemailLeft, ..call_back(&house, minutes(60)) };
    let seen = request(&house, &quiet.reference).await;
    let no = house.write(&cast.ana, async |unit| wait(unit, &seen, seen.version, voicemail).await).await;
    assert!(matches!(no, Err(Error::Refused(no)) if no.code == "voicemail"));
    let open = ask(&house, "open", &TypedRequest { voicemail: "name_and_number", ..jo() }).await.unwrap();
    let seen = request(&house, &open.reference).await;
    write(&house, &cast.ana, async |unit| wait(unit, &seen, seen.version, voicemail).await).await;
    // Twice is once, and an old page changes nothing.
    let again = waits(&house, &cast.mina, &open.reference, minutes(60)).await;
    assert!(matches!(again, Err(Error::Refused(no)) if no.code == "waits"));
    let stale = house
        .write(&cast.mina, async |unit| wait(unit, &seen, seen.version, call_back(&house, minutes(5))).await)
        .await;
    assert!(matches!(stale, Err(Error::Stale)));
    // Who looks after benefits reads the inbox and changes no clock.
    let fresh = request(&house, &quiet.reference).await;
    let other = house
        .write(&cast.linus, async |unit| {
            wait(unit, &fresh, fresh.version, call_back(&house, minutes(5))).await
        })
        .await;
    assert!(matches!(other, Err(Error::Forbidden(Act::WaitForCaller))));
    house.close().await;
}

#[tokio::test]
async fn their_own_hours_move_what_is_owed_to_them() {
    let (house, cast) = house().await;
    let asked = ask(&house, "jo", &jo()).await.unwrap();
    let caller = request(&house, &asked.reference).await.caller_id;
    let evenings = NewContactRules {
        call: Permission::Ok,
        hours: Hours::new(18, 20, false),
        voicemail: Voicemail::Never,
        said_by: SaidBy::Voice,
        ..NewContactRules::default()
    };
    write(&house, &cast.ana, async |unit| {
        let care = Subject::of("person", caller).concerning(caller);
        contact_rules::set(unit, &care, evenings).await?;
        clocks::hours_changed(unit, caller).await
    })
    .await;
    // Six in the evening where her number is from, in New York, is 23:00 in UTC.
    assert_eq!(request(&house, &asked.reference).await.due_at, at("2026-03-02T23:15:00Z"));
    house.close().await;
}

#[tokio::test]
async fn linus_changes_the_hours_and_nobody_is_called_later_than_they_were_told() {
    let (house, cast) = house().await;
    let told = ask(&house, "jo", &jo()).await.unwrap();
    let due = request(&house, &told.reference).await.due_at;
    let danger = ask(&house, "danger", &TypedRequest { danger: "yes", ..jo() }).await.unwrap();
    let danger_due = request(&house, &danger.reference).await.due_at;
    let about = request(&house, &told.reference).await;
    write(&house, &cast.ana, async |unit| {
        benefits::ask(unit, &about, &Coverage::default()).await.map(|_| ())
    })
    .await;

    // Today becomes a holiday: who asks from now on has the hour of the night, and nobody checks benefits today.
    let monday_off = clocks(Week::alike(480, 1200, 7), Week::alike(480, 1020, 5), "2026-03-02 Founding Day");
    let moved = set(&house, &cast.linus, &monday_off).await.unwrap();
    assert_eq!(moved, Moved { calls: 0, checks: 1 });
    assert_eq!(request(&house, &told.reference).await.due_at, due);
    assert_eq!(newest(house.reader(), about.id).await.unwrap().unwrap().due_at, at("2026-03-03T16:00:00Z"));
    let later = ask(&house, "later", &jo()).await.unwrap();
    assert_eq!(request(&house, &later.reference).await.due_at, house.now() + minutes(60));

    // While that one is waited for, the holiday goes away: the call comes forward, and the wait keeps its ten minutes.
    house.later(minutes(5));
    waits(&house, &cast.ana, &later.reference, minutes(60)).await.unwrap();
    let moved = set(&house, &cast.linus, &Clocks::default()).await.unwrap();
    assert_eq!(moved, Moved { calls: 1, checks: 1 });
    let seen = request(&house, &later.reference).await;
    assert_eq!(seen.due_at, house.now() + minutes(70));
    write(&house, &cast.ana, async |unit| go_on(unit, &seen).await).await;
    assert_eq!(request(&house, &later.reference).await.due_at, house.now() + minutes(10));
    assert_eq!(request(&house, &danger.reference).await.due_at, danger_due);

    let said = entries(house.reader(), Of::All, None, 200).await.unwrap();
    let said = said.iter().find(|e| e.act == Act::ChangeSettings).unwrap();
    assert_eq!(said.details["calls"], 1);
    let stale = house.write(&cast.linus, async |unit| clocks::change(unit, &monday_off, 1).await).await;
    assert!(matches!(stale, Err(Error::Stale)));
    let no = set(&house, &cast.ana, &monday_off).await;
    assert!(matches!(no, Err(Error::Forbidden(Act::ChangeSettings))));
    house.close().await;
}

#[tokio::test]
async fn a_referral_is_decided_within_two_office_hours() {
    let (house, _) = house().await;
    house.clock().move_to(at("2026-03-06T22:00:00Z"));
    let new = NewRequest::parse(&jo(), Channel::Referral, SaidBy::Referrer).unwrap();
    let referred = house.write(&Actor::Visitor, async |unit| receive(unit, "er", new).await).await.unwrap();
    // Friday at four: an hour on Friday, the other on Monday.
    assert_eq!(request(&house, &referred.reference).await.due_at, at("2026-03-09T14:00:00Z"));
    house.close().await;
}
