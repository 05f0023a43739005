//! Quiet hours (domain reference 1.14): a call or text may go between 9:00 and 19:59 in every zone that may apply, because
//! a phone number tells of one place and an address of another. Hours the person named as safe are kept besides.

use chrono::{Datelike, TimeDelta, Timelike, Weekday};
use foundation::{Instant, Zone};

use super::contact::Hours;

/// First hour in which a call or text may go, and the hour at which the window ends. Narrower than the law (8 a.m. to
/// 9 p.m. of the recipient, 47 CFR 64.1200(c)(1)), because several states are narrower.
const WINDOW: (u32, u32) = (9, 20);

/// Both extremes of the United States: when nothing is known of the zone, it must be a good hour in both.
const EXTREMES: [Zone; 2] = [Zone::America__New_York, Zone::Pacific__Honolulu];

/// So far ahead a good hour is looked for: hours on weekdays only come back after a weekend.
const HOURS_AHEAD: i64 = 8 * 24;

foundation::words! {
    /// Why somebody called at an hour that is not a good one.
    pub enum WhyNow {
        TheyAsked = "they_asked", "They asked to be called at this hour",
        TheyReturned = "they_returned", "They had called just before",
        Worried = "worried", "We are worried about their safety",
        Mistake = "mistake", "By mistake",
    }
}

impl WhyNow {
    /// The reasons, with their words.
    #[must_use]
    pub fn choices() -> Vec<(&'static str, &'static str)> {
        Self::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
    }
}

/// What is known of where the person is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// The zone they told us, or of their address.
    pub address: Option<Zone>,
    /// The zones of the phone number's area code.
    pub area_code: Vec<Zone>,
}

impl Whereabouts {
    /// Every zone that must agree, the one they live in first.
    fn zones(&self) -> Vec<Zone> {
        let known: Vec<Zone> = self.address.into_iter().chain(self.area_code.iter().copied()).collect();
        if known.is_empty() { EXTREMES.to_vec() } else { known }
    }
}

/// Whether a call or text may go at `now`: inside the window in every zone that may apply.
#[must_use]
pub fn may_ring(whereabouts: &Whereabouts, now: Instant) -> bool {
    whereabouts.zones().into_iter().all(|zone| is_in_window(now, zone))
}

fn is_in_window(now: Instant, zone: Zone) -> bool {
    let (from, until) = WINDOW;
    (from..until).contains(&now.with_timezone(&zone).hour())
}

/// Whether `now` lies in the hours the person named as safe, in their zone; without hours any time does. When the zone
/// is not known the hours must hold at both extremes.
#[must_use]
pub fn is_safe_hour(hours: Option<&Hours>, whereabouts: &Whereabouts, now: Instant) -> bool {
    let Some(hours) = hours else { return true };
    // They named the hours of the clock on their own wall.
    let zones = whereabouts.address.map_or_else(|| whereabouts.zones(), |home| vec![home]);
    zones.into_iter().all(|zone| is_within(*hours, now, zone))
}

/// Whether a moment lies in the hours that somebody named, by one clock.
fn is_within(hours: Hours, now: Instant, zone: Zone) -> bool {
    let local = now.with_timezone(&zone);
    let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
    let hour = local.hour();
    u32::from(hours.from) <= hour && hour < u32::from(hours.until) && !(hours.weekdays_only && weekend)
}

