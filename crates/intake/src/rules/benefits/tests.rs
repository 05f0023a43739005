//! Due, left, valid: the clock of a benefits check.

use foundation::Zone;
use proptest::prelude::*;

use super::super::due::Clocks;
use super::*;

const CHICAGO: Zone = chrono_tz::America::Chicago;

fn due_at(asked: Instant) -> Instant {
    Clocks::default().benefits(asked, CHICAGO)
}

fn left_at(now: Instant, due: Instant) -> Left {
    left(now, due, &Clocks::default().office(CHICAGO))
}

fn moment(text: &str) -> Instant {
    text.parse().unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

#[test]
fn a_check_asked_for_on_a_monday_morning_is_due_two_hours_later() {
    // Monday 10:12 in Chicago.
    assert_eq!(due_at(moment("2026-03-02T16:12:00Z")), moment("2026-03-02T18:12:00Z"));
}

#[test]
fn asked_for_on_friday_at_four_it_is_due_on_monday_at_nine() {
    let asked = moment("2026-03-06T22:00:00Z");
    // The clocks change on the Sunday between: 9:00 in Chicago is 14:00 in UTC from then on.
    assert_eq!(due_at(asked), moment("2026-03-09T14:00:00Z"));
    assert_eq!(left_at(asked, due_at(asked)), Left::Time(TimeDelta::hours(2)));
}

#[test]
fn at_night_the_clock_waits_for_the_morning() {
    let asked = moment("2026-03-03T04:00:00Z");
    let due = due_at(asked);
    assert_eq!(due, moment("2026-03-03T16:00:00Z"));
    assert_eq!(left_at(asked, due), Left::Waits(moment("2026-03-03T14:00:00Z")));
    assert_eq!(left_at(moment("2026-03-03T15:30:00Z"), due), Left::Time(TimeDelta::minutes(30)));
    assert_eq!(left_at(due, due), Left::Late);
}

#[test]
fn an_answer_holds_for_a_month_to_the_end_of_its_last_day() {
    assert_eq!(valid_until(day("2026-03-02")), day("2026-04-02"));
    assert_eq!(valid_until(day("2026-01-31")), day("2026-02-28"));
    let last = day("2026-04-02");
    assert_eq!(holds(last, day("2026-03-25")), Holds::Yes);
    assert_eq!(holds(last, day("2026-03-26")), Holds::RunsOut);
    assert_eq!(holds(last, last), Holds::RunsOut);
    assert_eq!(holds(last, day("2026-04-03")), Holds::No);
}

#[test]
fn where_a_check_stands_follows_from_its_facts() {
    let facts = Facts { taken: false, answered: false, approved: false, why_not: None };
    assert_eq!(state(facts), State::Asked);
    assert_eq!(state(Facts { taken: true, ..facts }), State::BeingChecked);
    assert_eq!(state(Facts { taken: true, answered: true, ..facts }), State::Answered);
    assert_eq!(state(Facts { taken: true, answered: true, approved: true, ..facts }), State::Approved);
    assert_eq!(
        state(Facts { taken: true, answered: true, why_not: Some(WhyNot::NotReached), ..facts }),
        State::NotChecked
    );
}

proptest! {
    #[test]
    fn a_check_is_due_after_two_business_hours_and_within_business_hours(minutes in 0i64..1_051_200) {
        let asked = moment("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
        let due = due_at(asked);
        prop_assert_eq!(Clocks::default().office(CHICAGO).elapsed(asked, due), TimeDelta::hours(2));
        prop_assert!(due - asked <= TimeDelta::days(4));
    }
}
