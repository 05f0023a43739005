//! Letters that ask for a check-in: to whom, once, and not into a pause.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

use alumni::aftercare::{self, AftercareId, Choice, enrol};
use alumni::check_in::{NewAttempt, Outcome, Way, log_attempt};
use alumni::rules::schedule::Track;
use chrono::TimeDelta;
use clients::correction::{self, Reason};
use clients::episode::{
    self, Admission, Discharge, DischargeKind, Discharged, EpisodeId, LevelOfCare, correct_dates,
};
use clients::person::{DeathSource, NewPerson};
use clients::rules::stay_dates::StayDates;
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

/// Zoë as she is in the clients' room: admitted in winter and discharged on Sunday, so that her stay has dates.
async fn stay_of(house: &House, cast: &Cast, zoe: PersonId) -> EpisodeId {
    let care = clients::client::subject(house.reader(), zoe).await.unwrap();
    let admission = Admission {
        admitted_on: "2026-02-01".parse().unwrap(),
        level: LevelOfCare::HighIntensityResidential,
        request: None,
    };
    let monday = "2026-03-02".parse().unwrap();
    let left = Discharge {
        discharged_on: "2026-03-01".parse().unwrap(),
        kind: DischargeKind::Completed,
        to: None,
        told_by: DeathSource::NotRecorded,
    };
    house
        .write(&cast.mina, async |unit| {
            let stay = episode::admit(unit, &care, admission, monday).await?;
            let left = episode::discharge(unit, &care, stay, left, monday).await?;
            enrol(unit, &left, None).await?;
            Ok(stay)
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn whoever_comes_back_on_the_due_day_gets_no_letter_and_is_asked_anew_after_the_next_discharge() {
    let (house, cast, room, zoe, _) = story(true).await;
    stay_of(&house, &cast, zoe).await;
    assert_eq!(
        reconcile(&house).await.unwrap(),
        1,
        "day 1 is due today, and its letter waits for ten o'clock"
    );
    let care = clients::client::subject(house.reader(), zoe).await.unwrap();
    let monday = "2026-03-02".parse().unwrap();
    let back = Admission { admitted_on: monday, level: LevelOfCare::ManagedResidential, request: None };
    // Only the admission is written, as a colleague's program might do it: the gate keeps the letter by itself.
    let stay = house.write(&cast.mina, async |u| episode::admit(u, &care, back, monday).await).await.unwrap();
    house.later(TimeDelta::hours(2));
    house.run_jobs().await;
    assert!(room.captured.letters().is_empty(), "a letter asked her at home how her week was");
    let line = &outbox(&house, &cast).await[0];
    let held = "They are in care now. Check-ins are paused.";
    assert_eq!((line.state, line.reason.as_deref()), (State::Held, Some(held)));
    assert!(alumni::due::due(house.reader(), monday).await.unwrap().is_empty());
    let list = alumni::worklist::worklist(house.reader(), &cast.ray, monday).await.unwrap();
    assert!(list.groups.is_empty(), "somebody would have called her at home");
    assert_eq!(list.in_care.iter().map(|one| one.in_care_since).collect::<Vec<_>>(), [Some(monday)]);
    assert_eq!(reconcile(&house).await.unwrap(), 0, "a letter was queued for someone in care");

    let out: foundation::Day = "2026-03-10".parse().unwrap();
    house.later(TimeDelta::days(8));
    let left = Discharge {
        discharged_on: out,
        kind: DischargeKind::Completed,
        to: None,
        told_by: DeathSource::NotRecorded,
    };
    house
        .write(&cast.mina, async |unit| {
            let left = episode::discharge(unit, &care, stay, left, out).await?;
            enrol(unit, &left, None).await
        })
        .await
        .unwrap();
    let next = "2026-03-11".parse().unwrap();
    let due = alumni::due::due(house.reader(), next).await.unwrap();
    assert_eq!(due.iter().map(|one| one.due_on).collect::<Vec<_>>(), [next], "day 1 of the new discharge");
    house.close().await;
}

#[tokio::test]
async fn a_discharge_date_that_was_wrong_by_five_days_moves_what_is_due_and_the_letters() {
    let (house, cast, room, zoe, _) = story(true).await;
    let stay = stay_of(&house, &cast, zoe).await;
    assert_eq!(reconcile(&house).await.unwrap(), 1);
    let care = clients::client::subject(house.reader(), zoe).await.unwrap();
    let episodes = episode::of(house.reader(), zoe).await.unwrap();
    // She left on 24 February already: day 7 is due tomorrow, and today nothing is.
    let dates = StayDates {
        admitted_on: "2026-02-01".parse().unwrap(),
        discharged_on: Some("2026-02-24".parse().unwrap()),
    };
    let why = Reason::parse("The paper says the 24th.", "stay_reason").unwrap();
    let nobody = Reason::parse("  ", "stay_reason");
    assert!(nobody.is_err(), "a date was changed without a reason");
    house
        .write(&cast.mina, async |unit| {
            let stay = correct_dates(unit, &care, stay, episodes[0].version, dates, &why).await?;
            aftercare::move_with_stay(unit, &stay).await
        })
        .await
        .unwrap();
    let at = async |text: &str| {
        let due = alumni::due::due(house.reader(), text.parse().unwrap()).await.unwrap();
        due.into_iter().map(|one| one.due_on.to_string()).collect::<Vec<_>>()
    };
    assert!(at("2026-03-02").await.is_empty(), "day 1 of the wrong date is still due");
    assert_eq!(at("2026-03-03").await, ["2026-03-03"]);
    assert_eq!(at("2026-03-06").await, ["2026-03-06"], "day 10");
    house.later(TimeDelta::hours(2));
    reconcile(&house).await.unwrap();
    house.run_jobs().await;
    assert!(room.captured.letters().is_empty(), "a letter left for a day that is not due");
    let line = &outbox(&house, &cast).await[0];
    assert_eq!(line.reason.as_deref(), Some("The discharge date was corrected."));
    let spans = episode::spans_of(house.reader(), zoe).await.unwrap();
    assert_eq!(spans[0].until_on, dates.discharged_on);
    let kept = correction::list(house.reader(), house.keyring(), zoe).await.unwrap();
    assert_eq!((kept[0].0.was, kept[0].0.now_is), ("2026-03-01".parse().ok(), dates.discharged_on));
    let late = house
        .write(&cast.mina, async |unit| {
            correct_dates(unit, &care, stay, episodes[0].version, dates, &why).await
        })
        .await;
    assert!(matches!(late, Err(foundation::Error::Stale)), "an older page was believed");
    house.close().await;
}
