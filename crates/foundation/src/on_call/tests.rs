//! Who is there when: at night, over midnight, on holidays, on the night clocks change, and when the list has a gap.

use sea_orm::prelude::Uuid;

use super::*;
use crate::calendar::Week;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn staff(n: u128) -> StaffId {
    StaffId(Uuid::from_u128(n))
}

fn turn(who: u128, days: &[&str], from: &str, until: &str) -> Turn {
    let id = staff(who).to_string();
    Turn::parse(&TypedTurn { staff: &id, days: days.to_vec(), from, until }).unwrap()
}

/// A center that answers from 8 to 20 on every day but Christmas.
fn hours(turns: Vec<Turn>) -> OfficeHours {
    let calendar = Calendar::with(
        Week::alike(8 * 60, 20 * 60, 7),
        Week::alike(8 * 60, 17 * 60, 5),
        "2026-12-25 Christmas Day",
    );
    OfficeHours { zone: chrono_tz::America::Chicago, calendar: calendar.unwrap(), turns }
}

/// Sunday 1 March 2026, 2 am in Chicago.
const SUNDAY_NIGHT: &str = "2026-03-01T08:00:00Z";

#[test]
fn by_day_the_office_answers_and_at_night_nobody_does_until_morning() {
    let hours = hours(Vec::new());
    assert_eq!(hours.who_answers(at("2026-03-02T15:00:00Z")), WhoAnswers::Office);
    assert_eq!(
        hours.who_answers(at(SUNDAY_NIGHT)),
        WhoAnswers::Nobody(Some(at("2026-03-01T14:00:00Z"))),
        "8 am the same morning"
    );
    assert_eq!(hours.next_open(at(SUNDAY_NIGHT)), Some(at("2026-03-01T14:00:00Z")));
    assert_eq!(hours.next_open(at("2026-03-01T15:30:00Z")), Some(at("2026-03-01T15:30:00Z")));
}

#[test]
fn a_turn_over_midnight_belongs_to_the_evening_it_begins_on() {
    let hours = hours(vec![turn(1, &["sat"], "20:00", "8:00")]);
    assert_eq!(hours.who_answers(at(SUNDAY_NIGHT)), WhoAnswers::OnCall(vec![staff(1)]));
    // The night from Sunday to Monday is nobody's.
    let monday_night = at("2026-03-02T08:00:00Z");
    assert_eq!(hours.who_answers(monday_night), WhoAnswers::Nobody(Some(at("2026-03-02T14:00:00Z"))));
    // At 8 in the evening it begins, and at 8 in the morning it is over.
    assert_eq!(hours.on_call_at(at("2026-03-01T02:00:00Z")), [staff(1)]);
    assert_eq!(hours.on_call_at(at("2026-03-01T14:00:00Z")), []);
}

#[test]
fn a_holiday_is_closed_all_day_and_a_holiday_turn_covers_it() {
    let noon = at("2026-12-25T18:00:00Z");
    let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let nights = hours(vec![turn(1, &weekdays, "20", "8")]);
    assert_eq!(
        nights.who_answers(noon),
        WhoAnswers::Nobody(Some(at("2026-12-26T02:00:00Z"))),
        "when the night begins"
    );
    let both = hours(vec![turn(1, &weekdays, "20", "8"), turn(2, &["holiday"], "8", "20")]);
    assert_eq!(both.who_answers(noon), WhoAnswers::OnCall(vec![staff(2)]));
    assert_eq!(both.gaps(at("2026-12-20T06:00:00Z"), at("2026-12-28T06:00:00Z")), []);
    assert_eq!(
        nights.gaps(at("2026-12-20T06:00:00Z"), at("2026-12-28T06:00:00Z")),
        [(at("2026-12-25T14:00:00Z"), at("2026-12-26T02:00:00Z"))]
    );
}

#[test]
fn the_gaps_of_a_list_are_the_nights_it_leaves_out() {
    let hours = hours(vec![turn(1, &["mon", "tue", "wed", "thu", "sat", "sun"], "20", "8")]);
    // From Monday noon for a week: the night from Friday to Saturday is open.
    let gaps = hours.gaps(at("2026-03-02T18:00:00Z"), at("2026-03-09T17:00:00Z"));
    assert_eq!(gaps, [(at("2026-03-07T02:00:00Z"), at("2026-03-07T14:00:00Z"))]);
    // In the night on which clocks go forward a turn is an hour shorter, and leaves no hole.
    let spring = at("2026-03-08T08:30:00Z");
    assert_eq!(hours.who_answers(spring), WhoAnswers::OnCall(vec![staff(1)]));
}

#[test]
fn a_whole_day_is_from_an_hour_to_the_same_hour() {
    let hours = hours(vec![turn(1, &["sat", "sun"], "8", "8")]);
    assert_eq!(hours.on_call_at(at("2026-03-01T04:00:00Z")), [staff(1)]);
    assert_eq!(hours.on_call_at(at("2026-03-02T13:59:00Z")), [staff(1)]);
    assert_eq!(hours.on_call_at(at("2026-03-02T14:00:00Z")), []);
}

#[test]
fn what_is_missing_of_a_turn_is_said_at_its_field() {
    let faults = Turn::parse(&TypedTurn { staff: "nobody", from: "25", ..TypedTurn::default() }).unwrap_err();
    let fields: Vec<_> = faults.0.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["staff", "days", "from", "until"]);
}
