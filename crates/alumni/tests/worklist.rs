//! Stories of the list of the day: whom it holds, for whom, and why.

mod people;

use alumni::aftercare::pause;
use alumni::check_in::{ask_for_call, log_answers, open};
use alumni::rules::response::Level;
use alumni::worklist::{Standing, standings};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error, PersonId};

use people::{client, day, enrolled, thoughts_of_dying};

#[expect(clippy::expect_used, reason = "a story that cannot be read should stop")]
async fn of(house: &House, viewer: &Actor, on: &str) -> Vec<Standing> {
    standings(house.reader(), viewer, day(on)).await.expect("a list")
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
