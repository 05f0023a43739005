//! Letters that ask for a check-in: to whom, once, and not into a pause.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

use alumni::aftercare::{self, AftercareId, Choice, enrol};
use alumni::check_in::{NewAttempt, Outcome, Way, log_attempt};
use alumni::rules::schedule::Track;
use chrono::TimeDelta;
use clients::episode::{DischargeKind, Discharged, EpisodeId};
use clients::person::NewPerson;
use consent::consents::allow_email;
use consent::rules::contact::Permission;
use consent::rules::notice::ELECTRONIC_RISK_VERSION;
use consent::{NewContactPoint, NewContactRules, contact_point, contact_rules};
use followups::check_ins::reconcile;
use foundation::jobs::running::Runner;
use foundation::testing::{Cast, House};
use foundation::{Actor, PersonId};
use mail::State;
use mail::delivery::Post;
use mail::outbox::asking::{Line, lines};
use mail::outbox::{JOB, sending};
use mail::{Captured, Postroom};

/// Zoë left this Sunday; her first check-in is due today, Monday, nine in the morning.
async fn story(welcomes_mail: bool) -> (House, Cast, Postroom, PersonId, AftercareId) {
    let room = Postroom {
        post: Post::Captured,
        public_url: "https://cedar-office.example".into(),
        captured: Captured::default(),
    };
    let out = room.clone();
    let runner = Runner::default().with(JOB, move |db, payload| {
        let out = out.clone();
        async move { sending::send(&db, &out, &payload).await }
    });
    let house = House::with(runner).await;
    let cast = Cast::on(&house).await;
    let new = NewPerson::parse("Zoë Nguyễn").unwrap();
    let ray = cast.ray.staff_id();
    let zoe = house
        .write(&Actor::House, async |unit| {
            let id = clients::person::add(unit, new, &[]).await?;
            clients::client::start(unit, id, ray).await?;
            contact_point::add(unit, id, NewContactPoint::email("zoe@example.org")?).await?;
            Ok::<_, foundation::Error>(id)
        })
        .await
        .unwrap();
    let care = clients::client::subject(house.reader(), zoe).await.unwrap();
    if welcomes_mail {
        let rules = NewContactRules { email: Permission::Ok, ..NewContactRules::default() };
        house
            .write(&cast.ray, async |unit| {
                contact_rules::set(unit, &care, rules).await?;
                allow_email(unit, &care, ELECTRONIC_RISK_VERSION).await
            })
            .await
            .unwrap();
    }
    let left = Discharged {
        person: zoe,
        episode: EpisodeId(zoe.0),
        on: "2026-03-01".parse().unwrap(),
        kind: DischargeKind::Completed,
        level: clients::episode::LevelOfCare::HighIntensityResidential,
        early_leaver: false,
    };
    let aftercare = house.write(&cast.ray, async |unit| enrol(unit, &left, None).await).await.unwrap();
    (house, cast, room, zoe, aftercare)
}

async fn outbox(house: &House, cast: &Cast) -> Vec<Line> {
    lines(house.reader(), &cast.carol, State::ALL, None).await.unwrap()
}

#[tokio::test]
async fn zoe_is_asked_once_and_in_the_morning() {
    let (house, cast, room, ..) = story(true).await;
    assert_eq!(reconcile(&house).await.unwrap(), 1);
    assert_eq!(reconcile(&house).await.unwrap(), 0, "asked twice for one day");
    assert_eq!(house.run_jobs().await, 0, "it left before ten");
    house.later(TimeDelta::hours(1));
    assert_eq!(house.run_jobs().await, 1);
    let letters = room.captured.letters();
    assert_eq!((letters.len(), letters[0].to.as_str()), (1, "zoe@example.org"));
    assert!(letters[0].text.contains("https://cedar-office.example/c/"));
    assert_eq!(outbox(&house, &cast).await[0].state, State::Sent);
    house.close().await;
}

#[tokio::test]
async fn nobody_is_written_to_who_was_not_asked_and_nothing_is_held_for_them() {
    let (house, cast, ..) = story(false).await;
    assert_eq!(reconcile(&house).await.unwrap(), 0);
    assert!(outbox(&house, &cast).await.is_empty());
    house.close().await;
}

#[tokio::test]
async fn a_letter_that_waits_does_not_leave_into_a_pause() {
    let (house, cast, room, zoe, aftercare) = story(true).await;
    reconcile(&house).await.unwrap();
    let version = aftercare::of(house.reader(), &cast.ray, zoe).await.unwrap()[0].version;
    let until = "2026-04-01".parse().unwrap();
    house
        .write(&cast.ray, async |unit| aftercare::pause(unit, aftercare, version, until).await)
        .await
        .unwrap();
    house.later(TimeDelta::hours(2));
    house.run_jobs().await;
    assert!(room.captured.letters().is_empty());
    let line = &outbox(&house, &cast).await[0];
    assert_eq!((line.state, line.reason.as_deref()), (State::Cancelled, Some("They asked for a pause.")));
    house.close().await;
}

#[tokio::test]
async fn whoever_was_spoken_with_is_not_asked_by_letter_as_well() {
    let (house, cast, room, _, aftercare) = story(true).await;
    reconcile(&house).await.unwrap();
    let talked = NewAttempt::parse(Way::Call, Outcome::Reached, "").unwrap();
    let monday = "2026-03-02".parse().unwrap();
    house.write(&cast.ray, async |unit| log_attempt(unit, aftercare, monday, talked).await).await.unwrap();
    assert_eq!(reconcile(&house).await.unwrap(), 1);
    house.later(TimeDelta::hours(2));
    house.run_jobs().await;
    assert!(room.captured.letters().is_empty());
    let line = &outbox(&house, &cast).await[0];
    assert_eq!(line.reason.as_deref(), Some("The check-in is not due any more."));
    house.close().await;
}

#[tokio::test]
async fn in_the_closer_weeks_two_days_that_are_open_are_one_letter() {
    let (house, cast, room, zoe, aftercare) = story(true).await;
    let version = aftercare::of(house.reader(), &cast.ray, zoe).await.unwrap()[0].version;
    let close = Choice::of(Track::Close);
    house
        .write(&cast.ray, async |unit| aftercare::change_track(unit, aftercare, version, close).await)
        .await
        .unwrap();
    // On Tuesday the windows of day 1 and of day 2 are both open.
    house.later(TimeDelta::hours(26));
    let tuesday = "2026-03-03".parse().unwrap();
    assert_eq!(alumni::due::due(house.reader(), tuesday).await.unwrap().len(), 2);
    assert_eq!(reconcile(&house).await.unwrap(), 1);
    house.run_jobs().await;
    assert_eq!(room.captured.letters().len(), 1);
    house.close().await;
}
