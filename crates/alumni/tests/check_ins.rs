//! Stories of answering: once, with what it asks of staff, and never by anybody else.

mod people;

use alumni::check_in::{self, AnsweredBy, answer, ask_for_call, log_answers, open, with_answers};
use alumni::flag::{self, FlagKind, settle};
use alumni::rules::response::{Answer, Answers, Commitment, Level, Reason};
use chrono::TimeDelta;
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error};

use people::{client, day, enrolled, thoughts_of_dying, well};

#[tokio::test]
async fn her_answers_are_written_once_and_what_she_says_later_stands_beside_them() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let aftercare = enrolled(&house, &cast, zoe, "2026-03-02").await;
    let due_on = day("2026-03-03");
    let id = house.write(&Actor::House, async |unit| open(unit, aftercare, due_on).await).await.unwrap();
    let again = house.write(&Actor::House, async |unit| open(unit, aftercare, due_on).await).await.unwrap();
    assert_eq!(again, id);

    let alum = Actor::Alum(zoe);
    let first = house.write(&alum, async |unit| answer(unit, id, &well()).await).await.unwrap();
    assert_eq!((first.response.level, first.flag), (Level::Green, None));
    let second = house.write(&alum, async |unit| answer(unit, id, &thoughts_of_dying()).await).await.unwrap();
    assert_eq!((second.level, second.is_added), (Level::Red, true));
    let by_staff =
        house.write(&cast.ray, async |unit| log_answers(unit, aftercare, due_on, &well()).await).await;
    assert!(matches!(by_staff, Err(Error::Refused(r)) if r.code == "answered"));

    let (row, kept) = with_answers(house.reader(), house.keyring(), &cast.ray, id).await.unwrap();
    assert_eq!((row.answered_by, kept), (Some(AnsweredBy::Alum), Some(well())));
    let [red] = &flag::of(house.reader(), &cast.ray, zoe, 9).await.unwrap()[..] else { panic!("one flag") };
    assert_eq!((red.level, Some(red.id)), (Level::Red, second.flag));
    house.close().await;
}

#[tokio::test]
async fn a_red_answer_raises_a_flag_that_names_its_rule_and_is_settled_once() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let aftercare = enrolled(&house, &cast, zoe, "2026-03-02").await;
    let asked = async |answers: Answers| {
        let due_on = day("2026-03-03");
        house.write(&cast.ray, async |unit| log_answers(unit, aftercare, due_on, &answers).await).await
    };
    let answered = asked(thoughts_of_dying()).await.unwrap();
    assert_eq!(answered.response.level, Level::Red);
    let id = answered.flag.expect("a flag");
    let [raised] = &flag::of(house.reader(), &cast.ray, zoe, 9).await.unwrap()[..] else {
        panic!("one flag")
    };
    assert_eq!((raised.id, raised.kind, raised.level), (id, FlagKind::Answers, Level::Red));
    assert!(!raised.reasons.0.is_empty());
    let seen = raised.version;

    house.later(TimeDelta::minutes(20));
    let done = "Talked for half an hour; she is at her aunt's.";
    house.write(&cast.ray, async |unit| settle(unit, id, seen, done).await).await.unwrap();
    let second = house.write(&cast.mina, async |unit| settle(unit, id, seen, "Called too.").await).await;
    assert!(matches!(second, Err(Error::Refused(r)) if r.code == "settled"));
    let flags = flag::of(house.reader(), &cast.ray, zoe, 9).await.unwrap();
    let (at, words) = flag::done(house.reader(), house.keyring(), &flags[0]).await.unwrap().unwrap();
    assert_eq!((at, words.as_str(), flags[0].settled_by), (house.now(), done, cast.ray.staff_id()));
    house.close().await;
}

#[tokio::test]
async fn asking_twice_for_a_call_is_one_wish() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let aftercare = enrolled(&house, &cast, zoe, "2026-03-02").await;
    let on = day("2026-03-03");
    let id = house.write(&cast.ray, async |unit| open(unit, aftercare, on).await).await.unwrap();
    let alum = Actor::Alum(zoe);
    let first = house.write(&alum, async |unit| ask_for_call(unit, id).await).await.unwrap();
    let second = house.write(&alum, async |unit| ask_for_call(unit, id).await).await.unwrap();
    assert_eq!(first, second);
    let flags = flag::of(house.reader(), &cast.ray, zoe, 9).await.unwrap();
    assert_eq!(flags.iter().map(|f| f.kind).collect::<Vec<_>>(), [FlagKind::AskedForCall]);
    house.close().await;
}

#[tokio::test]
async fn nobody_answers_for_her_through_another_persons_link() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let tom = client(&house, "Tom", &cast.ray).await;
    let aftercare = enrolled(&house, &cast, zoe, "2026-03-02").await;
    let on = day("2026-03-03");
    let id = house.write(&cast.ray, async |unit| open(unit, aftercare, on).await).await.unwrap();
    let no = house.write(&Actor::Alum(tom), async |unit| answer(unit, id, &well()).await).await;
    assert!(matches!(no, Err(Error::Forbidden(Act::AnswerCheckIn))));
    assert!(check_in::of(house.reader(), &cast.ray, zoe, 9).await.unwrap()[0].answered_at.is_none());
    let peek = with_answers(house.reader(), house.keyring(), &cast.ines, id).await;
    assert!(matches!(peek, Err(Error::NotFound)));
    house.close().await;
}

#[tokio::test]
async fn two_silences_before_she_answered_are_a_reason_to_call_even_when_she_says_she_is_well() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let aftercare = enrolled(&house, &cast, zoe, "2026-03-02").await;
    house.later(TimeDelta::days(7));
    let on = day("2026-03-09");
    let answered =
        house.write(&cast.ray, async |unit| log_answers(unit, aftercare, on, &well()).await).await.unwrap();
    assert_eq!(answered.response.level, Level::Amber);
    assert_eq!(answered.response.reasons, [Reason::MissedTwo]);
    house.close().await;
}

#[tokio::test]
async fn a_commitment_not_kept_twice_is_looked_at_the_second_time() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let aftercare = enrolled(&house, &cast, zoe, "2026-03-02").await;
    let not_done = Answers { last_commitment: Answer::Is(Commitment::NotDone), ..well() };
    let asked = async |on: &str| {
        let on = day(on);
        house.write(&cast.ray, async |unit| log_answers(unit, aftercare, on, &not_done).await).await.unwrap()
    };
    house.later(TimeDelta::days(1));
    assert_eq!(asked("2026-03-03").await.response.level, Level::Green);
    house.later(TimeDelta::days(2));
    assert_eq!(asked("2026-03-05").await.response.reasons, [Reason::CommitmentMissedTwice]);
    house.close().await;
}
