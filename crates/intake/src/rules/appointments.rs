//! Appointments as rules: where one can stand, why it was moved or given up, when it is asked about and reminded of
//! (domain reference 2.2 step 12, 2.10, 2.11).

use chrono::{Days, TimeDelta, Timelike};
use consent::rules::contact::Hours;
use foundation::{Day, Instant, Zone};

use super::due::next_allowed;
use super::slots::moment;

/// A time offered within this is kept far more often than a later one (domain reference 2.10).
pub const SOON: TimeDelta = TimeDelta::hours(24);
/// So long after the start nobody wonders any more whether they are just late: it is asked, within the same hour.
pub const GRACE: TimeDelta = TimeDelta::minutes(10);
/// Nobody books farther ahead.
pub const AHEAD: TimeDelta = TimeDelta::days(60);

/// Letters leave between these hours of the place.
const LETTERS: (u8, u8) = (9, 19);
/// A reminder so close after the booking says nothing new.
const TOO_CLOSE: TimeDelta = TimeDelta::hours(4);

foundation::words! {
    /// Where an appointment stands.
    pub enum State {
        Booked = "booked", "Booked",
        Arrived = "arrived", "Arrived",
        NotArrived = "not_arrived", "Did not come",
        Cancelled = "cancelled", "Cancelled",
    }
}

foundation::words! {
    /// Why a time was moved or given up.
    pub enum Why {
        TheyAsked = "they_asked", "They asked for it",
        Transport = "transport", "No way to get here",
        NotSafe = "not_safe", "It was not safe for them",
        Care = "care", "They are in a hospital or other care",
        ClinicianAway = "clinician_away", "The clinician cannot be there",
        Sooner = "sooner", "A sooner time was free",
        Mistake = "mistake", "It was booked by mistake",
        NotWanted = "not_wanted", "They do not want it any more",
        Closed = "closed", "The request was closed",
    }
}

impl Why {
    /// Those a person can choose. That a request was closed follows from the closing.
    pub fn choosable() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|why| *why != Self::Closed)
    }
}

foundation::words! {
    /// How hours differ on some days.
    pub enum ExceptionKind {
        Away = "away", "Away",
        Extra = "extra", "Extra hours",
    }
}

/// Whether a time lies within a day of now.
pub fn is_soon(starts_at: Instant, now: Instant) -> bool {
    starts_at - now <= SOON
}

/// When somebody is asked whether they arrived.
pub fn ask_at(starts_at: Instant) -> Instant {
    starts_at + GRACE
}

/// An hour of letters: none of them is skipped when clocks change, and none comes twice.
fn at_hour(on: Day, hour: u8, zone: Zone) -> Option<Instant> {
    moment(on, i32::from(hour) * 60, zone)
}

/// When the reminder of a time leaves: about a day before, in the hours of letters and in those the person allows, never
/// later than 12 hours before. `None` when there is no such moment, or it would follow too close on the booking.
pub fn remind_at(starts_at: Instant, now: Instant, zone: Zone, hours: Option<&Hours>) -> Option<Instant> {
    let latest = starts_at - TimeDelta::hours(12);
    let local = starts_at.with_timezone(&zone);
    // On the day before; where that is a day they do not allow, the one before that.
    (1..=3).find_map(|days| {
        let on = local.date_naive().checked_sub_days(Days::new(days))?;
        let hour = u8::try_from(local.hour()).ok()?.clamp(LETTERS.0, LETTERS.1);
        let wanted = at_hour(on, hour, zone)?;
        let allowed = hours.map_or(wanted, |hours| {
            // What they allow may begin earlier in the day than the hour of the appointment.
            let morning = at_hour(on, LETTERS.0, zone).unwrap_or(wanted);
            let from = if next_allowed(wanted, zone, hours) == wanted { wanted } else { morning };
            next_allowed(from, zone, hours)
        });
        let closes = at_hour(on, LETTERS.1 + 1, zone)?;
        (allowed < closes && allowed <= latest && now + TOO_CLOSE <= allowed).then_some(allowed)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHICAGO: Zone = chrono_tz::America::Chicago;

    fn moment(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn clock(at: Option<Instant>) -> String {
        at.map_or_else(|| "none".into(), |at| at.with_timezone(&CHICAGO).format("%a %H:%M").to_string())
    }

    #[test]
    fn a_reminder_leaves_on_the_day_before_in_hours_that_are_safe() {
        // Thursday 10:00 in Chicago, booked on Monday.
        let (thursday, monday) = (moment("2026-03-05T16:00:00Z"), moment("2026-03-02T16:00:00Z"));
        let remind = |hours: Option<Hours>| clock(remind_at(thursday, monday, CHICAGO, hours.as_ref()));
        assert_eq!(remind(None), "Wed 10:00");
        assert_eq!(remind(Hours::new(14, 16, false)), "Wed 14:00");
        assert_eq!(remind(Hours::new(9, 10, false)), "Wed 09:00", "ten is past what they allow");
        // At night nobody allows, and no letter leaves, there is none.
        assert_eq!(remind(Hours::new(22, 24, false)), "none");
    }

    #[test]
    fn who_allows_weekdays_only_is_reminded_of_a_monday_on_friday() {
        let (monday, before) = (moment("2026-03-09T15:00:00Z"), moment("2026-03-04T16:00:00Z"));
        let hours = Hours::new(9, 17, true);
        assert_eq!(clock(remind_at(monday, before, CHICAGO, hours.as_ref())), "Fri 10:00");
    }

    #[test]
    fn a_time_that_was_booked_for_tomorrow_needs_no_reminder() {
        let (tomorrow, now) = (moment("2026-03-03T16:00:00Z"), moment("2026-03-02T15:00:00Z"));
        assert_eq!(clock(remind_at(tomorrow, now, CHICAGO, None)), "none");
    }

    proptest! {
        #[test]
        fn a_reminder_is_before_the_time_after_now_and_in_the_hours_of_letters(
            ahead in 0i64..20_000, booked in 0i64..500_000, from in 0u8..23, length in 1u8..12, weekdays in any::<bool>()
        ) {
            let now = moment("2026-01-01T00:00:00Z") + TimeDelta::minutes(booked);
            let starts_at = now + TimeDelta::minutes(ahead);
            let hours = Hours::new(from, (from + length).min(24), weekdays).unwrap();
            if let Some(at) = remind_at(starts_at, now, CHICAGO, Some(&hours)) {
                prop_assert!(now < at && at < starts_at);
                prop_assert_eq!(next_allowed(at, CHICAGO, &hours), at, "not an hour they allow");
                let hour = at.with_timezone(&CHICAGO).hour();
                prop_assert!((9..20).contains(&hour), "at {hour}");
            }
        }
    }
}
