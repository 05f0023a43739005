//! When to try again someone who was not reached (domain reference 2.11): soon at first, then at other times of day,
//! at most eight times, and never against what they said.

use chrono::TimeDelta;
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

/// What follows the `tries`-th try (from 1) with this outcome.
pub fn next(outcome: Outcome, tries: usize, at: Instant, zone: Zone, hours: Option<&Hours>) -> Next {
    match outcome {
        Outcome::Reached => Next::Talked,
        Outcome::Declined | Outcome::WrongNumber => Next::Stop,
        Outcome::VoicemailLeft | Outcome::NoAnswer | Outcome::NotSafe => {
            let Some(pause) = tries.checked_sub(1).and_then(|n| PAUSES.get(n)) else { return Next::Enough };
            let then = at + *pause;
            Next::TryAgain(hours.map_or(then, |h| next_allowed(then, zone, h)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> Instant {
        "2026-03-02T18:00:00Z".parse().unwrap()
    }

    #[test]
    fn someone_who_did_not_answer_is_tried_eight_times_and_then_a_person_decides() {
        let zone = chrono_tz::America::Chicago;
        let mut at = noon();
        let mut tries = 1;
        while let Next::TryAgain(then) = next(Outcome::NoAnswer, tries, at, zone, None) {
            assert!(then > at);
            (at, tries) = (then, tries + 1);
        }
        assert_eq!(tries, 8);
        assert_eq!(next(Outcome::NoAnswer, 8, at, zone, None), Next::Enough);
    }

    #[test]
    fn a_no_is_a_no() {
        let zone = chrono_tz::America::Chicago;
        assert_eq!(next(Outcome::Declined, 1, noon(), zone, None), Next::Stop);
        assert_eq!(next(Outcome::WrongNumber, 1, noon(), zone, None), Next::Stop);
    }

    #[test]
    fn the_next_try_waits_for_the_safe_hours() {
        let hours = Hours::new(9, 11, true).unwrap();
        let then = next(Outcome::NoAnswer, 1, noon(), chrono_tz::America::Chicago, Some(&hours));
        assert_eq!(then, Next::TryAgain("2026-03-03T15:00:00Z".parse().unwrap()));
    }
}
