//! Slots on the days clocks change, and as properties of any hours in any of these zones.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const CHICAGO: Zone = chrono_tz::America::Chicago;
/// Whole hours, half hours, a change of half an hour, one at midnight, and no change at all.
const ZONES: [Zone; 6] = [
    CHICAGO,
    chrono_tz::America::New_York,
    chrono_tz::America::St_Johns,
    chrono_tz::Australia::Lord_Howe,
    chrono_tz::America::Santiago,
    chrono_tz::Pacific::Honolulu,
];

fn site() -> SiteId {
    SiteId(sea_orm::prelude::Uuid::from_u128(1))
}

fn on(text: &str) -> Day {
    text.parse().unwrap()
}

fn every_day(zone: Zone, opens: i32, closes: i32, slot_minutes: i32) -> Weekly {
    Weekly {
        at: At { site: site(), zone },
        days: Weekdays(0b111_1111),
        span: Span { opens, closes },
        slot_minutes,
        from_on: on("2026-01-01"),
        until_on: None,
    }
}

fn of(weekly: Weekly) -> Availability {
    Availability { weekly: vec![weekly], ..Availability::default() }
}

/// The starts of a day on its own clock.
fn starts(of: &Availability, day: &str, zone: Zone) -> Vec<String> {
    let clock = |slot: &Slot| slot.starts_at.with_timezone(&zone).format("%H:%M %Z").to_string();
    of.of_day(on(day)).iter().map(clock).collect()
}

#[test]
fn a_morning_has_its_slots_and_the_last_one_ends_in_time() {
    let ray = of(every_day(CHICAGO, 9 * 60, 12 * 60 + 30, 60));
    assert_eq!(starts(&ray, "2026-03-02", CHICAGO), ["09:00 CST", "10:00 CST", "11:00 CST"]);
}

#[test]
fn the_hour_that_is_skipped_has_no_slot() {
    let nights = of(every_day(CHICAGO, 60, 4 * 60, 60));
    assert_eq!(starts(&nights, "2026-03-08", CHICAGO), ["01:00 CST", "03:00 CDT"]);
    // 1:30 to 3:30 has only one hour in it that night.
    let long = of(every_day(CHICAGO, 90, 5 * 60 + 30, 120));
    assert_eq!(starts(&long, "2026-03-08", CHICAGO), ["03:30 CDT"]);
    // 1:30 to 3:00 has only half an hour in it, and no last minute.
    let long = of(every_day(CHICAGO, 0, 4 * 60 + 30, 90));
    assert_eq!(starts(&long, "2026-03-08", CHICAGO), ["00:00 CST", "03:00 CDT"]);
}

#[test]
fn the_hour_that_comes_twice_has_its_slot_once() {
    let nights = of(every_day(CHICAGO, 0, 3 * 60, 60));
    assert_eq!(starts(&nights, "2026-11-01", CHICAGO), ["00:00 CDT", "01:00 CDT", "02:00 CST"]);
}

#[test]
fn who_is_away_has_no_slots_and_who_comes_on_a_saturday_has_some() {
    let mut ray = of(Weekly { days: Weekdays(0b001_1111), ..every_day(CHICAGO, 540, 720, 60) });
    assert_eq!(starts(&ray, "2026-03-07", CHICAGO), Vec::<String>::new(), "a Saturday");
    let at = At { site: site(), zone: CHICAGO };
    let span = Span { opens: 600, closes: 660 };
    let saturday = on("2026-03-07");
    ray.extra.push(Extra { at, first_on: saturday, last_on: saturday, span, slot_minutes: 30 });
    assert_eq!(starts(&ray, "2026-03-07", CHICAGO), ["10:00 CST", "10:30 CST"]);
    let (first_on, last_on) = (on("2026-03-09"), on("2026-03-10"));
    ray.away.push(Away { first_on, last_on, span: Span { opens: 630, closes: 640 } });
    assert_eq!(starts(&ray, "2026-03-09", CHICAGO), ["09:00 CDT", "11:00 CDT"]);
    ray.away.push(Away { first_on, last_on, span: Span::WHOLE });
    assert_eq!(starts(&ray, "2026-03-10", CHICAGO), Vec::<String>::new());
    assert_eq!(starts(&ray, "2026-03-11", CHICAGO).len(), 3);
}

