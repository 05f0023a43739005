//! Telling colleagues of who waits, told with people: once, to somebody, before it is too late.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

#[expect(dead_code, reason = "each story uses what it needs of them")]
mod asking;

use asking::{ask, jo, request, write};
use chrono::TimeDelta;
use foundation::jobs::running::Runner;
use foundation::ledger::asking::{Of, entries};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error};
use intake::call::saving::Seen;
use intake::call::sheet::Sheet;
use intake::call::{beginning, parking, saving};
use intake::duty::{self, OwnDuty};
use intake::escalating::{self, Change, answer, escalate, told_to};
use intake::request::receiving::TypedRequest;
use intake::request::stepping::{self, NextStep};
use intake::request::{attempting, claiming, waiting};
use intake::rules::escalating::{Rule, TypedRule};
use intake::rules::waiting::Wait;
use intake::rules::words::Outcome;
use mail::delivery::{Post, Smtp};
use mail::sink::Sink;
use mail::{Captured, Postroom};

fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}

async fn house(post: Post) -> (House, Cast) {
    let room = Postroom { post, public_url: "https://kith.example".into(), captured: Captured::default() };
    let runner = Runner::default().with(escalating::JOB, move |db, payload| {
        let room = room.clone();
        async move { escalating::notice(&db, &room, &payload).await }
    });
    let house = House::with(runner).await;
    let cast = Cast::on(&house).await;
    (house, cast)
}

async fn add(house: &House, linus: &Actor, typed: TypedRule<'_>) {
    let rule = Rule::parse(typed, house.now()).unwrap();
    let (_, version) = escalating::rules(house.reader()).await.unwrap();
    write(house, linus, async |unit| escalating::change(unit, version, Change::Add(rule)).await).await;
}

fn late() -> TypedRule<'static> {
    TypedRule { name: "Late", minutes: "10", side: "after", tell: "role:supervisor", ..TypedRule::default() }
}

async fn list(house: &House, who: &Actor) -> Vec<String> {
    told_to(house, who).await.unwrap().into_iter().map(|row| row.reference).collect()
}

#[tokio::test]
async fn ana_hears_before_it_is_due_and_mina_when_it_is_late_each_once() {
    let (house, cast) = house(Post::Captured).await;
    let early =
        TypedRule { name: "Soon", minutes: "5", side: "before", tell: "owner", ..TypedRule::default() };
    add(&house, &cast.linus, early).await;
    add(&house, &cast.linus, late()).await;
    let asked = ask(&house, "jo", &jo()).await.unwrap().reference;
    let seen = request(&house, &asked).await;
    write(&house, &cast.ana, async |unit| claiming::claim(unit, &seen).await).await;
    assert_eq!(escalate(&house).await.unwrap(), 0);
    house.later(minutes(10));
    assert_eq!(escalate(&house).await.unwrap(), 1);
    assert_eq!(escalate(&house).await.unwrap(), 0, "once a request and rule");
    assert_eq!(
        (list(&house, &cast.ana).await, list(&house, &cast.mina).await),
        (vec![asked.clone()], vec![])
    );
    house.later(minutes(15));
    assert_eq!(escalate(&house).await.unwrap(), 1);
    assert_eq!(list(&house, &cast.mina).await, [asked.as_str()]);
    let row = told_to(&house, &cast.mina).await.unwrap().remove(0);
    assert_eq!(
        (row.name.as_str(), row.rule.as_str(), row.owner.as_deref()),
        ("Jo Alvarez", "Late", Some("Ana Ruiz"))
    );

    // Mina has it: it is off both lists, and Ana keeps the request.
    let seen = request(&house, &asked).await;
    write(&house, &cast.mina, async |unit| answer(unit, &seen).await).await;
    assert!(list(&house, &cast.ana).await.is_empty() && list(&house, &cast.mina).await.is_empty());
    assert_eq!(request(&house, &asked).await.owner_id, cast.ana.staff_id());
    let again = house.write(&cast.ana, async |unit| answer(unit, &seen).await).await;
    assert!(matches!(again, Err(Error::Refused(no)) if no.code == "answered"));
    let told = entries(house.reader(), Of::Subject(seen.id.0), None, 20).await.unwrap();
    assert_eq!(told.iter().filter(|entry| entry.act == Act::EscalateRequest).count(), 2);
    assert_eq!(told.iter().filter(|entry| entry.act == Act::AnswerEscalation).count(), 1);
    house.close().await;
}

