//! Stories of the list of the day: whom it holds, for whom, and why.

mod people;

use alumni::aftercare::{self, EndReason, end, pause};
use alumni::check_in::{NewAttempt, Outcome, Way, answer, ask_for_call, log_answers, log_attempt, open};
use alumni::due::due;
use alumni::flag::{self, settle};
use alumni::rules::response::{Level, Reason};
use alumni::rules::schedule::Track;
use alumni::rules::worklist::Group;
use alumni::worklist::{Standing, Worklist, standings, worklist};
use chrono::TimeDelta;
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error, PersonId};

use people::{client, day, enrolled, thoughts_of_dying};

#[expect(clippy::expect_used, reason = "a story that cannot be read should stop")]
async fn of(house: &House, viewer: &Actor, on: &str) -> Vec<Standing> {
    standings(house.reader(), viewer, day(on)).await.expect("a list")
}

#[expect(clippy::expect_used, reason = "a story that cannot be read should stop")]
async fn list(house: &House, viewer: &Actor, on: &str) -> Worklist {
    worklist(house.reader(), viewer, day(on)).await.expect("a list")
}

/// Groups with who is in them, in order.
fn lines(list: &Worklist) -> Vec<(Group, Vec<&str>)> {
    list.groups
        .iter()
        .map(|(group, lines)| (*group, lines.iter().map(|line| line.standing.name_used.as_str()).collect()))
        .collect()
}

fn people(standings: &[Standing]) -> Vec<PersonId> {
    standings.iter().map(|s| s.person).collect()
}

#[tokio::test]
async fn each_sees_the_own_alumni_the_supervisor_the_teams_and_the_coordinator_everyones() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let kathleen = client(&house, "Kathleen", &cast.ines).await;
    enrolled(&house, &cast, zoe, "2026-03-02").await;
    enrolled(&house, &cast, kathleen, "2026-03-02").await;
    assert_eq!(people(&of(&house, &cast.ray, "2026-03-03").await), [zoe]);
    assert_eq!(people(&of(&house, &cast.ines, "2026-03-03").await), [kathleen]);
    assert_eq!(people(&of(&house, &cast.mina, "2026-03-03").await), [zoe]);
    assert_eq!(of(&house, &cast.carol, "2026-03-03").await.len(), 2);
    let intake = standings(house.reader(), &cast.ana, day("2026-03-03")).await;
    assert!(matches!(intake, Err(Error::Forbidden(Act::ViewAlumni))));
    house.close().await;
}

#[tokio::test]
async fn day_one_is_on_the_list_on_day_one_and_missed_when_its_window_is_over() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    enrolled(&house, &cast, zoe, "2026-03-02").await;
    assert_eq!(of(&house, &cast.ray, "2026-03-02").await[0].due_on, None);
    let [one] = &of(&house, &cast.ray, "2026-03-03").await[..] else { panic!("one") };
    assert_eq!((one.due_on, one.unreached, one.days_since_discharge), (Some(day("2026-03-03")), 0, 1));
    assert_eq!(of(&house, &cast.ray, "2026-03-05").await[0].unreached, 1);
    house.close().await;
}

#[tokio::test]
async fn who_asked_for_quiet_has_nothing_due() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let id = enrolled(&house, &cast, zoe, "2026-03-02").await;
    house.write(&cast.ray, async |unit| pause(unit, id, 1, day("2026-03-12")).await).await.unwrap();
    let [quiet] = &of(&house, &cast.ray, "2026-03-09").await[..] else { panic!("one") };
    assert_eq!((quiet.paused_until, quiet.due_on, quiet.unreached), (Some(day("2026-03-12")), None, 0));
    house.close().await;
}

#[tokio::test]
async fn a_red_answer_and_a_wish_to_be_called_are_on_the_line_of_the_one_who_gave_them() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let tom = client(&house, "Tom", &cast.ray).await;
    let zoes = enrolled(&house, &cast, zoe, "2026-03-02").await;
    let toms = enrolled(&house, &cast, tom, "2026-03-02").await;
    let on = day("2026-03-03");
    let red = thoughts_of_dying();
    house.write(&cast.ray, async |unit| log_answers(unit, zoes, on, &red).await).await.unwrap();
    let id = house.write(&cast.ray, async |unit| open(unit, toms, on).await).await.unwrap();
    house.write(&Actor::Alum(tom), async |unit| ask_for_call(unit, id).await).await.unwrap();
    let list = of(&house, &cast.ray, "2026-03-03").await;
    let line = |person| list.iter().find(|s| s.person == person).expect("a line");
    assert_eq!(line(zoe).flag.as_ref().map(|(level, _)| *level), Some(Level::Red));
    assert!(!line(zoe).asked_for_call);
    assert!(line(tom).asked_for_call && line(tom).flag.is_none());
    house.close().await;
}

