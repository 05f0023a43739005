//! Stories of people whose state changed: a number that is somebody else's now, check-ins that begin again, a call with
//! somebody who is in none, and a stop that staff should ask about.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod people;

use alumni::aftercare::{self, Choice, EndReason, begin_again, end};
use alumni::check_in::{self, NewAttempt, Outcome, Way, log_attempt, log_talk};
use alumni::due::due;
use alumni::flag::{self, FlagKind};
use alumni::rules::schedule::Track;
use alumni::worklist::worklist;
use chrono::TimeDelta;
use consent::consents::{NewConsent, YesHow, record};
use consent::contact_override;
use consent::contact_point::{self, NewContactPoint, PointEnd};
use consent::rules::against::Broken;
use consent::rules::contact::Permission;
use consent::{NewContactRules, Reaching, contact_rules, gate, suppression};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error, PersonId, Subject};
use sea_orm::{ConnectionTrait, Statement};

use people::{client, day, enrolled};

async fn with_numbers(house: &House, person: PersonId, numbers: &[&str]) {
    house
        .write(&Actor::House, async |unit| {
            for number in numbers {
                contact_point::add(unit, person, NewContactPoint::phone(number)?).await?;
            }
            let theirs = Subject::of("person", person).concerning(person);
            let rules = NewContactRules { call: Permission::Ok, ..NewContactRules::default() };
            contact_rules::set(unit, &theirs, rules).await
        })
        .await
        .unwrap();
}

fn wrong_number() -> NewAttempt {
    NewAttempt::parse(Way::Call, Outcome::WrongNumber, "A stranger answered.").unwrap()
}

#[tokio::test]
async fn a_number_that_is_somebody_elses_now_ends_and_the_check_in_stays_open() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zachary = client(&house, "Zachary", &cast.ray).await;
    with_numbers(&house, zachary, &["212 555 0142", "212 555 0143"]).await;
    let id = enrolled(&house, &cast, zachary, "2026-03-02").await;
    let monday = day("2026-03-03");
    let offered = async || {
        let reaching = Reaching::of(house.reader(), zachary).await.unwrap();
        (reaching.number().map(|point| point.id), reaching.card("Zachary", "Ray", house.now()).say)
    };
    house.later(TimeDelta::days(1));
    let (first, say) = offered().await;
    assert!(say.contains("212 555 0142"), "{say}");
    house
        .write(&cast.ray, async |u| log_attempt(u, id, monday, wrong_number().at_number(first)).await)
        .await
        .unwrap();
    let (second, say) = offered().await;
    assert!(say.contains("212 555 0143") && !say.contains("0142"), "the card still offers it: {say}");
    // The page of a colleague still had the first number: the second must not end in its place.
    let late = house
        .write(&cast.ray, async |u| log_attempt(u, id, monday, wrong_number().at_number(first)).await)
        .await;
    assert!(matches!(late, Err(Error::Refused(r)) if r.code == "number"));
    assert!(flag::of(house.reader(), &cast.ray, zachary, 9).await.unwrap().is_empty(), "one is left");
    house
        .write(&cast.ray, async |u| log_attempt(u, id, monday, wrong_number().at_number(second)).await)
        .await
        .unwrap();

    let (none, say) = offered().await;
    assert_eq!(none, None);
    assert!(say.contains("There is no phone number."), "{say}");
    let sql = format!("SELECT end_reason FROM contact_points WHERE end_reason = '{}'", PointEnd::NotTheirs);
    let backend = house.reader().get_database_backend();
    let rows = house.reader().query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    assert_eq!(rows.len(), 2, "each ended with its reason");
    let row = &check_in::of(house.reader(), &cast.ray, zachary, 1).await.unwrap()[0];
    assert_eq!(row.attempts, 0, "the check-in was used up by calls to strangers");
    assert_eq!(due(house.reader(), monday).await.unwrap().len(), 1, "and is due as before");
    let list = worklist(house.reader(), &cast.ray, monday).await.unwrap();
    let reasons = &list.groups[0].1[0].reasons;
    assert!(reasons[0].starts_with("Their number is not theirs anymore"), "{reasons:?}");
    let flags = flag::of(house.reader(), &cast.ray, zachary, 9).await.unwrap();
    assert_eq!(flags.iter().map(|flag| flag.kind).collect::<Vec<_>>(), [FlagKind::NoNumber]);

    with_numbers(&house, zachary, &["212 555 0144"]).await;
    let list = worklist(house.reader(), &cast.ray, monday).await.unwrap();
    assert!(!list.groups[0].1[0].reasons[0].starts_with("Their number"), "he has a number again");
    house.close().await;
}

