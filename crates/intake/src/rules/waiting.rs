//! Waiting for the caller: why, for how long at most, and what is left of a target when it goes on.

use chrono::TimeDelta;
use foundation::{Faults, Instant};

use super::clock::{Clock, Stretch};
use super::due::after;

foundation::words! {
    /// Why the next word is theirs.
    pub enum WhyWaiting {
        TheyCallBack = "they_call_back", "They said they will call",
        VoicemailLeft = "voicemail_left", "We left a voicemail, as they allow",
        Wrote = "wrote", "We wrote to them",
        TheyBring = "they_bring", "They look for something we need",
    }
}

impl WhyWaiting {
    /// What the row and the page call it: "waiting for … until".
    pub fn awaited(self) -> &'static str {
        match self {
            Self::TheyCallBack | Self::VoicemailLeft => "call",
            Self::Wrote => "answer",
            Self::TheyBring => "papers",
        }
    }
}

foundation::words! {
    /// How it ended before its time.
    pub enum EndedHow {
        Contact = "contact", "They called or wrote",
        Tried = "tried", "We tried to reach them",
        ByHand = "by_hand", "A colleague went on",
        Closed = "closed", "The request was closed",
    }
}

/// Nobody waits longer than this for somebody who asked for help: then it is our turn again by itself.
pub const LONGEST: TimeDelta = TimeDelta::days(7);

/// Why we wait, and until when at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    pub why: WhyWaiting,
    pub until: Instant,
}

impl Wait {
    /// Parses a reason and a moment that lies ahead.
    ///
    /// # Errors
    /// At `waiting_why` and `waiting_until`.
    pub fn parse(why: &str, until: Option<Instant>, now: Instant) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let why = WhyWaiting::parse(why);
        if why.is_none() {
            faults.add("waiting_why", "Choose what they do next");
        }
        let until = until.filter(|until| *until > now && *until - now <= LONGEST);
        if until.is_none() {
            faults.add("waiting_until", "Enter a day and time that lie ahead, within seven days");
        }
        match (why, until) {
            (Some(why), Some(until)) => Ok(Self { why, until }),
            _ => Err(faults),
        }
    }
}

/// When a target is due that is held for a stretch: what is left of it when the stretch begins runs from its end on. What
/// was late before is due as soon as the clock runs again.
pub fn held(clock: &Clock<'_>, due_before: Instant, (began, ends): Stretch) -> Instant {
    after(clock, ends, clock.elapsed(began, due_before))
}

/// When a promise falls that is held until a moment: at its own time, or then.
pub fn promised(step_before: Instant, ends: Instant) -> Instant {
    step_before.max(ends)
}

#[cfg(test)]
mod tests {
    use consent::rules::contact::Hours;

    use super::*;

    fn moment(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_left_runs_on_when_they_did_not_call() {
        let hours = Hours::new(9, 16, true);
        let clock = Clock::of(chrono_tz::America::Chicago, hours.as_ref());
        // Due at 10:27; from 10:20 on we wait until three: seven minutes were left.
        let (began, due) = (moment("2026-03-02T16:20:00Z"), moment("2026-03-02T16:27:00Z"));
        assert_eq!(
            held(&clock, due, (began, moment("2026-03-02T21:00:00Z"))),
            moment("2026-03-02T21:07:00Z")
        );
        // Until the evening: they may be called at nine the next morning.
        assert_eq!(
            held(&clock, due, (began, moment("2026-03-03T01:00:00Z"))),
            moment("2026-03-03T15:07:00Z")
        );
        // It was late already: due at once, when it is our turn again.
        let late = moment("2026-03-02T16:00:00Z");
        assert_eq!(
            held(&clock, late, (began, moment("2026-03-02T21:00:00Z"))),
            moment("2026-03-02T21:00:00Z")
        );
    }

    #[test]
    fn nobody_waits_for_ever() {
        let now = moment("2026-03-02T16:20:00Z");
        assert!(Wait::parse("they_call_back", Some(now + TimeDelta::days(7)), now).is_ok());
        for until in [None, Some(now), Some(now + TimeDelta::days(8))] {
            assert_eq!(Wait::parse("wrote", until, now).unwrap_err().0[0].field, "waiting_until");
        }
        assert_eq!(
            Wait::parse("", Some(now + TimeDelta::hours(1)), now).unwrap_err().0[0].field,
            "waiting_why"
        );
    }
}