#[tokio::test]
async fn a_red_answer_stands_on_top_with_its_reason_and_brings_four_closer_weeks() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let tom = client(&house, "Tom", &cast.ray).await;
    let anna = client(&house, "Anna", &cast.ray).await;
    let sam = client(&house, "Sam", &cast.ray).await;
    let toms = enrolled(&house, &cast, tom, "2026-03-02").await;
    enrolled(&house, &cast, anna, "2026-03-02").await;
    enrolled(&house, &cast, sam, "2026-03-03").await;
    house.later(TimeDelta::days(1));
    let red = thoughts_of_dying();
    house
        .write(&cast.ray, async |unit| log_answers(unit, toms, day("2026-03-03"), &red).await)
        .await
        .unwrap();

    let today = list(&house, &cast.ray, "2026-03-03").await;
    assert_eq!(lines(&today), [(Group::First, vec!["Tom"]), (Group::Due, vec!["Anna"])]);
    assert!(today.sentence.starts_with("2 of your 3 alumni, in the order it matters."), "{}", today.sentence);
    let (_, first) = &today.groups[0];
    assert_eq!(first[0].reasons, [Reason::Thoughts.words()]);
    assert_eq!(first[0].standing.closer_until, Some(day("2026-03-31")));
    let tomorrow = due(house.reader(), day("2026-03-04")).await.unwrap();
    assert!(tomorrow.iter().any(|d| d.person == tom), "he is called the next day");
    let row = aftercare::of(house.reader(), &cast.ray, tom).await.unwrap().remove(0);
    assert_eq!(row.track, Track::Standard, "the track chosen for him comes back by itself");
    house.close().await;
}

#[tokio::test]
async fn who_asked_for_no_more_check_ins_and_then_wrote_of_dying_is_still_on_top() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let tom = client(&house, "Tom", &cast.ray).await;
    let id = enrolled(&house, &cast, tom, "2026-03-02").await;
    let on = day("2026-03-03");
    let check_in = house.write(&cast.ray, async |unit| open(unit, id, on).await).await.unwrap();
    house.write(&cast.ray, async |unit| end(unit, id, EndReason::Wished).await).await.unwrap();
    assert_eq!(list(&house, &cast.ray, "2026-03-03").await.all, 0);
    let red = thoughts_of_dying();
    house.write(&Actor::Alum(tom), async |unit| answer(unit, check_in, &red).await).await.unwrap();
    let today = list(&house, &cast.ray, "2026-03-09").await;
    assert_eq!(lines(&today), [(Group::First, vec!["Tom"])]);
    assert_eq!(today.groups[0].1[0].reasons, [Reason::Thoughts.words()], "and nothing else is asked of him");
    assert!(due(house.reader(), on).await.unwrap().is_empty());

    house.write(&cast.ray, async |unit| end(unit, id, EndReason::Died).await).await.unwrap_err();
    let flag = flag::of(house.reader(), &cast.ray, tom, 9).await.unwrap().remove(0);
    house
        .write(&cast.ray, async |unit| settle(unit, flag.id, flag.version, "He is with his sister.").await)
        .await
        .unwrap();
    assert_eq!(list(&house, &cast.ray, "2026-03-09").await.all, 0);
    house.close().await;
}

#[tokio::test]
async fn after_three_tries_it_counts_as_not_reached_and_nobody_tries_a_fourth_time() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let id = enrolled(&house, &cast, zoe, "2026-03-02").await;
    let on = day("2026-03-03");
    house.later(TimeDelta::days(1));
    for tried in 1..=3 {
        let [line] = &of(&house, &cast.ray, "2026-03-03").await[..] else { panic!("one") };
        assert_eq!((line.due_on, line.unreached), (Some(on), 0), "before try {tried}");
        let voicemail = NewAttempt::parse(Way::Call, Outcome::Voicemail, "").unwrap();
        house
            .write(&cast.ray, async |unit| log_attempt(unit, id, on, voicemail.clone()).await)
            .await
            .unwrap();
        // In the morning, in the afternoon and in the evening: twice in one morning is one try.
        house.later(TimeDelta::hours(5));
    }
    let [line] = &of(&house, &cast.ray, "2026-03-03").await[..] else { panic!("one") };
    assert_eq!((line.due_on, line.unreached), (None, 1));
    assert!(due(house.reader(), on).await.unwrap().is_empty());
    let today = list(&house, &cast.ray, "2026-03-03").await;
    assert_eq!(today.groups[0].1[0].reasons, ["The last check-in has no answer."]);
    house.close().await;
}
