//! Quiet hours (domain reference 1.14): a call or text may go between 9:00 and 19:59 in every zone that may apply, because
//! a phone number tells of one place and an address of another. Hours the person named as safe are kept besides.

use chrono::{Datelike, Timelike, Weekday};
use foundation::{Instant, Zone};

use super::contact::Hours;

/// First hour in which a call or text may go, and the hour at which the window ends. Narrower than the law (8 a.m. to
/// 9 p.m. of the recipient, 47 CFR 64.1200(c)(1)), because several states are narrower.
pub const WINDOW: (u32, u32) = (9, 20);

/// Both extremes of the United States: when nothing is known of the zone, it must be a good hour in both.
pub const EXTREMES: [Zone; 2] = [Zone::America__New_York, Zone::Pacific__Honolulu];

/// What is known of where the person is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Whereabouts {
    /// The zone they told us, or of their address.
    pub address: Option<Zone>,
    /// The zone of the phone number's area code.
    pub area_code: Option<Zone>,
}

impl Whereabouts {
    /// Every zone that must agree.
    #[must_use]
    pub fn zones(self) -> Vec<Zone> {
        let known: Vec<Zone> = [self.address, self.area_code].into_iter().flatten().collect();
        if known.is_empty() { EXTREMES.to_vec() } else { known }
    }
}

/// Whether a call or text may go at `now`: inside the window in every zone that may apply.
#[must_use]
pub fn may_ring(whereabouts: Whereabouts, now: Instant) -> bool {
    whereabouts.zones().into_iter().all(|zone| is_in_window(now, zone))
}

fn is_in_window(now: Instant, zone: Zone) -> bool {
    let (from, until) = WINDOW;
    (from..until).contains(&now.with_timezone(&zone).hour())
}

/// Whether `now` lies in the hours the person named as safe, in their zone; without hours any time does. When the zone
/// is not known the hours must hold at both extremes.
#[must_use]
pub fn is_safe_hour(hours: Option<&Hours>, whereabouts: Whereabouts, now: Instant) -> bool {
    let Some(hours) = hours else { return true };
    whereabouts.zones().into_iter().all(|zone| {
        let local = now.with_timezone(&zone);
        let weekend = matches!(local.weekday(), Weekday::Sat | Weekday::Sun);
        let hour = local.hour();
        u32::from(hours.from) <= hour && hour < u32::from(hours.until) && !(hours.weekdays_only && weekend)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    /// Mari lives in California and kept her New York number.
    fn maris() -> Whereabouts {
        Whereabouts { address: Some(Zone::America__Los_Angeles), area_code: Some(Zone::America__New_York) }
    }

    #[test]
    fn mari_is_rung_only_when_it_is_a_good_hour_in_both_places() {
        assert!(!may_ring(maris(), at("2026-07-01T15:30:00Z")), "8:30 at home");
        assert!(may_ring(maris(), at("2026-07-01T17:00:00Z")));
        assert!(may_ring(maris(), at("2026-07-01T23:30:00Z")));
        assert!(!may_ring(maris(), at("2026-07-02T00:30:00Z")), "20:30 where her number is from");
    }

    #[test]
    fn the_window_opens_at_nine_and_the_last_minute_is_19_59() {
        let here = Whereabouts { address: Some(Zone::America__New_York), area_code: None };
        assert!(!may_ring(here, at("2026-07-01T12:59:59Z")));
        assert!(may_ring(here, at("2026-07-01T13:00:00Z")));
        assert!(may_ring(here, at("2026-07-01T23:59:59Z")));
        assert!(!may_ring(here, at("2026-07-02T00:00:00Z")));
    }

    #[test]
    fn nobody_knows_where_bogdan_is_so_it_must_be_day_from_new_york_to_hawaii() {
        let nowhere = Whereabouts::default();
        assert!(!may_ring(nowhere, at("2026-07-01T17:00:00Z")), "7:00 in Honolulu");
        assert!(may_ring(nowhere, at("2026-07-01T19:00:00Z")));
        assert!(!may_ring(nowhere, at("2026-07-02T00:00:00Z")), "20:00 in New York");
    }

    #[test]
    fn summer_time_moves_the_window_where_there_is_summer_time() {
        let phoenix = Whereabouts { address: Some(Zone::America__Phoenix), area_code: None };
        let denver = Whereabouts { address: Some(Zone::America__Denver), area_code: None };
        for (moment, in_phoenix, in_denver) in
            [("2026-07-01T15:30:00Z", false, true), ("2026-01-05T15:30:00Z", false, false)]
        {
            assert_eq!(
                (may_ring(phoenix, at(moment)), may_ring(denver, at(moment))),
                (in_phoenix, in_denver)
            );
        }
    }

    #[test]
    fn weekdays_9_to_4_is_not_saturday_and_not_four() {
        let hours = Hours::new(9, 16, true);
        let home = Whereabouts { address: Some(Zone::America__Chicago), area_code: None };
        assert!(is_safe_hour(hours.as_ref(), home, at("2026-03-02T15:00:00Z")));
        assert!(!is_safe_hour(hours.as_ref(), home, at("2026-03-02T22:00:00Z")), "16:00");
        assert!(!is_safe_hour(hours.as_ref(), home, at("2026-03-07T16:00:00Z")), "Saturday");
        assert!(is_safe_hour(None, home, at("2026-03-07T16:00:00Z")));
    }

    proptest! {
        #[test]
        fn knowing_one_more_zone_never_widens_the_hours(
            first in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
            second in prop::sample::select(&chrono_tz::TZ_VARIANTS[..]),
            minutes in 0_i64..2_000_000,
        ) {
            let now = at("2025-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
            let one = Whereabouts { address: Some(first), area_code: None };
            let two = Whereabouts { address: Some(first), area_code: Some(second) };
            prop_assert!(may_ring(one, now) || !may_ring(two, now));
        }
    }
}
