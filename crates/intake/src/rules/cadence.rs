//! When to try again someone who was not reached (domain reference 2.11): soon at first, then at other times of day,
//! at most eight times, and never against what they said.

use chrono::{Datelike, Days, TimeDelta, TimeZone, Timelike, Utc};
use consent::rules::contact::Hours;
use foundation::{Instant, Zone};

use super::due::next_allowed;
use super::words::Outcome;

/// Pauses after the first, second … try that did not reach the person. Odd hours are added so that the time of day
/// differs from try to try.
const PAUSES: [TimeDelta; 7] = [
    TimeDelta::hours(2),
    TimeDelta::hours(5),
    TimeDelta::hours(16),
    TimeDelta::hours(29),
    TimeDelta::hours(45),
    TimeDelta::hours(75),
    TimeDelta::hours(165),
];

/// The hours in which somebody is called who said none: never early and never late where they are (domain reference 1.14
/// and A.4; 47 CFR 64.1200(c)(1) allows 8 a.m. to 9 p.m., some states less).
const USUAL: Hours = Hours { from: 9, until: 20, weekdays_only: false };

/// Tries of one request in all.
const IN_ALL: usize = 8;
/// Tries on one day: now, after two hours, and in the evening of the day they asked.
const A_DAY: usize = 3;
/// How long after one voicemail no second one is left.
const BETWEEN_VOICEMAILS: TimeDelta = TimeDelta::days(3);

foundation::words! {
    /// Why somebody tries once more than is usual.
    pub enum Beyond {
        AskedFor = "asked_for", "They called us, or asked us to call",
        NewWay = "new_way", "There is a new number, or a better time",
        Worried = "worried", "We are worried about their safety",
        Promised = "promised", "We promised someone to try again",
    }
}

/// Where the usual number of tries ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// They said no, or the number was wrong.
    Stopped,
    /// All tries are made.
    InAll,
    /// Those of this day are made.
    Today,
    /// A voicemail was left so shortly ago that no second one is, before this moment.
    Voicemail(Instant),
}

/// Which limit a try now would go beyond, given those before it, oldest first. Nobody is called more often than this
/// without a reason that is kept.
pub fn limit(
    before: &[(Instant, Outcome)],
    outcome: Option<Outcome>,
    now: Instant,
    zone: Zone,
) -> Option<Limit> {
    let day = |at: Instant| at.with_timezone(&zone).date_naive();
    let voicemail = before.iter().rev().find(|(_, how)| *how == Outcome::VoicemailLeft);
    let free = voicemail.map(|(at, _)| *at + BETWEEN_VOICEMAILS).filter(|free| *free > now);
    if before.last().is_some_and(|(_, how)| matches!(how, Outcome::Declined | Outcome::WrongNumber)) {
        Some(Limit::Stopped)
    } else if before.len() >= IN_ALL {
        Some(Limit::InAll)
    } else if before.iter().filter(|(at, _)| day(*at) == day(now)).count() >= A_DAY {
        Some(Limit::Today)
    } else {
        free.filter(|_| outcome == Some(Outcome::VoicemailLeft)).map(Limit::Voicemail)
    }
}

/// What follows a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Try again then.
    TryAgain(Instant),
    /// They were reached: the next step is agreed with them.
    Talked,
    /// They said no, or the number is wrong: nobody dials again by rule.
    Stop,
    /// All tries are made. Someone decides whether the door stays open.
    Enough,
}

/// What follows a try with this outcome: the last of `tries`, oldest first, of a person who may be called in these hours of
/// their own zone, or in the usual ones.
pub fn next(outcome: Outcome, tries: &[Instant], zone: Zone, hours: Option<&Hours>) -> Next {
    match outcome {
        Outcome::Reached => Next::Talked,
        Outcome::Declined | Outcome::WrongNumber => Next::Stop,
        Outcome::VoicemailLeft | Outcome::NoAnswer | Outcome::NotSafe => {
            let pause = tries.len().checked_sub(1).and_then(|n| PAUSES.get(n));
            let (Some(pause), Some(at)) = (pause, tries.last()) else { return Next::Enough };
            Next::TryAgain(another_time(*at + *pause, tries, zone, hours.copied().unwrap_or(USUAL)))
        }
    }
}

