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
        let then = next(Outcome::NoAnswer, 1, noon(), chrono_tz::America::Chicago, Some(&hours));
        assert_eq!(then, Next::TryAgain("2026-03-03T15:00:00Z".parse().unwrap()));
    }
}
