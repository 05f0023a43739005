//! What an alum tells us reaches a person: who sees it, who is written to, when, and how it stops.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod people;

use alumni::aftercare::{self, OpioidUse, enrol, set_opioid_use};
use alumni::alert::{self, AlertCounts, escalate, handle, list_alerts, list_locked, raise_silences};
use alumni::check_in::{answer, log_answers, open};
use alumni::flag::{FlagKind, settle};
use alumni::rules::response::{Answer, Answers, Level, Reason, Scale};
use alumni::worklist::worklist;
use chrono::TimeDelta;
use clients::episode::DischargeKind;
use foundation::ledger::asking::{Of, entries};
use foundation::on_call::{Change, OfficeHours, Turn, TypedTurn, WhoAnswers, change_turns};
use foundation::staff::closing::{ClosingReason, close};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error, Instant, PersonId};
use mail::delivery::{Post, Smtp};
use mail::sink::Sink;
use mail::{Captured, Postroom, staff_notice};
use sea_orm::{ConnectionTrait, Statement};

use people::{client, day, discharge, enrolled, thoughts_of_dying};

/// A house whose notices leave by a small mail server on loopback.
async fn house() -> (House, Cast, Sink) {
    let sink = Sink::open().await.unwrap();
    let post = Post::Smtp(Smtp::new(sink.settings()).unwrap());
    let room = Postroom { post, public_url: "https://kith.example".into(), captured: Captured::default() };
    let runner = foundation::jobs::running::Runner::default().with(alert::JOB, move |db, payload| {
        let room = room.clone();
        async move { alert::notice(&db, &room, &payload).await }
    });
    let house = House::with(runner).await;
    let cast = Cast::on(&house).await;
    for (who, address) in [
        (&cast.ray, "ray@example.org"),
        (&cast.mina, "mina@example.org"),
        (&cast.carol, "carol@example.org"),
        (&cast.ines, "ines@example.org"),
    ] {
        let address = Some(address.to_owned());
        house.write(who, async |unit| staff_notice::set_own_address(unit, address).await).await.unwrap();
    }
    (house, cast, sink)
}

