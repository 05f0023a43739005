//! When the first call is due: 15 minutes in office hours, 60 outside them, and never before the hours the person
//! allows (service levels of the domain reference, 2.10; the clock waits for safe-contact hours only).

use chrono::{Datelike, Days, NaiveDate, TimeDelta, TimeZone, Timelike, Weekday};
use consent::rules::contact::Hours;
use foundation::{Instant, Zone};

/// Office hours: every day of the week, because someone answers every day; nights are slower.
const OFFICE: std::ops::Range<u32> = 8..20;

/// The moment by which someone who asked at `received` should have been called.
pub fn due_at(received: Instant, zone: Zone, hours: Option<&Hours>) -> Instant {
    let begins = hours.map_or(received, |h| next_allowed(received, zone, h));
    let local = begins.with_timezone(&zone);
    let wait = if OFFICE.contains(&local.hour()) { TimeDelta::minutes(15) } else { TimeDelta::minutes(60) };
    begins + wait
}

/// `from`, or the next moment at which `hours` allow a call.
pub fn next_allowed(from: Instant, zone: Zone, hours: &Hours) -> Instant {
    let local = from.with_timezone(&zone);
    for ahead in 0..8 {
        let Some(date) = local.date_naive().checked_add_days(Days::new(ahead)) else { break };
        if hours.weekdays_only && matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            continue;
        }
        let (Some(opens), Some(closes)) = (at(date, hours.from, zone), at(date, hours.until, zone)) else {
            continue;
        };
        if from < closes {
            return from.max(opens);
        }
    }
    from
}

/// A full hour of a civil date as an instant. Where daylight saving skips the hour, the next one that exists.
pub(super) fn at(date: NaiveDate, hour: u8, zone: Zone) -> Option<Instant> {
    let midnight = if hour == 24 { date.checked_add_days(Days::new(1))? } else { date };
    let wall = midnight.and_hms_opt(u32::from(hour % 24), 0, 0)?;
    let exists = zone.from_local_datetime(&wall).earliest();
    let exists = exists.or_else(|| zone.from_local_datetime(&(wall + TimeDelta::hours(1))).earliest())?;
    Some(exists.to_utc())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHICAGO: Zone = chrono_tz::America::Chicago;

    fn moment(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn jo_writes_at_ten_in_the_morning_and_is_called_within_fifteen_minutes() {
        // 10:12 in Chicago
        assert_eq!(due_at(moment("2026-03-02T16:12:00Z"), CHICAGO, None), moment("2026-03-02T16:27:00Z"));
    }

    #[test]
    fn a_note_at_two_at_night_is_answered_within_the_hour() {
        assert_eq!(due_at(moment("2026-03-02T08:00:00Z"), CHICAGO, None), moment("2026-03-02T09:00:00Z"));
    }

    #[test]
    fn nobody_is_called_before_the_hours_they_allow() {
        let hours = Hours::new(9, 16, true).unwrap();
        // Saturday 22:00 in Chicago: the next weekday hour is Monday 9:00.
        assert_eq!(
            due_at(moment("2026-03-08T04:00:00Z"), CHICAGO, Some(&hours)),
            moment("2026-03-09T14:15:00Z")
        );
        // Within the hours nothing waits.
        assert_eq!(
            due_at(moment("2026-03-02T16:12:00Z"), CHICAGO, Some(&hours)),
            moment("2026-03-02T16:27:00Z")
        );
    }

    #[test]
    fn the_night_the_clocks_change_is_no_exception() {
        // 8 March 2026, 2:00 does not exist in Chicago; hours from 2 begin at 3.
        let hours = Hours::new(2, 6, false).unwrap();
        let due = due_at(moment("2026-03-08T07:00:00Z"), CHICAGO, Some(&hours));
        assert_eq!(due, moment("2026-03-08T09:00:00Z"));
    }

    proptest! {
        #[test]
        fn a_call_is_never_due_before_the_request_nor_outside_the_hours(
            minutes in 0i64..1_051_200, from in 0u8..23, length in 1u8..12, weekdays in any::<bool>()
        ) {
            let received = moment("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
            let hours = Hours::new(from, (from + length).min(24), weekdays).unwrap();
            let begins = next_allowed(received, CHICAGO, &hours);
            prop_assert!(begins >= received);
            prop_assert!(begins - received <= TimeDelta::days(4));
            let local = begins.with_timezone(&CHICAGO);
            prop_assert!(!(weekdays && matches!(local.weekday(), Weekday::Sat | Weekday::Sun)));
        }
    }
}
