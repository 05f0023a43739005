//! The waitlist as rules: who comes first and why, what is owed meanwhile, when to keep in touch, how long it may take
//! (domain reference 2.12; the classes are those of 45 CFR 96.126 and 96.131 for federally funded programs).

use chrono::TimeDelta;
use foundation::Instant;

use super::words::Urgency;

foundation::words! {
    /// Classes of priority, the first first.
    pub enum Class {
        PregnantInjecting = "pregnant_injecting", "Pregnant, and injecting drugs",
        Pregnant = "pregnant", "Pregnant",
        Injecting = "injecting", "Injecting drugs",
        Other = "other", "None of these",
        NotAsked = "not_asked", "Not asked yet",
    }
}

foundation::words! {
    /// What helps until there is a place.
    pub enum Interim {
        Counseling = "counseling", "Counseling on HIV, TB and hepatitis C",
        Naloxone = "naloxone", "Naloxone",
        Medicine = "medicine", "Medicine until then (MOUD bridge)",
        PeerCalls = "peer_calls", "Calls from a peer",
        Telehealth = "telehealth", "A group by telehealth",
    }
}

foundation::words! {
    /// How waiting ended.
    pub enum WhyLeft {
        Admitted = "admitted", "A place was found here",
        Elsewhere = "elsewhere", "They found a place elsewhere",
        NotWanted = "not_wanted", "They no longer want it",
        NotReached = "not_reached", "They could not be reached",
        Closed = "closed", "The request was closed",
    }
}

impl WhyLeft {
    /// Those a person can choose; the others follow from what becomes of the request.
    pub fn choosable() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|why| !matches!(why, Self::Admitted | Self::Closed))
    }
}

impl Class {
    /// 0 comes first. Whoever was not asked waits with the others, never behind them.
    pub fn rank(self) -> u8 {
        match self {
            Self::PregnantInjecting => 0,
            Self::Pregnant => 1,
            Self::Injecting => 2,
            Self::Other | Self::NotAsked => 3,
        }
    }

    /// Whether help is owed within 48 hours when there is no place at once.
    pub fn is_owed_help(self) -> bool {
        self.rank() < 3
    }

    /// By when there should be a place, in days: at once when pregnant; 14, or 120 with help meanwhile, when injecting.
    pub fn place_within(self, helped: bool) -> Option<i64> {
        match self {
            Self::PregnantInjecting | Self::Pregnant => Some(0),
            Self::Injecting => Some(if helped { 120 } else { 14 }),
            Self::Other | Self::NotAsked => None,
        }
    }
}

/// Help is owed within 48 hours.
const HELP_WITHIN: TimeDelta = TimeDelta::hours(48);

/// Nobody waits longer than a week without a word.
pub const MOST_CONTACT_DAYS: i32 = 7;

/// The facts that decide who comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub class: Class,
    pub urgency: Urgency,
    pub added_at: Instant,
}

/// The order: class, then clinical urgency, then who has waited longest.
pub fn order(facts: &Facts) -> (u8, u8, Instant) {
    (facts.class.rank(), facts.urgency.rank(), facts.added_at)
}

/// Why someone stands where they stand, against the one before them.
pub fn why(before: Option<&Facts>, own: &Facts) -> String {
    let Some(before) = before else {
        return "Next: nobody on this list comes before them.".into();
    };
    if before.class.rank() != own.class.rank() {
        return format!("After those who come first by law: {}.", before.class.words().to_lowercase());
    }
    if before.urgency.rank() != own.urgency.rank() {
        return format!("After those who are more urgent: {}.", before.urgency.words().to_lowercase());
    }
    "After those who have waited longer.".into()
}

/// When help is owed that nobody has given yet.
pub fn help_due(facts: &Facts, helped: bool) -> Option<Instant> {
    (facts.class.is_owed_help() && !helped).then(|| facts.added_at + HELP_WITHIN)
}

/// When someone should hear from the center again.
pub fn contact_due(added_at: Instant, contacted_at: Option<Instant>, days: i32) -> Instant {
    let days = days.clamp(1, MOST_CONTACT_DAYS);
    contacted_at.unwrap_or(added_at) + TimeDelta::days(i64::from(days))
}

/// How long it took lately: the median of whole days, and of how many people. Nobody is no number.
pub fn expected(mut waited: Vec<i64>) -> Option<(i64, usize)> {
    waited.sort_unstable();
    let (n, middle) = (waited.len(), waited.len() / 2);
    let upper = *waited.get(middle)?;
    let lower = if n.is_multiple_of(2) { *waited.get(middle.checked_sub(1)?)? } else { upper };
    Some((i64::midpoint(lower, upper), n))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(hours: i64) -> Instant {
        "2026-03-02T15:00:00Z".parse::<Instant>().unwrap() + TimeDelta::hours(hours)
    }

    fn facts(class: Class, urgency: Urgency, hours: i64) -> Facts {
        Facts { class, urgency, added_at: at(hours) }
    }

    #[test]
    fn pregnant_people_come_first_then_who_injects_then_the_more_urgent_then_who_waited_longest() {
        let longest = facts(Class::Other, Urgency::Routine, 0);
        let later = facts(Class::NotAsked, Urgency::Routine, 1);
        let urgent = facts(Class::Other, Urgency::Urgent, 5);
        let injecting = facts(Class::Injecting, Urgency::Routine, 8);
        let pregnant = facts(Class::Pregnant, Urgency::Routine, 9);
        let mut list = [later, longest, urgent, injecting, pregnant];
        list.sort_by_key(order);
        assert_eq!(list, [pregnant, injecting, urgent, longest, later]);
        assert_eq!(why(None, &pregnant), "Next: nobody on this list comes before them.");
        assert_eq!(why(Some(&pregnant), &injecting), "After those who come first by law: pregnant.");
        assert_eq!(why(Some(&urgent), &longest), "After those who are more urgent: urgent.");
        assert_eq!(why(Some(&longest), &later), "After those who have waited longer.");
    }

    #[test]
    fn help_is_owed_within_two_days_and_a_word_within_a_week() {
        let zoe = facts(Class::Injecting, Urgency::Routine, 0);
        assert_eq!(help_due(&zoe, false), Some(at(48)));
        assert_eq!(help_due(&zoe, true), None);
        assert_eq!(help_due(&facts(Class::Other, Urgency::Routine, 0), false), None);
        assert_eq!(
            (Class::Injecting.place_within(false), Class::Injecting.place_within(true)),
            (Some(14), Some(120))
        );
        assert_eq!(contact_due(at(0), None, 3), at(72));
        assert_eq!(contact_due(at(0), Some(at(24)), 90), at(24 + 7 * 24));
    }

    #[test]
    fn how_long_it_takes_is_the_middle_of_what_it_took_and_nobody_is_no_number() {
        assert_eq!(expected(vec![]), None);
        assert_eq!(expected(vec![9]), Some((9, 1)));
        assert_eq!(expected(vec![30, 2, 4]), Some((4, 3)));
        assert_eq!(expected(vec![2, 10]), Some((6, 2)));
    }

    proptest! {
        #[test]
        fn the_middle_lies_between_the_shortest_and_the_longest(days in proptest::collection::vec(0i64..400, 1..30)) {
            let (least, most) = (*days.iter().min().unwrap(), *days.iter().max().unwrap());
            let (middle, of) = expected(days.clone()).unwrap();
            prop_assert!((least..=most).contains(&middle));
            prop_assert_eq!(of, days.len());
        }
    }
}