/// Every night from eight to eight is somebody's.
async fn nights_are(house: &House, cast: &Cast, who: &Actor) {
    let staff = who.staff_id().unwrap().to_string();
    let days = vec!["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let turn = Turn::parse(&TypedTurn { staff: &staff, days, from: "20", until: "8" }).unwrap();
    house.write(&cast.linus, async |unit| change_turns(unit, 0, Change::Add(turn)).await).await.unwrap();
}

async fn answers(house: &House, cast: &Cast, person: PersonId, said: &Answers) {
    let aftercare = enrolled(house, cast, person, "2026-03-01").await;
    let id =
        house.write(&cast.carol, async |unit| open(unit, aftercare, day("2026-03-02")).await).await.unwrap();
    house.write(&Actor::Alum(person), async |unit| answer(unit, id, said).await.map(|_| ())).await.unwrap();
}

fn to(house: &House, text: &str) {
    let at: Instant = text.parse().unwrap();
    house.clock().move_to(at);
}

/// Whom letters went to since the last look, in order.
async fn written_to(house: &House, sink: &Sink) -> Vec<String> {
    let before = sink.letters().len();
    escalate(house).await.unwrap();
    house.run_jobs().await;
    let letters = sink.letters().split_off(before);
    for letter in &letters {
        assert_eq!(letter.text().trim(), "Something is waiting. Please sign in and look at My day.");
    }
    let mut to: Vec<String> = letters.into_iter().flat_map(|letter| letter.to).collect();
    to.sort();
    to
}

/// Sunday 8 March 2026, 2 am in Chicago.
const SUNDAY_NIGHT: &str = "2026-03-08T08:00:00Z";

#[tokio::test]
async fn zoe_presses_yes_at_two_on_a_sunday_and_carol_who_is_on_call_is_written_to() {
    let (house, cast, sink) = house().await;
    nights_are(&house, &cast, &cast.carol).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    to(&house, SUNDAY_NIGHT);
    answers(&house, &cast, zoe, &thoughts_of_dying()).await;

    // First on the day of her counselor, his supervisor and the coordinator; nobody else sees her.
    for who in [&cast.ray, &cast.mina, &cast.carol] {
        let [one] = &list_alerts(house.reader(), who).await.unwrap()[..] else { panic!("one") };
        assert_eq!((one.person, one.level, &one.reasons[..]), (zoe, Level::Red, &[Reason::Thoughts][..]));
        assert_eq!((one.due_at, one.counselor), (house.now(), cast.ray.staff_id()));
    }
    let counts = AlertCounts::load(house.reader()).await.unwrap();
    assert_eq!([&cast.ray, &cast.mina, &cast.carol].map(|who| counts.of(who)), [1, 1, 1]);
    assert_eq!([&cast.ines, &cast.ana, &cast.linus].map(|who| counts.of(who)), [0, 0, 0]);

    // On call is Carol, and nobody else is woken.
    assert_eq!(written_to(&house, &sink).await, ["carol@example.org"]);
    assert!(written_to(&house, &sink).await.is_empty(), "told twice");
    // Nobody does anything: the supervisor after a quarter of an hour, then everyone who may see her, each once.
    house.later(TimeDelta::minutes(15));
    assert_eq!(written_to(&house, &sink).await, ["mina@example.org"]);
    house.later(TimeDelta::minutes(15));
    assert_eq!(written_to(&house, &sink).await, ["ray@example.org"]);
    house.later(TimeDelta::hours(20));
    assert!(written_to(&house, &sink).await.is_empty(), "each is told once");
    house.close().await;
}

#[tokio::test]
async fn carol_handles_it_and_whoever_was_told_is_told_again_when_she_writes_nothing_down() {
    let (house, cast, sink) = house().await;
    nights_are(&house, &cast, &cast.carol).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    to(&house, SUNDAY_NIGHT);
    answers(&house, &cast, zoe, &thoughts_of_dying()).await;
    assert_eq!(written_to(&house, &sink).await, ["carol@example.org"]);
    let red = list_alerts(house.reader(), &cast.carol).await.unwrap().remove(0);
    let (flag, seen) = (red.flag, red.version);
    let other = house.write(&cast.ines, async |unit| handle(unit, flag, seen).await).await;
    assert!(matches!(other, Err(Error::Forbidden(Act::HandleFlag))), "not her caseload");
    house.write(&cast.carol, async |unit| handle(unit, flag, seen).await).await.unwrap();
    let second = house.write(&cast.mina, async |unit| handle(unit, flag, seen).await).await;
    assert!(matches!(second, Err(Error::Refused(no)) if no.code == "handled"));

    house.later(TimeDelta::minutes(29));
    assert!(written_to(&house, &sink).await.is_empty());
    let [one] = &list_alerts(house.reader(), &cast.ray).await.unwrap()[..] else { panic!("it stays") };
    assert_eq!((one.handler, one.is_handled(house.now())), (cast.carol.staff_id(), true));
    // She fell asleep over it.
    house.later(TimeDelta::minutes(2));
    let again = written_to(&house, &sink).await;
    assert!(
        again.contains(&"carol@example.org".to_owned()) && again.contains(&"mina@example.org".to_owned())
    );
    house
        .write(&cast.carol, async |unit| settle(unit, flag, seen, "We talked; her sister is there.").await)
        .await
        .unwrap();
    assert!(list_alerts(house.reader(), &cast.ray).await.unwrap().is_empty());
    let told = entries(house.reader(), Of::Subject(flag.0), None, 20).await.unwrap();
    assert_eq!(told.iter().filter(|entry| entry.act == Act::EscalateFlag).count(), 3);
    assert_eq!(told.iter().filter(|entry| entry.act == Act::HandleFlag).count(), 1);
    house.close().await;
}

#[tokio::test]
async fn ines_on_call_may_not_see_rays_people_and_her_day_leads_her_to_the_locked_record() {
    let (house, cast, sink) = house().await;
    nights_are(&house, &cast, &cast.ines).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    to(&house, SUNDAY_NIGHT);
    answers(&house, &cast, zoe, &thoughts_of_dying()).await;
    assert_eq!(written_to(&house, &sink).await, ["ines@example.org"]);
    assert!(list_alerts(house.reader(), &cast.ines).await.unwrap().is_empty());
    let [locked] = &list_locked(house.reader(), &cast.ines).await.unwrap()[..] else { panic!("one") };
    assert_eq!(locked.level, Level::Red);
    assert!(list_locked(house.reader(), &cast.carol).await.unwrap().is_empty(), "she was not told");
    house.close().await;
}

#[tokio::test]
async fn with_nobody_on_call_the_supervisor_hears_at_once_and_a_closed_account_is_never_on_call() {
    let (house, cast, sink) = house().await;
    nights_are(&house, &cast, &cast.ines).await;
    let ines = cast.ines.staff_id().unwrap();
    house.write(&cast.linus, async |unit| close(unit, ines, ClosingReason::Left).await).await.unwrap();
    to(&house, SUNDAY_NIGHT);
    let hours = OfficeHours::load(house.reader()).await.unwrap();
    let opens: Instant = "2026-03-08T13:00:00Z".parse().unwrap();
    // The clocks went forward in this night: eight is thirteen.
    assert_eq!(hours.who_answers(house.now()), WhoAnswers::Nobody(Some(opens)));
    let zoe = client(&house, "Zoë", &cast.ray).await;
    answers(&house, &cast, zoe, &thoughts_of_dying()).await;
    assert_eq!(written_to(&house, &sink).await, ["mina@example.org"]);
    house.close().await;
}

#[tokio::test]
async fn amber_with_opioids_goes_to_the_supervisor_after_four_hours_and_to_all_an_hour_later() {
    let (house, cast, sink) = house().await;
    let tom = client(&house, "Tom", &cast.ray).await;
    let urge = Answers { urge: Answer::Is(Scale::new(9).unwrap()), ..Answers::default() };
    let aftercare = enrolled(&house, &cast, tom, "2026-03-01").await;
    // It was said that opioids were part of it: of the same answer a day would be soon enough.
    let said = async |unit: &mut foundation::Unit| set_opioid_use(unit, aftercare, OpioidUse::Yes).await;
    house.write(&cast.ray, said).await.unwrap();
    let id =
        house.write(&cast.ray, async |unit| open(unit, aftercare, day("2026-03-02")).await).await.unwrap();
    house.write(&Actor::Alum(tom), async |unit| answer(unit, id, &urge).await.map(|_| ())).await.unwrap();
    let [one] = &list_alerts(house.reader(), &cast.ray).await.unwrap()[..] else { panic!("one") };
    assert_eq!((one.level, one.due_at - one.raised_at), (Level::Amber, TimeDelta::hours(4)));
    // Nine in the morning: the counselor is told, and nobody else before the clock has run out.
    assert_eq!(written_to(&house, &sink).await, ["ray@example.org"]);
    house.later(TimeDelta::minutes(239));
    assert!(written_to(&house, &sink).await.is_empty());
    house.later(TimeDelta::minutes(1));
    assert_eq!(written_to(&house, &sink).await, ["mina@example.org"]);
    house.later(TimeDelta::hours(1));
    assert_eq!(written_to(&house, &sink).await, ["carol@example.org"]);
    house.close().await;
}

#[tokio::test]
async fn a_silence_with_opioids_on_the_close_track_is_the_supervisors_the_same_day() {
    let (house, cast, sink) = house().await;
    let devonte = client(&house, "Devonte", &cast.ray).await;
    let kathleen = client(&house, "Kathleen", &cast.ray).await;
    for person in [devonte, kathleen] {
        let left = discharge(person, "2026-03-01", DischargeKind::LeftAgainstAdvice);
        house.write(&cast.carol, async |unit| enrol(unit, &left, None).await).await.unwrap();
    }
    let care = aftercare::of(house.reader(), &cast.ray, devonte).await.unwrap().remove(0);
    house.write(&cast.ray, async |unit| set_opioid_use(unit, care.id, OpioidUse::Yes).await).await.unwrap();
    // Days 1 and 2 pass without an answer; on Thursday both windows are over.
    to(&house, "2026-03-04T18:00:00Z");
    assert_eq!(raise_silences(&house).await.unwrap(), 0);
    to(&house, "2026-03-05T15:00:00Z");
    assert_eq!(raise_silences(&house).await.unwrap(), 1);
    assert_eq!(raise_silences(&house).await.unwrap(), 0, "once a silence");
    let [one] = &list_alerts(house.reader(), &cast.mina).await.unwrap()[..] else { panic!("one") };
    assert_eq!((one.person, one.kind, one.level), (devonte, FlagKind::Silence, Level::Amber));
    assert_eq!(written_to(&house, &sink).await, ["mina@example.org", "ray@example.org"]);
    let today = worklist(house.reader(), &cast.mina, day("2026-03-05")).await.unwrap();
    let line = |person| {
        let all = today.groups.iter().flat_map(|(_, lines)| lines);
        all.into_iter().find(|line| line.standing.person == person).unwrap().reasons.join(" ")
    };
    assert!(line(devonte).contains("The supervisor looks after it today."), "{}", line(devonte));
    // Of Kathleen nobody knows it: not known is not yes, and her counselor looks for another way.
    assert!(line(kathleen).contains("The counselor looks for another way"), "{}", line(kathleen));
    house
        .write(&cast.mina, async |unit| settle(unit, one.flag, one.version, "His aunt saw him.").await)
        .await
        .unwrap();
    assert_eq!(raise_silences(&house).await.unwrap(), 0, "settled is settled for this silence");
    house.close().await;
}

#[tokio::test]
async fn after_a_red_answer_the_next_call_is_due_also_in_a_pause() {
    let (house, cast, sink) = house().await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    answers(&house, &cast, zoe, &thoughts_of_dying()).await;
    assert_eq!(written_to(&house, &sink).await, ["ray@example.org"]);
    let care = aftercare::of(house.reader(), &cast.ray, zoe).await.unwrap().remove(0);
    let until = day("2026-04-01");
    house
        .write(&cast.ray, async |unit| aftercare::pause(unit, care.id, care.version, until).await)
        .await
        .unwrap();
    let red = list_alerts(house.reader(), &cast.ray).await.unwrap().remove(0);
    house
        .write(&cast.ray, async |unit| settle(unit, red.flag, red.version, "We talked.").await)
        .await
        .unwrap();
    let due = async |on: &str| {
        let list = worklist(house.reader(), &cast.ray, day(on)).await.unwrap();
        list.groups.first().map(|(_, lines)| lines[0].reasons.join(" "))
    };
    // The next day, and three and seven days after; in between the pause holds.
    for on in ["2026-03-03", "2026-03-05", "2026-03-09"] {
        assert!(due(on).await.is_some_and(|words| words.contains("it does not wait")), "{on}");
    }
    assert_eq!(due("2026-03-07").await, None);
    house.close().await;
}

#[tokio::test]
async fn an_amber_answer_that_turns_red_is_told_anew_to_whoever_was_told_before() {
    let (house, cast, sink) = house().await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let aftercare = enrolled(&house, &cast, zoe, "2026-03-01").await;
    let on = day("2026-03-02");
    let id = house.write(&cast.carol, async |unit| open(unit, aftercare, on).await).await.unwrap();
    let urge = Answers { urge: Answer::Is(Scale::new(9).unwrap()), ..Answers::default() };
    house
        .write(&cast.ray, async |unit| log_answers(unit, aftercare, on, &urge).await.map(|_| ()))
        .await
        .unwrap();
    assert_eq!(written_to(&house, &sink).await, ["ray@example.org"]);
    // She opens her link later the same day, and says what she did not say to him.
    house.later(TimeDelta::hours(1));
    let red = thoughts_of_dying();
    house.write(&Actor::Alum(zoe), async |unit| answer(unit, id, &red).await.map(|_| ())).await.unwrap();
    assert_eq!(written_to(&house, &sink).await, ["ray@example.org"]);
    let levels: Vec<Level> =
        list_alerts(house.reader(), &cast.ray).await.unwrap().iter().map(|a| a.level).collect();
    assert_eq!(levels, [Level::Red], "the graver one stands, once");
    house.close().await;
}

#[tokio::test]
async fn forgetting_someone_forgets_who_was_told_of_them() {
    let (house, cast, sink) = house().await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    answers(&house, &cast, zoe, &thoughts_of_dying()).await;
    assert_eq!(written_to(&house, &sink).await, ["ray@example.org"]);
    let red = list_alerts(house.reader(), &cast.ray).await.unwrap().remove(0);
    let flag = red.flag;
    house.write(&cast.ray, async |unit| handle(unit, flag, red.version).await).await.unwrap();
    house
        .write(&Actor::House, async |unit| {
            let care = clients::client::subject(unit.tx(), zoe).await?;
            let permit = unit.permit(Act::ExportRecord, &care)?;
            foundation::holding::Holding::forget(&alumni::holding::Alumni, unit, zoe).await?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await
        .unwrap();
    for table in ["flag_notices", "flag_handlers", "flags"] {
        let asked = Statement::from_string(
            house.reader().get_database_backend(),
            format!("SELECT COUNT(*) AS n FROM {table}"),
        );
        let row = house.reader().query_one_raw(asked).await.unwrap().unwrap();
        assert_eq!(row.try_get::<i64>("", "n").unwrap(), 0, "{table}");
    }
    house.close().await;
}