#[test]
fn hours_begin_and_end_on_their_days() {
    let ray = of(Weekly {
        until_on: Some(on("2026-03-03")),
        from_on: on("2026-03-02"),
        ..every_day(CHICAGO, 540, 600, 60)
    });
    let days = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"];
    assert_eq!(days.map(|day| starts(&ray, day, CHICAGO).len()), [0, 1, 1, 0]);
}

#[test]
fn what_is_booked_is_not_free() {
    let slots = of(every_day(CHICAGO, 540, 720, 60)).of_day(on("2026-03-02"));
    let second = slots[1];
    let left = free(slots.clone(), &[(second.starts_at + TimeDelta::minutes(30), second.ends_at)]);
    assert_eq!(left, [slots[0], slots[2]]);
}

prop_compose! {
    fn hours()(zone in 0..ZONES.len(), opens in 0i32..96, length in 1i32..96, slot in 1i32..12, days in 0i32..128) -> Weekly {
        let (opens, slot_minutes) = (opens * 15, slot * 15);
        let closes = (opens + length * 15).min(DAY);
        Weekly { days: Weekdays(days), ..every_day(ZONES[zone], opens, closes, slot_minutes) }
    }
}

/// Days of two years; every other one is a day on which clocks change in one of the zones.
fn days() -> impl Strategy<Value = u64> {
    prop_oneof![0u64..730, proptest::sample::select(vec![66, 94, 248, 276, 304])]
}

proptest! {
    #[test]
    fn no_slot_meets_another_and_each_is_inside_its_hours(
        weekly in proptest::collection::vec(hours(), 1..4), day in days()
    ) {
        let on = on("2026-01-01") + Days::new(day);
        let slots = Availability { weekly: weekly.clone(), ..Availability::default() }.of_day(on);
        let starts: BTreeSet<_> = slots.iter().map(|slot| slot.starts_at).collect();
        prop_assert_eq!(starts.len(), slots.len(), "a time stands twice");
        for pair in slots.windows(2) {
            prop_assert!(pair[0].ends_at <= pair[1].starts_at, "{:?} meets {:?}", pair[0], pair[1]);
        }
        for slot in &slots {
            let inside = weekly.iter().any(|w| {
                let local = slot.starts_at.with_timezone(&w.at.zone);
                let last = (slot.ends_at - TimeDelta::minutes(1)).with_timezone(&w.at.zone);
                let minute = |t: chrono::NaiveTime| i32::try_from(chrono::Timelike::num_seconds_from_midnight(&t) / 60).unwrap();
                local.date_naive() == on && last.date_naive() == on
                    && w.days.holds(on)
                    && w.span.opens <= minute(local.time())
                    && minute(last.time()) < w.span.closes
                    && slot.ends_at - slot.starts_at == TimeDelta::minutes(i64::from(w.slot_minutes))
            });
            prop_assert!(inside, "{slot:?} is in none of {weekly:?} on {on}");
        }
    }

    /// On a day without a change of clocks every slot of the hours is there: none is lost.
    #[test]
    fn a_usual_day_has_every_slot(weekly in hours(), day in days()) {
        let on = on("2026-01-01") + Days::new(day);
        let (from, until) = (moment(on, 0, weekly.at.zone), moment(on, DAY, weekly.at.zone));
        let usual = from.zip(until).is_some_and(|(from, until)| until - from == TimeDelta::hours(24));
        prop_assume!(usual);
        let expected = if weekly.days.holds(on) {
            (weekly.span.closes - weekly.span.opens) / weekly.slot_minutes
        } else { 0 };
        prop_assert_eq!(of(weekly).of_day(on).len(), usize::try_from(expected).unwrap());
    }

    /// However a stretch of time is cut in two, both parts together have the same slots.
    #[test]
    fn between_two_moments_nothing_is_lost_or_doubled(weekly in hours(), from in 0i64..300, first in 0i64..60, second in 0i64..60) {
        let ray = of(weekly);
        let from: Instant = "2026-01-01T00:00:00Z".parse::<Instant>().unwrap() + TimeDelta::hours(from * 24);
        let (middle, until) = (from + TimeDelta::hours(first), from + TimeDelta::hours(first + second));
        let mut both = ray.between(from, middle);
        both.extend(ray.between(middle, until));
        prop_assert_eq!(both, ray.between(from, until));
    }
}
