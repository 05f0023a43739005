//! What alumni read about our call: true at noon, at night with someone on call, at night with nobody, and within their
//! own hours.

use foundation::calendar::{Calendar, Week};
use foundation::on_call::{Turn, TypedTurn};

use super::*;

/// Sunday 1 March 2026, 2 am in Chicago; Monday 2 March, noon.
const NIGHT: &str = "2026-03-01T08:00:00Z";
const NOON: &str = "2026-03-02T18:00:00Z";

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

/// A center that answers from 8 to 20 every day.
fn hours(on_call: bool) -> OfficeHours {
    let week = Week::alike(8 * 60, 20 * 60, 7);
    let calendar = Calendar::with(week, Week::alike(480, 1020, 5), "").unwrap();
    let carol = foundation::StaffId(sea_orm::prelude::Uuid::nil()).to_string();
    let days = vec!["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let turn = Turn::parse(&TypedTurn { staff: &carol, days, from: "20", until: "8" }).unwrap();
    let turns = if on_call { vec![turn] } else { Vec::new() };
    OfficeHours { zone: Zone::America__Chicago, calendar, turns }
}

fn words(level: Level, within: u32, on_call: bool, may: MayCall, now: &str) -> String {
    call_words(level, Some(within), &hours(on_call), may, at(now))
}

#[test]
fn by_day_somebody_calls_as_soon_as_they_can() {
    assert_eq!(
        words(Level::Red, 0, false, MayCall::Anytime, NOON),
        "One of us calls you as soon as they can."
    );
    assert_eq!(
        words(Level::Amber, 4, false, MayCall::Anytime, NOON),
        "One of us calls you within four hours."
    );
    assert_eq!(words(Level::Amber, 24, false, MayCall::Anytime, NOON), "One of us calls you within a day.");
    assert_eq!(
        words(Level::Yellow, 72, false, MayCall::Anytime, NOON),
        "One of us calls you within three days."
    );
}

#[test]
fn at_two_on_a_sunday_the_promise_is_what_the_on_call_list_makes_true() {
    assert_eq!(
        words(Level::Red, 0, true, MayCall::Anytime, NIGHT),
        "Someone is on call. One of us calls you as soon as they can, day or night."
    );
    assert_eq!(
        words(Level::Red, 0, false, MayCall::Anytime, NIGHT),
        "Nobody is in the office until 8 am today. We call you then. If it cannot wait, call 988 or 911."
    );
    assert_eq!(
        words(Level::Amber, 4, false, MayCall::Anytime, NIGHT),
        "Nobody is in the office until 8 am today. We call you then. If it cannot wait, call 988 or 911."
    );
    assert_eq!(
        words(Level::Amber, 4, true, MayCall::Anytime, NIGHT),
        "One of us calls you within four hours."
    );
    // Whoever is on call is not woken for what may wait until the office is open.
    assert_eq!(
        words(Level::Amber, 24, true, MayCall::Anytime, NIGHT),
        "Nobody is in the office until 8 am today. One of us calls you within a day. If it cannot wait, call 988 or 911."
    );
    assert_eq!(
        words(Level::Yellow, 72, true, MayCall::Anytime, NIGHT),
        "Nobody is in the office until 8 am today. One of us calls you within three days."
    );
}

#[test]
fn nobody_is_promised_a_call_outside_the_hours_they_allowed() {
    let evenings = MayCall::Within(Hours::new(14, 22, false).unwrap(), Zone::America__Chicago);
    assert_eq!(
        words(Level::Red, 0, false, evenings, NOON),
        "You allowed calls 2 pm to 10 pm. We call you at 2 pm today. If it cannot wait, call 988 or 911."
    );
    assert_eq!(
        words(Level::Red, 0, false, evenings, NIGHT),
        "Nobody is in the office now, and you allowed calls 2 pm to 10 pm. We call you at 2 pm today. \
         If it cannot wait, call 988 or 911."
    );
    let never = words(Level::Red, 0, true, MayCall::Never, NIGHT);
    assert!(never.starts_with("You asked us not to call you, so we do not."), "{never}");
    // Noon in Chicago is eight in Honolulu, and two there is six here.
    let honolulu = MayCall::Within(Hours::new(14, 22, false).unwrap(), Zone::Pacific__Honolulu);
    let later = words(Level::Red, 0, false, honolulu, NOON);
    assert!(later.contains("6 pm today"), "{later}");
    // Who has no number anymore is promised no call at all.
    for now in [NOON, NIGHT] {
        let none = words(Level::Red, 0, true, MayCall::NoNumber, now);
        assert!(
            none.starts_with("We have no phone number of yours.") && !none.contains("calls you"),
            "{none}"
        );
    }
    // Someone whose hours nobody keeps is told so, and not a time.
    let nights = MayCall::Within(Hours::new(2, 4, false).unwrap(), Zone::America__Chicago);
    assert!(words(Level::Red, 0, false, nights, NOON).starts_with("We cannot say when"));
}
