//! Stories of aftercare: who is in it, what is due, who is left in peace.

mod people;

use alumni::aftercare::{self, EndReason, change_track, end, enrol, pause, resume};
use alumni::check_in::{self, NewAttempt, Outcome, Way, log_attempt};
use alumni::due::due;
use alumni::rules::schedule::Track;
use chrono::TimeDelta;
use clients::episode::DischargeKind;
use foundation::ledger::asking::{Of, entries};
use foundation::testing::{Cast, House};
use foundation::{Act, Error};

use people::{client, day, discharge, enrolled};

#[tokio::test]
async fn a_discharge_starts_the_standard_track_and_day_one_is_due_the_day_after() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let id = enrolled(&house, &cast, zoe, "2026-03-02").await;

    assert!(due(house.reader(), day("2026-03-02")).await.unwrap().is_empty());
    let tomorrow = due(house.reader(), day("2026-03-03")).await.unwrap();
    assert_eq!(
        tomorrow.iter().map(|d| (d.person, d.aftercare, d.due_on)).collect::<Vec<_>>(),
        [(zoe, id, day("2026-03-03"))]
    );
    let [row] = &aftercare::of(house.reader(), &cast.ray, zoe).await.unwrap()[..] else { panic!("one row") };
    assert_eq!((row.track, row.early_leaver), (Track::Standard, false));
    let ledger = entries(house.reader(), Of::Person(zoe), None, 5).await.unwrap();
    let entry = ledger.iter().find(|e| e.act == Act::EnrolAftercare).expect("recorded");
    assert_eq!(entry.details["track"], "standard");
    house.close().await;
}

#[tokio::test]
async fn who_left_early_is_followed_closely() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let devonte = client(&house, "Devonte", &cast.ray).await;
    let left = discharge(devonte, "2026-03-02", DischargeKind::LeftAgainstAdvice);
    house.write(&cast.ray, async |unit| enrol(unit, &left, None).await).await.unwrap();
    let rows = aftercare::of(house.reader(), &cast.ray, devonte).await.unwrap();
    assert_eq!((rows[0].track, rows[0].early_leaver), (Track::Close, true));
    house.close().await;
}

#[tokio::test]
async fn who_died_is_not_enrolled() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let died = discharge(zoe, "2026-03-02", DischargeKind::Deceased);
    let no = house.write(&cast.ray, async |unit| enrol(unit, &died, None).await).await;
    assert!(matches!(no, Err(Error::Refused(r)) if r.code == "died"));
    assert!(aftercare::of(house.reader(), &cast.ray, zoe).await.unwrap().is_empty());
    house.close().await;
}

#[tokio::test]
async fn a_later_discharge_takes_the_place_of_the_earlier() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let first = enrolled(&house, &cast, zoe, "2026-01-05").await;
    house.later(TimeDelta::days(7));
    let second = enrolled(&house, &cast, zoe, "2026-03-02").await;
    let rows = aftercare::of(house.reader(), &cast.ray, zoe).await.unwrap();
    assert_eq!(
        rows.iter().map(|r| (r.id, r.end_reason)).collect::<Vec<_>>(),
        [(second, None), (first, Some(EndReason::NewDischarge))]
    );
    house.close().await;
}

#[tokio::test]
async fn who_asked_for_quiet_is_left_in_peace_until_the_day_they_named() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let id = enrolled(&house, &cast, zoe, "2026-03-02").await;
    house.write(&cast.ray, async |unit| pause(unit, id, 1, day("2026-03-12")).await).await.unwrap();
    assert!(due(house.reader(), day("2026-03-09")).await.unwrap().is_empty());
    assert_eq!(due(house.reader(), day("2026-03-12")).await.unwrap()[0].due_on, day("2026-03-12"));

    house.write(&cast.ray, async |unit| resume(unit, id, 2).await).await.unwrap();
    assert_eq!(due(house.reader(), day("2026-03-09")).await.unwrap()[0].due_on, day("2026-03-09"));
    house.close().await;
}

#[tokio::test]
async fn of_two_who_change_the_track_the_second_is_told_that_it_changed() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let id = enrolled(&house, &cast, zoe, "2026-03-02").await;
    let close = aftercare::Choice::of(Track::Close);
    house.write(&cast.ray, async |unit| change_track(unit, id, 1, close.clone()).await).await.unwrap();
    let light = aftercare::Choice::of(Track::Light);
    let second = house.write(&cast.mina, async |unit| change_track(unit, id, 1, light.clone()).await).await;
    assert!(matches!(second, Err(Error::Stale)));
    assert_eq!(aftercare::of(house.reader(), &cast.ray, zoe).await.unwrap()[0].track, Track::Close);
    house.close().await;
}

#[tokio::test]
async fn after_the_end_nothing_is_due_and_it_cannot_end_twice() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let id = enrolled(&house, &cast, zoe, "2026-03-02").await;
    house.write(&cast.ray, async |unit| end(unit, id, EndReason::Wished).await).await.unwrap();
    assert!(due(house.reader(), day("2026-03-03")).await.unwrap().is_empty());
    let again = house.write(&cast.ray, async |unit| end(unit, id, EndReason::Wished).await).await;
    assert!(matches!(again, Err(Error::Refused(r)) if r.code == "ended"));
    house.close().await;
}

#[tokio::test]
async fn a_call_that_reached_her_satisfies_the_check_in_and_a_voicemail_does_not() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let id = enrolled(&house, &cast, zoe, "2026-03-02").await;
    house.later(TimeDelta::days(1));
    let on = day("2026-03-03");
    let voicemail = NewAttempt::parse(Way::Call, Outcome::Voicemail, "").unwrap();
    house.write(&cast.ray, async |unit| log_attempt(unit, id, on, voicemail.clone()).await).await.unwrap();
    assert_eq!(due(house.reader(), on).await.unwrap().len(), 1);
    let reached = NewAttempt::parse(Way::Call, Outcome::Reached, "Sounds tired.").unwrap();
    house.write(&cast.ray, async |unit| log_attempt(unit, id, on, reached.clone()).await).await.unwrap();
    assert!(due(house.reader(), on).await.unwrap().is_empty());

    let [row] = &check_in::of(house.reader(), &cast.ray, zoe, 9).await.unwrap()[..] else {
        panic!("one row")
    };
    assert_eq!((row.attempts, row.reached_at), (2, Some(house.now())));
    let tries = check_in::attempts_of(house.reader(), &cast.ray, zoe, 9).await.unwrap();
    assert!(!tries[0].note.as_ref().unwrap().windows(5).any(|w| w == b"tired"));
    house.close().await;
}

#[tokio::test]
async fn a_counselor_sees_and_changes_only_the_own_alumni() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let id = enrolled(&house, &cast, zoe, "2026-03-02").await;
    assert!(matches!(aftercare::of(house.reader(), &cast.ines, zoe).await, Err(Error::NotFound)));
    let no = house.write(&cast.ines, async |unit| end(unit, id, EndReason::Wished).await).await;
    assert!(matches!(no, Err(Error::Forbidden(Act::ChangeAftercare))));
    assert_eq!(aftercare::of(house.reader(), &cast.mina, zoe).await.unwrap().len(), 1);
    house.close().await;
}