#[tokio::test]
async fn i_have_it_means_it_when_nobody_had_it() {
    let (house, cast) = house(Post::Captured).await;
    add(&house, &cast.linus, late()).await;
    let asked = ask(&house, "jo", &jo()).await.unwrap().reference;
    house.later(minutes(25));
    assert_eq!(escalate(&house).await.unwrap(), 1);
    let seen = request(&house, &asked).await;
    write(&house, &cast.mina, async |unit| answer(unit, &seen).await).await;
    assert_eq!(request(&house, &asked).await.owner_id, cast.mina.staff_id());
    house.close().await;
}

#[tokio::test]
async fn who_was_called_or_is_waited_for_rings_for_nobody() {
    let (house, cast) = house(Post::Captured).await;
    // What was late before the rule was made is late for everyone to see, and rings for nobody.
    let old = ask(&house, "old", &jo()).await.unwrap().reference;
    house.later(minutes(60));
    add(&house, &cast.linus, late()).await;
    let called = ask(&house, "called", &jo()).await.unwrap().reference;
    let waited = ask(&house, "waited", &jo()).await.unwrap().reference;
    let seen = request(&house, &called).await;
    write(&house, &cast.ana, async |unit| {
        attempting::attempt(unit, &seen, Outcome::NoAnswer).await.map(|_| ())
    })
    .await;
    let (seen, wait) = (
        request(&house, &waited).await,
        Wait::parse("wrote", Some(house.now() + minutes(60)), house.now()).unwrap(),
    );
    write(&house, &cast.ana, async |unit| waiting::wait(unit, &seen, seen.version, wait).await).await;
    house.later(minutes(30));
    assert_eq!(escalate(&house).await.unwrap(), 0, "{old} {called} {waited}");
    // They did not write, and the fifteen minutes that were left are over, and ten more.
    house.later(minutes(56));
    assert_eq!(escalate(&house).await.unwrap(), 1);
    assert_eq!(list(&house, &cast.mina).await, [waited.as_str()]);
    // Somebody calls: there is nothing to answer for any more.
    let seen = request(&house, &waited).await;
    write(&house, &cast.ben, async |unit| {
        attempting::attempt(unit, &seen, Outcome::Reached).await.map(|_| ())
    })
    .await;
    assert!(list(&house, &cast.mina).await.is_empty());
    house.close().await;
}

#[tokio::test]
async fn nobody_is_reminded_of_the_call_ana_is_on() {
    let (house, cast) = house(Post::Captured).await;
    add(&house, &cast.linus, late()).await;
    let reference = ask(&house, "jo", &jo()).await.unwrap().reference;
    house.later(minutes(25));
    let about = request(&house, &reference).await;
    let seen = Seen { version: 1, desk: "desk-1", turn: 1 };
    let begun = house.write(&cast.ana, async |unit| {
        let on = beginning::begin(unit, "call-1", Some(about)).await?;
        saving::save(unit, &on, seen, &Sheet::default()).await?;
        Ok::<_, Error>(on)
    });
    let on = begun.await.unwrap();
    assert_eq!(escalate(&house).await.unwrap(), 0, "she is on the phone with them");
    // The line is cut: the call is owed again.
    write(&house, &cast.ana, async |unit| parking::park(unit, &on).await).await;
    house.later(minutes(11));
    assert_eq!(escalate(&house).await.unwrap(), 1, "nobody called back");
    assert_eq!(list(&house, &cast.mina).await, [reference.as_str()]);
    house.close().await;
}

