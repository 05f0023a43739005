//! Referrals: how urgent one is that came in, and the way of one that goes out (domain reference 2.11, 2.13).

use chrono::TimeDelta;
use foundation::Instant;

use super::words::{Danger, Urgency};

foundation::words! {
    /// Whether the person knows that they are referred, and agrees. Three answers, and none of them is another.
    pub enum Agrees {
        Yes = "yes", "Yes, they know and agree",
        No = "no", "No: they do not know of it, or do not agree",
        NotKnown = "not_known", "I do not know",
    }
}

foundation::words! {
    /// How soon care is needed, in the referrer's eyes.
    pub enum Soon {
        Today = "today", "Today",
        ThisWeek = "this_week", "This week",
        CanWait = "can_wait", "It can wait longer",
    }
}

foundation::words! {
    /// Whether records came along that were protected by 42 CFR Part 2 already.
    pub enum Protected {
        Yes = "yes", "Yes",
        No = "no", "No",
        NotKnown = "not_known", "I do not know",
    }
}

foundation::words! {
    /// What the center says to a referral.
    pub enum Decision {
        Accepted = "accepted", "We can help",
        Declined = "declined", "We are not the right place",
    }
}

/// How urgent a referral is: danger now goes before everything, then how soon the referrer needs it.
pub fn urgency(danger: Danger, soon: Soon) -> Urgency {
    match (Urgency::of(danger), soon) {
        (pressing, _) if pressing.is_pressing() => pressing,
        (_, Soon::Today) => Urgency::SameDay,
        (other, _) => other,
    }
}

foundation::words! {
    /// By which way a person goes on to another provider.
    pub enum Handoff {
        Packet = "packet", "We tell them what the person allowed in writing",
        OwnCall = "own_call", "The person calls there, and we sit with them",
    }
}

foundation::words! {
    /// Where a referral to another provider stands.
    pub enum State {
        Offered = "offered", "Offered",
        Accepted = "accepted", "They can take them",
        Scheduled = "scheduled", "Has an appointment",
        Arrived = "arrived", "Arrived",
        NoShow = "no_show", "Did not arrive",
        ReEngage = "re_engage", "In touch with them again",
        Declined = "declined", "They could not take them",
        Ended = "ended", "Came to nothing",
    }
}

impl State {
    /// What can follow. Whoever arrives has arrived, however far the papers were.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Offered | Self::ReEngage => {
                &[Self::Accepted, Self::Scheduled, Self::Arrived, Self::NoShow, Self::Declined, Self::Ended]
            }
            Self::Accepted | Self::Scheduled => {
                &[Self::Scheduled, Self::Arrived, Self::NoShow, Self::Declined, Self::Ended]
            }
            Self::NoShow => &[Self::ReEngage, Self::Arrived, Self::Ended],
            Self::Arrived | Self::Declined | Self::Ended => &[],
        }
    }

    /// Whether somebody still looks after it.
    pub const fn is_open(self) -> bool {
        !self.next().is_empty()
    }
}

foundation::words! {
    /// How an arrival is known.
    pub enum Known {
        FromPerson = "from_person", "The person said so",
        WeWereThere = "we_were_there", "One of us went along",
        FromThem = "from_organization", "We asked there, by name",
    }
}

foundation::words! {
    /// What makes a handoff warm.
    pub enum WarmStep {
        ThreeWayCall = "three_way_call", "A call of all three: the person, they and we",
        AppointmentMade = "appointment_made", "The appointment was made before anyone hung up",
        Transport = "transport", "How they get there is arranged",
        ConfirmPlanned = "confirm_planned", "Somebody is named who asks within 24 hours whether they arrived",
    }
}

/// Days after an appointment, or after the referral, on which somebody asks whether they arrived.
const CONFIRMS: [i64; 2] = [1, 7];

/// When to ask whether they arrived for the `done + 1`-th time; `None` when it was asked often enough.
pub fn confirm_at(state: State, now: Instant, since: Instant, done: usize) -> Option<Instant> {
    match state {
        // Called the same hour, with the safety questions, and offered anew within a day.
        State::NoShow => Some(now + TimeDelta::hours(1)),
        State::ReEngage => Some(now + TimeDelta::hours(24)),
        State::Arrived | State::Declined | State::Ended => None,
        State::Offered | State::Accepted | State::Scheduled => {
            CONFIRMS.get(done).map(|days| since + TimeDelta::days(*days))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danger_goes_before_what_the_referrer_thinks_of_time() {
        assert_eq!(urgency(Danger::Yes, Soon::CanWait), Urgency::Emergency);
        assert_eq!(urgency(Danger::NotSure, Soon::Today), Urgency::Urgent);
        assert_eq!(urgency(Danger::No, Soon::Today), Urgency::SameDay);
        assert_eq!(urgency(Danger::No, Soon::ThisWeek), Urgency::Routine);
    }

    #[test]
    fn it_is_asked_on_the_first_and_the_seventh_day_and_at_once_when_nobody_came() {
        let noon: Instant = "2026-03-02T18:00:00Z".parse().unwrap();
        let asked = |state, done| confirm_at(state, noon, noon, done).map(|at| (at - noon).num_hours());
        assert_eq!([asked(State::Offered, 0), asked(State::Scheduled, 1)], [Some(24), Some(168)]);
        assert_eq!(asked(State::Scheduled, 2), None);
        assert_eq!([asked(State::NoShow, 2), asked(State::ReEngage, 0)], [Some(1), Some(24)]);
        assert_eq!(asked(State::Arrived, 0), None);
    }

    #[test]
    fn every_way_ends_and_nobody_who_arrived_is_lost_again() {
        for state in State::ALL {
            // From every open state one can arrive; a no-show is never a dead end.
            assert_eq!(state.is_open(), state.next().contains(&State::Arrived), "{state}");
        }
        assert!(State::NoShow.next().contains(&State::ReEngage));
        assert!(!State::Offered.next().contains(&State::ReEngage));
    }
}