/// A time from this moment on at another hour and on another weekday than they were tried at, as far as their hours have
/// one: who does not pick up at nine on a Monday may at six on a Tuesday. The same day, while it is about the same day.
fn another_time(from: Instant, tries: &[Instant], zone: Zone, hours: Hours) -> Instant {
    let earliest = next_allowed(from, zone, &hours);
    let first = earliest.with_timezone(&zone).date_naive();
    let later = (0..=1).filter_map(|days| first.checked_add_days(Days::new(days))).flat_map(|day| {
        (u32::from(hours.from)..u32::from(hours.until)).filter_map(move |hour| {
            let at = zone.from_local_datetime(&day.and_hms_opt(hour, 0, 0)?).earliest()?;
            Some(at.with_timezone(&Utc))
        })
    });
    let later = later.filter(|at| *at > earliest && next_allowed(*at, zone, &hours) == *at);
    let local = |at: &Instant| at.with_timezone(&zone);
    let like = |at: &Instant| {
        let same_hour = tries.iter().filter(|tried| local(tried).hour() == local(at).hour()).count();
        let same_day = tries.iter().filter(|tried| local(tried).weekday() == local(at).weekday()).count();
        // The first tries belong to the day on which they asked.
        let days = if tries.len() < A_DAY { (local(at).date_naive() - first).num_days() } else { 0 };
        (days, same_hour, same_day, *at)
    };
    std::iter::once(earliest).chain(later).min_by_key(like).unwrap_or(earliest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn noon() -> Instant {
        "2026-03-02T18:00:00Z".parse().unwrap()
    }

    /// The times at which somebody is tried who never picks up.
    fn tried_until_enough(first: Instant, zone: Zone, hours: Option<&Hours>) -> Vec<Instant> {
        let mut tries = vec![first];
        while let Next::TryAgain(then) = next(Outcome::NoAnswer, &tries, zone, hours) {
            assert!(then > tries[tries.len() - 1]);
            tries.push(then);
        }
        tries
    }

    #[test]
    fn someone_who_did_not_answer_is_tried_eight_times_and_then_a_person_decides() {
        let tries = tried_until_enough(noon(), CHICAGO, None);
        assert_eq!(tries.len(), 8);
        assert_eq!(next(Outcome::NoAnswer, &tries, CHICAGO, None), Next::Enough);
        // Three on the day they asked, at other hours each; in the end on other weekdays.
        let local: Vec<_> = tries.iter().map(|at| at.with_timezone(&CHICAGO)).collect();
        assert_eq!(local[..3].iter().map(Timelike::hour).collect::<Vec<_>>(), [12, 14, 19]);
        assert!(local[..3].iter().all(|at| at.date_naive() == local[0].date_naive()));
        let hours: std::collections::BTreeSet<u32> = local.iter().map(Timelike::hour).collect();
        assert_eq!(hours.len(), 8, "{local:?}");
        let days: std::collections::BTreeSet<u32> =
            local.iter().map(|at| at.weekday().num_days_from_monday()).collect();
        assert!(days.len() >= 4, "{local:?}");
    }

    #[test]
    fn whoever_may_be_called_in_two_hours_a_day_is_tried_in_both() {
        let hours = Hours::new(9, 11, true).unwrap();
        let tries = tried_until_enough("2026-03-02T15:05:00Z".parse().unwrap(), CHICAGO, Some(&hours));
        let at: Vec<u32> = tries.iter().map(|at| at.with_timezone(&CHICAGO).hour()).collect();
        assert!(
            at.iter().filter(|hour| **hour == 9).count() == 4 && at.iter().all(|h| (9..11).contains(h)),
            "{at:?}"
        );
    }

    #[test]
    fn a_no_is_a_no() {
        let zone = chrono_tz::America::Chicago;
        assert_eq!(next(Outcome::Declined, &[noon()], zone, None), Next::Stop);
        assert_eq!(next(Outcome::WrongNumber, &[noon()], zone, None), Next::Stop);
    }

    proptest! {
        #[test]
        fn nobody_is_tried_outside_of_their_hours_nor_at_night(
            minutes in 0i64..(400 * 24 * 60),
            zone in prop::sample::select(vec![CHICAGO, chrono_tz::America::Los_Angeles, chrono_tz::America::New_York]),
            hours in prop::option::of((0u8..23, 1u8..6, any::<bool>())),
        ) {
            let hours = hours.and_then(|(from, long, weekdays)| Hours::new(from, (from + long).min(24), weekdays));
            let tries = tried_until_enough(noon() + TimeDelta::minutes(minutes), zone, hours.as_ref());
            prop_assert_eq!(tries.len(), 8);
            let allowed = hours.unwrap_or(USUAL);
            for at in &tries[1..] {
                let local = at.with_timezone(&zone);
                let (hour, weekend) = (local.hour(), local.weekday().num_days_from_monday() > 4);
                prop_assert!((u32::from(allowed.from)..u32::from(allowed.until)).contains(&hour), "{}", local);
                prop_assert!(!(allowed.weekdays_only && weekend), "{}", local);
            }
        }
    }

    const CHICAGO: Zone = chrono_tz::America::Chicago;

    #[test]
    fn a_ninth_try_a_fourth_on_one_day_and_a_call_after_a_no_want_a_reason() {
        let tried = |n: i32, hours: i32| -> Vec<(Instant, Outcome)> {
            (0..n)
                .rev()
                .map(|back| (noon() - TimeDelta::hours(1) * hours * back, Outcome::NoAnswer))
                .collect()
        };
        assert_eq!(limit(&[], None, noon(), CHICAGO), None);
        assert_eq!(limit(&tried(7, 24), None, noon(), CHICAGO), None);
        assert_eq!(limit(&tried(8, 24), None, noon(), CHICAGO), Some(Limit::InAll));
        assert_eq!(limit(&tried(2, 1), None, noon(), CHICAGO), None);
        assert_eq!(limit(&tried(3, 1), None, noon(), CHICAGO), Some(Limit::Today));
        let no = [(noon() - TimeDelta::days(9), Outcome::Declined)];
        assert_eq!(limit(&no, None, noon(), CHICAGO), Some(Limit::Stopped));
    }

    #[test]
    fn one_voicemail_in_three_days() {
        let left = [(noon() - TimeDelta::hours(71), Outcome::VoicemailLeft)];
        let free = noon() + TimeDelta::hours(1);
        assert_eq!(limit(&left, Some(Outcome::VoicemailLeft), noon(), CHICAGO), Some(Limit::Voicemail(free)));
        assert_eq!(limit(&left, Some(Outcome::NoAnswer), noon(), CHICAGO), None);
        assert_eq!(limit(&left, Some(Outcome::VoicemailLeft), free, CHICAGO), None);
    }

    #[test]
    fn the_next_try_waits_for_the_safe_hours() {
        let hours = Hours::new(9, 11, true).unwrap();
        let then = next(Outcome::NoAnswer, &[noon()], CHICAGO, Some(&hours));
        assert_eq!(then, Next::TryAgain("2026-03-03T15:00:00Z".parse().unwrap()));
    }
}