#[tokio::test]
async fn whoever_calls_against_a_never_says_why_and_the_privacy_officer_reads_it() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    with_numbers(&house, zoe, &["212 555 0142"]).await;
    let id = enrolled(&house, &cast, zoe, "2026-03-02").await;
    let theirs = Subject::of("person", zoe).concerning(zoe);
    let never = NewContactRules {
        call: Permission::Never,
        text_message: Permission::Never,
        ..NewContactRules::default()
    };
    house.write(&Actor::House, async |unit| contact_rules::set(unit, &theirs, never).await).await.unwrap();
    house.later(TimeDelta::days(1));
    let tried = async |way, because: &str| {
        let new = NewAttempt::parse(way, Outcome::NoAnswer, "").unwrap().because(because);
        house.write(&cast.ray, async |u| log_attempt(u, id, day("2026-03-03"), new).await).await
    };
    for (way, said) in [(Way::Call, "They said no to calls"), (Way::Text, "They said no to texts")] {
        let Err(Error::Invalid(faults)) = tried(way, " ").await else {
            panic!("{way:?} was taken in silence")
        };
        assert!(faults.of("because").unwrap().starts_with(said), "{faults:?}");
        tried(way, "Her sister said she was found on the floor.").await.unwrap();
        house.later(TimeDelta::minutes(1));
    }
    // A talk in person breaks nothing.
    tried(Way::InPerson, "").await.unwrap();
    let kept = contact_override::list(house.reader(), house.keyring()).await.unwrap();
    let kept: Vec<_> = kept.iter().map(|one| (one.person, one.broken, one.about.as_str())).collect();
    assert_eq!(kept, [(zoe, Broken::Text, "a check-in"), (zoe, Broken::Never, "a check-in")]);
    house.close().await;
}

#[tokio::test]
async fn check_ins_that_ended_begin_again_with_their_yes_and_say_who_ended_them() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let id = enrolled(&house, &cast, zoe, "2026-03-02").await;
    let again = async |how| {
        let choice = Choice::of(Track::Light);
        house.write(&cast.ray, async |u| begin_again(u, zoe, choice, how).await).await
    };
    let no = again(YesHow::Phone).await;
    assert!(matches!(no, Err(Error::Refused(r)) if r.code == "active"));
    house.write(&cast.ray, async |u| end(u, id, EndReason::Wished).await).await.unwrap();
    house.later(TimeDelta::days(10));
    // A call is written down all the same, and counts for nothing.
    let called = NewAttempt::parse(Way::Call, Outcome::Reached, "She asks for them again.").unwrap();
    house.write(&cast.ray, async |u| log_talk(u, zoe, called).await).await.unwrap();
    assert_eq!(check_in::talks_of(house.reader(), &cast.ray, zoe, 9).await.unwrap().len(), 1);

    again(YesHow::Phone).await.unwrap();
    let rows = aftercare::of(house.reader(), &cast.ray, zoe).await.unwrap();
    assert_eq!((rows[1].end_reason, rows[1].ended_by), (Some(EndReason::Wished), cast.ray.staff_id()));
    assert_eq!((rows[0].begun_how, rows[0].track), (Some(YesHow::Phone), Track::Light));
    assert_eq!(rows[0].discharged_on, rows[1].discharged_on, "counted from the same discharge");
    assert!(due(house.reader(), day("2026-03-12")).await.unwrap().is_empty(), "nothing is made up for");
    let fourteen = due(house.reader(), day("2026-03-16")).await.unwrap();
    assert_eq!(fourteen.iter().map(|one| one.due_on).collect::<Vec<_>>(), [day("2026-03-16")]);
    let never = client(&house, "Devonte", &cast.ray).await;
    let choice = Choice::of(Track::Light);
    let no = house.write(&cast.ray, async |u| begin_again(u, never, choice, YesHow::Phone).await).await;
    assert!(matches!(no, Err(Error::Refused(r)) if r.code == "none"));
    house.close().await;
}

#[tokio::test]
async fn whoever_pressed_stop_is_asked_by_a_safe_way_and_may_change_their_mind() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    enrolled(&house, &cast, zoe, "2026-03-02").await;
    let hers = Subject::of("client", zoe).concerning(zoe).cared_for_by(cast.ray.staff_id(), None);
    house
        .write(&Actor::Alum(zoe), async |unit| {
            let permit = unit.permit(Act::StopMessages, &hers)?;
            suppression::stop(unit, zoe, "zoe@example.org").await?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await
        .unwrap();
    house
        .write(&Actor::House, async |unit| {
            contact_point::add(unit, zoe, NewContactPoint::email("zoe@example.org")?).await
        })
        .await
        .unwrap();
    let monday = day("2026-03-02");
    let stops = async || {
        let list = worklist(house.reader(), &cast.ray, monday).await.unwrap();
        list.groups.iter().flat_map(|(_, lines)| lines[0].reasons.clone()).collect::<Vec<_>>()
    };
    assert_eq!(stops().await, ["Pressed stop on Mar 2. Ask by a safe way what they want."]);
    house.write(&cast.ray, async |u| suppression::confirm_stop(u, &hers).await).await.unwrap();
    assert!(stops().await.is_empty(), "asked, and still on the list");
    let yes = NewConsent::email(monday).said(YesHow::Phone);
    house.write(&cast.ray, async |u| record(u, &hers, yes).await).await.unwrap();
    let stopped = suppression::find(house.reader(), "zoe@example.org").await.unwrap();
    assert_eq!(stopped, None, "her own new yes did not lift her stop");
    let asked = gate::foresee(house.reader(), zoe, gate::Purpose::CheckIn, house.now()).await.unwrap();
    assert_eq!(asked, gate::Answer::NotAsked, "what is safe is asked apart from that");
    house.close().await;
}