/// Why nobody should call now, as whoever is about to dial reads it: "Not now: it is 8:30 am where they live." `None`
/// at a good hour. Hours they named themselves count whatever the window says: who asked for seven in the morning is
/// called at seven.
#[must_use]
pub fn why_not_now(whereabouts: &Whereabouts, hours: Option<&Hours>, now: Instant) -> Option<String> {
    let clock = |zone: &Zone| now.with_timezone(zone).format("%-I:%M %P").to_string();
    if let Some(named) = hours {
        let zones = whereabouts.zones();
        let their = zones.first()?;
        let day = now.with_timezone(their).format("%A");
        return (!is_safe_hour(hours, whereabouts, now))
            .then(|| format!("Not now: it is {day}, {} there. They named {}.", clock(their), named.words()));
    }
    if may_ring(whereabouts, now) {
        return None;
    }
    let wrong = whereabouts.zones().into_iter().find(|zone| !is_in_window(now, *zone))?;
    Some(match (whereabouts.address, whereabouts.area_code.is_empty()) {
        (Some(home), _) if home == wrong => format!("Not now: it is {} where they live.", clock(&wrong)),
        (_, false) => format!("Not now: it is {} where their number is from.", clock(&wrong)),
        (_, true) => {
            format!("Not now: nobody knows where they live, and in {} it is {}.", place(wrong), clock(&wrong))
        }
    })
}

/// A zone as people say it: "New York".
fn place(zone: Zone) -> String {
    zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ")
}

/// The first moment from `from` on at which it is a good hour for a call; `None` when the hours they named never are.
#[must_use]
pub fn next_to_ring(whereabouts: &Whereabouts, hours: Option<&Hours>, from: Instant) -> Option<Instant> {
    first(from, |at| why_not_now(whereabouts, hours, at).is_none())
}

/// The first moment from `from` on that lies in the hours they named.
#[must_use]
pub fn next_safe(hours: Option<&Hours>, whereabouts: &Whereabouts, from: Instant) -> Option<Instant> {
    first(from, |at| is_safe_hour(hours, whereabouts, at))
}

