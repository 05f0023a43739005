//! Who should know by now that something grave is open (domain reference 4.7, "When it counts"): the counselor while the
//! office is open, whoever is on call when it is closed, the supervisor when the clock has run out, then everyone who may.

use chrono::TimeDelta;
use foundation::Instant;

use super::response::Level;
use crate::flag::FlagKind;

/// A red flag that nobody handles after so long is told to the supervisor, and after twice as long to everyone.
const RED_STEP: TimeDelta = TimeDelta::minutes(15);
/// After an amber clock has run out, everyone who may see the person is told so much later.
const AMBER_STEP: TimeDelta = TimeDelta::minutes(60);

/// So long whoever said that they handle a red flag has before it is told again; an amber one, until its clock runs out.
const RED_HANDLED: TimeDelta = TimeDelta::minutes(30);
/// Also where an amber clock has run out.
const AMBER_HANDLED: TimeDelta = TimeDelta::minutes(60);

/// What is known of one open flag when it is decided who is told.
#[derive(Clone, Copy, Debug)]
pub struct OpenFlag {
    pub kind: FlagKind,
    pub level: Level,
    pub raised_at: Instant,
    /// Opioids are known to be part of it.
    pub opioids: bool,
}

/// Whether the office is open, and when it opens next.
#[derive(Clone, Copy, Debug)]
pub struct Office {
    pub is_open: bool,
    pub opens_next: Option<Instant>,
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    OnCall,
    Counselor,
    Supervisor,
    Everyone,
}

impl OpenFlag {
    /// By when somebody should have acted: red now, amber within a day, or within four hours when opioids are part of it.
    pub fn due_at(&self) -> Instant {
        let hours = self.level.within_hours(Some(self.opioids)).unwrap_or(0);
        self.raised_at + TimeDelta::hours(i64::from(hours))
    }

    /// Until when it counts that somebody said at `said_at` that they handle it. Nothing written down by then, everyone who
    /// was told is told again: who handles it may have gone home.
    pub fn handled_until(&self, said_at: Instant) -> Instant {
        match self.level {
            Level::Red => said_at + RED_HANDLED,
            _ => self.due_at().max(said_at + AMBER_HANDLED),
        }
    }

    /// Everyone who should have been told by `now`.
    pub fn audiences(&self, office: Office, now: Instant) -> Vec<Audience> {
        let due = self.due_at();
        let cannot_wait = self.level == Level::Red || office.opens_next.is_none_or(|opens| due <= opens);
        let after_due = now - due;
        let (supervisor, everyone) = match self.level {
            Level::Red => (after_due >= RED_STEP, after_due >= RED_STEP * 2),
            _ => (after_due >= TimeDelta::zero(), after_due >= AMBER_STEP),
        };
        // A silence with opioids on the Close track is the supervisor's the same day, without waiting for a clock.
        let supervisor = supervisor || (self.kind == FlagKind::Silence && office.is_open);
        [
            (office.is_open, Audience::Counselor),
            (!office.is_open && cannot_wait && self.kind != FlagKind::Silence, Audience::OnCall),
            (supervisor, Audience::Supervisor),
            (everyone, Audience::Everyone),
        ]
        .into_iter()
        .filter_map(|(told, audience)| told.then_some(audience))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Audience::{Counselor, Everyone, OnCall, Supervisor};

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn flag(level: Level, opioids: bool) -> OpenFlag {
        OpenFlag { kind: FlagKind::Answers, level, raised_at: at("2026-03-01T08:00:00Z"), opioids }
    }

    /// Two in the morning in Chicago; the office opens at eight.
    const CLOSED: &str = "2026-03-01T14:00:00Z";

    fn told(flag: OpenFlag, minutes: i64, is_open: bool) -> Vec<Audience> {
        let opens_next = Some(if is_open { flag.raised_at } else { at(CLOSED) });
        flag.audiences(Office { is_open, opens_next }, flag.raised_at + TimeDelta::minutes(minutes))
    }

    #[test]
    fn red_at_night_is_told_to_whoever_is_on_call_then_the_supervisor_then_everyone() {
        let red = flag(Level::Red, false);
        assert_eq!(told(red, 0, false), [OnCall]);
        assert_eq!(told(red, 14, false), [OnCall]);
        assert_eq!(told(red, 15, false), [OnCall, Supervisor]);
        assert_eq!(told(red, 30, false), [OnCall, Supervisor, Everyone]);
        assert_eq!(told(red, 0, true), [Counselor]);
    }

    #[test]
    fn amber_wakes_nobody_whose_clock_ends_after_the_office_opens() {
        assert_eq!(told(flag(Level::Amber, false), 0, false), []);
        // With opioids it is four hours, and the office opens in six.
        assert_eq!(told(flag(Level::Amber, true), 0, false), [OnCall]);
        assert_eq!(flag(Level::Amber, true).due_at(), at("2026-03-01T12:00:00Z"));
        assert_eq!(flag(Level::Amber, false).due_at(), at("2026-03-02T08:00:00Z"));
    }

    #[test]
    fn an_amber_clock_that_runs_out_goes_to_the_supervisor_and_an_hour_later_to_everyone() {
        let amber = flag(Level::Amber, true);
        assert_eq!(told(amber, 239, true), [Counselor]);
        assert_eq!(told(amber, 240, true), [Counselor, Supervisor]);
        assert_eq!(told(amber, 300, true), [Counselor, Supervisor, Everyone]);
        assert_eq!(told(flag(Level::Amber, false), 300, true), [Counselor]);
    }

    #[test]
    fn a_silence_is_the_supervisors_as_soon_as_the_office_is_open() {
        let silence = OpenFlag { kind: FlagKind::Silence, ..flag(Level::Amber, true) };
        assert_eq!(told(silence, 0, true), [Counselor, Supervisor]);
        assert_eq!(told(silence, 0, false), []);
    }
}