#[tokio::test]
async fn who_has_a_promise_that_lies_ahead_rings_for_nobody() {
    let (house, cast) = house(Post::Captured).await;
    add(&house, &cast.linus, late()).await;
    let reference = ask(&house, "promised", &jo()).await.unwrap().reference;
    let seen = request(&house, &reference).await;
    let step = NextStep::parse("they come in", Some(house.now() + minutes(600)), house.now()).unwrap();
    write(&house, &cast.ana, async |unit| stepping::step(unit, &seen, seen.version, step).await).await;
    house.later(minutes(40));
    assert_eq!(escalate(&house).await.unwrap(), 0);
    house.later(minutes(570));
    assert_eq!(escalate(&house).await.unwrap(), 1, "what was promised is late");
    house.close().await;
}

#[tokio::test]
async fn a_rule_may_hand_it_over_and_looks_at_urgency() {
    let (house, cast) = house(Post::Captured).await;
    let mina = cast.mina.staff_id().unwrap().to_string();
    let urgent = TypedRule {
        name: "Urgent",
        urgency: "urgent",
        minutes: "0",
        then: &mina,
        tell: "supervisor",
        ..late()
    };
    add(&house, &cast.linus, urgent).await;
    add(&house, &cast.linus, TypedRule { name: "Back", then: "release", ..late() }).await;
    let asked = ask(&house, "calm", &jo()).await.unwrap().reference;
    let pressing =
        ask(&house, "pressing", &TypedRequest { danger: "not_sure", ..jo() }).await.unwrap().reference;
    for reference in [&asked, &pressing] {
        let seen = request(&house, reference).await;
        write(&house, &cast.ben, async |unit| claiming::claim(unit, &seen).await).await;
    }
    house.later(minutes(15));
    assert_eq!(escalate(&house).await.unwrap(), 1);
    assert_eq!(request(&house, &pressing).await.owner_id, cast.mina.staff_id());
    assert_eq!(request(&house, &asked).await.owner_id, cast.ben.staff_id());
    house.later(minutes(10));
    assert_eq!(escalate(&house).await.unwrap(), 2);
    assert_eq!(request(&house, &asked).await.owner_id, None);
    house.close().await;
}

#[tokio::test]
async fn two_processes_tell_once() {
    let (house, cast) = house(Post::Captured).await;
    add(&house, &cast.linus, late()).await;
    for n in 0..12 {
        ask(&house, &format!("form-{n}"), &jo()).await.unwrap();
    }
    let other = House::beside(&house.place(), 99).await;
    house.later(minutes(30));
    other.later(minutes(30));
    let (here, there) = tokio::join!(escalate(&house), escalate(&other));
    let told = here.unwrap() + there.unwrap() + escalate(&house).await.unwrap();
    assert_eq!(told, 12);
    assert_eq!(list(&house, &cast.mina).await.len(), 12);
    house.close().await;
}

#[tokio::test]
async fn the_letter_says_that_something_waits_and_nothing_about_anyone() {
    let sink = Sink::open().await.unwrap();
    let (house, cast) = house(Post::Smtp(Smtp::new(sink.settings()).unwrap())).await;
    add(&house, &cast.linus, TypedRule { email: true, ..late() }).await;
    let own =
        OwnDuty::parse(false, |field| if field == "notice_email" { "mina@cedar-office.example" } else { "" });
    write(&house, &cast.mina, async |unit| duty::set(unit, own.unwrap()).await).await;
    let asked = ask(&house, "jo", &jo()).await.unwrap().reference;
    house.later(minutes(25));
    assert_eq!(escalate(&house).await.unwrap(), 1);
    assert_eq!(house.run_jobs().await, 1);
    let letters = sink.letters();
    assert_eq!(letters.len(), 1);
    let text = String::from_utf8_lossy(&letters[0].raw).to_string();
    assert!(text.contains("Something in the inbox is waiting"), "{text}");
    for secret in ["Jo", "Alvarez", "brother", "shaking", asked.as_str(), "Recovery", "212 555 0142"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    house.close().await;
}