/// `from` itself when it will do, or the first full hour after it that does.
fn first(from: Instant, will_do: impl Fn(Instant) -> bool) -> Option<Instant> {
    let into_the_hour = TimeDelta::seconds(i64::from(from.minute() * 60 + from.second()));
    let hours = (1..=HOURS_AHEAD).map(|n| from - into_the_hour + TimeDelta::hours(n));
    std::iter::once(from).chain(hours).find(|at| will_do(*at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    /// Mari lives in California and kept her New York number.
    fn maris() -> Whereabouts {
        Whereabouts { address: Some(Zone::America__Los_Angeles), area_code: vec![Zone::America__New_York] }
    }

    #[test]
    fn mari_is_rung_only_when_it_is_a_good_hour_in_both_places() {
        assert!(!may_ring(&maris(), at("2026-07-01T15:30:00Z")), "8:30 at home");
        assert!(may_ring(&maris(), at("2026-07-01T17:00:00Z")));
        assert!(may_ring(&maris(), at("2026-07-01T23:30:00Z")));
        assert!(!may_ring(&maris(), at("2026-07-02T00:30:00Z")), "20:30 where her number is from");
    }

    #[test]
    fn the_window_opens_at_nine_and_the_last_minute_is_19_59() {
        let here = Whereabouts { address: Some(Zone::America__New_York), area_code: Vec::new() };
        assert!(!may_ring(&here, at("2026-07-01T12:59:59Z")));
        assert!(may_ring(&here, at("2026-07-01T13:00:00Z")));
        assert!(may_ring(&here, at("2026-07-01T23:59:59Z")));
        assert!(!may_ring(&here, at("2026-07-02T00:00:00Z")));
    }

    #[test]
    fn nobody_knows_where_bogdan_is_so_it_must_be_day_from_new_york_to_hawaii() {
        let nowhere = Whereabouts::default();
        assert!(!may_ring(&nowhere, at("2026-07-01T17:00:00Z")), "7:00 in Honolulu");
        assert!(may_ring(&nowhere, at("2026-07-01T19:00:00Z")));
        assert!(!may_ring(&nowhere, at("2026-07-02T00:00:00Z")), "20:00 in New York");
    }

    #[test]
    fn summer_time_moves_the_window_where_there_is_summer_time() {
        let phoenix = Whereabouts { address: Some(Zone::America__Phoenix), area_code: Vec::new() };
        let denver = Whereabouts { address: Some(Zone::America__Denver), area_code: Vec::new() };
        for (moment, in_phoenix, in_denver) in
            [("2026-07-01T15:30:00Z", false, true), ("2026-01-05T15:30:00Z", false, false)]
        {
            assert_eq!(
                (may_ring(&phoenix, at(moment)), may_ring(&denver, at(moment))),
                (in_phoenix, in_denver)
            );
        }
    }

    #[test]
    fn weekdays_9_to_4_is_not_saturday_and_not_four() {
        let hours = Hours::new(9, 16, true);
        let home = Whereabouts { address: Some(Zone::America__Chicago), area_code: Vec::new() };
        assert!(is_safe_hour(hours.as_ref(), &home, at("2026-03-02T15:00:00Z")));
        assert!(!is_safe_hour(hours.as_ref(), &home, at("2026-03-02T22:00:00Z")), "16:00");
        assert!(!is_safe_hour(hours.as_ref(), &home, at("2026-03-07T16:00:00Z")), "Saturday");
        assert!(is_safe_hour(None, &home, at("2026-03-07T16:00:00Z")));
    }

    /// Domain reference A.4, row by row, in summer.
    #[test]
    fn a_4_what_the_caller_reads_before_dialing_mari() {
        let said = |moment| why_not_now(&maris(), None, at(moment));
        assert_eq!(said("2026-07-01T15:30:00Z").as_deref(), Some("Not now: it is 8:30 am where they live."));
        assert_eq!(said("2026-07-01T17:00:00Z"), None);
        assert_eq!(said("2026-07-01T23:30:00Z"), None);
        let late = said("2026-07-02T00:30:00Z");
        assert_eq!(late.as_deref(), Some("Not now: it is 8:30 pm where their number is from."));
        let nowhere = why_not_now(&Whereabouts::default(), None, at("2026-07-01T17:00:00Z"));
        assert_eq!(
            nowhere.as_deref(),
            Some("Not now: nobody knows where they live, and in Honolulu it is 7:00 am.")
        );
    }

    #[test]
    fn who_named_hours_is_called_in_those_and_told_which() {
        let home = Whereabouts { address: Some(Zone::America__Chicago), area_code: Vec::new() };
        let early = Hours::new(7, 9, true);
        assert_eq!(
            why_not_now(&home, early.as_ref(), at("2026-03-02T13:30:00Z")),
            None,
            "7:30, as she asked"
        );
        assert_eq!(
            why_not_now(&home, early.as_ref(), at("2026-03-07T14:00:00Z")).as_deref(),
            Some("Not now: it is Saturday, 8:00 am there. They named weekdays, 7 am to 9 am.")
        );
        let monday = next_to_ring(&home, early.as_ref(), at("2026-03-07T14:10:00Z"));
        assert_eq!(monday, Some(at("2026-03-09T12:00:00Z")), "Monday at seven, in summer time");
    }

    #[test]
    fn a_letter_waits_for_the_next_hour_she_named() {
        let home = Whereabouts { address: Some(Zone::America__Chicago), area_code: Vec::new() };
        let hours = Hours::new(9, 16, true);
        let friday_night = at("2026-03-06T23:20:00Z");
        assert_eq!(next_safe(hours.as_ref(), &home, friday_night), Some(at("2026-03-09T14:00:00Z")));
        assert_eq!(next_safe(None, &home, friday_night), Some(friday_night));
    }

    proptest! {
        #[test]
        fn knowing_one_more_zone_never_widens_the_hours(
            first in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
            second in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
            minutes in 0_i64..2_000_000,
        ) {
            let now = at("2025-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
            let one = Whereabouts { address: Some(first), area_code: Vec::new() };
            let two = Whereabouts { address: Some(first), area_code: vec![second] };
            prop_assert!(may_ring(&one, now) || !may_ring(&two, now));
        }
    }
}
