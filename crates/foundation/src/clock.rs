//! The clock: the only place that knows what time it is. Everything else is handed `now` and `today`.

pub mod jumping;

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, TimeZone, Utc};

/// A moment in UTC, cut to milliseconds, because SQLite keeps nanoseconds and PostgreSQL microseconds
/// and a row must read back as it was written.
pub type Instant = DateTime<Utc>;
/// A civil date: clinics count days, not instants.
pub type Day = NaiveDate;
/// An IANA time zone, of the center or of a person.
pub type Zone = chrono_tz::Tz;

/// Tells the time: the machine's, one that runs beside it, or one that a test sets.
#[derive(Clone, Debug)]
pub struct Clock(Telling);

#[derive(Clone, Debug)]
enum Telling {
    /// As the machine has it, and so much ahead (or behind) of it.
    Running { ahead: TimeDelta },
    /// Stands still until it is moved.
    Standing(Arc<Mutex<Instant>>),
}

impl Clock {
    /// The clock of the machine.
    pub const fn system() -> Self {
        Self::ahead_by(TimeDelta::zero())
    }

    /// A clock that runs as the machine's does, but so much ahead of it: a sample center at an hour that was chosen.
    pub const fn ahead_by(ahead: TimeDelta) -> Self {
        Self(Telling::Running { ahead })
    }

    /// A clock that stands still at `at` until it is moved.
    pub fn set(at: Instant) -> Self {
        Self(Telling::Standing(Arc::new(Mutex::new(at.trunc_subsecs(3)))))
    }

    /// The present moment.
    pub fn now(&self) -> Instant {
        match &self.0 {
            Telling::Standing(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
            Telling::Running { ahead } => (system_now() + *ahead).trunc_subsecs(3),
        }
    }

    /// The civil date at this moment in `zone`.
    pub fn today(&self, zone: Zone) -> Day {
        day(self.now(), zone)
    }

    /// Moves a set clock forward; one that runs cannot be moved and stays as it is.
    pub fn advance(&self, by: TimeDelta) {
        if let Telling::Standing(at) = &self.0 {
            *at.lock().unwrap_or_else(PoisonError::into_inner) += by;
        }
    }

    /// Sets a set clock to a moment; one that runs stays as it is.
    pub fn move_to(&self, to: Instant) {
        if let Telling::Standing(at) = &self.0 {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to.trunc_subsecs(3);
        }
    }
}

/// A day and time as a browser's field gives it (`2026-03-02T09:30`), in a zone. Where daylight saving skips the hour,
/// the next one that exists; `None` when it is no moment.
pub fn read_moment(text: &str, zone: Zone) -> Option<Instant> {
    let wall = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()?;
    let exists = zone.from_local_datetime(&wall).earliest();
    let later = || wall.checked_add_signed(chrono::TimeDelta::hours(1));
    let exists = exists.or_else(|| zone.from_local_datetime(&later()?).earliest())?;
    Some(exists.to_utc())
}

/// A civil date as a browser sends it, like `2026-03-02`. A year beyond any life is a slip of the finger, and the
/// databases do not keep it alike.
pub fn read_day(text: &str) -> Option<Day> {
    let day: Day = text.trim().parse().ok()?;
    (1900..2200).contains(&chrono::Datelike::year(&day)).then_some(day)
}

/// The civil date of `at` in `zone`.
pub fn day(at: Instant, zone: Zone) -> Day {
    at.with_timezone(&zone).date_naive()
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
fn system_now() -> Instant {
    Utc::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_that_a_clock_change_left_out_is_the_next_one_there_is() {
        let chicago: Zone = "America/Chicago".parse().unwrap();
        let at = |text| read_moment(text, chicago).map(|at| at.to_rfc3339());
        assert_eq!(at("2026-03-08T02:30").as_deref(), Some("2026-03-08T08:30:00+00:00"));
        assert_eq!(at("2026-03-08T03:30"), at("2026-03-08T02:30"));
        assert_eq!(at("soon"), None);
    }

    #[test]
    fn a_clock_that_runs_beside_the_machines_keeps_its_distance() {
        let (ours, theirs) = (Clock::system(), Clock::ahead_by(TimeDelta::days(30)));
        let apart = theirs.now() - ours.now();
        assert!((TimeDelta::days(30)..TimeDelta::days(31)).contains(&apart), "{apart}");
        theirs.move_to(ours.now());
        assert!(theirs.now() > ours.now(), "a running clock cannot be moved");
    }

    #[test]
    fn a_clock_that_is_set_stands_still_until_it_is_moved() {
        let noon: Instant = "2026-03-02T12:00:00.123456Z".parse().unwrap();
        let clock = Clock::set(noon);
        assert_eq!(clock.now().to_rfc3339(), "2026-03-02T12:00:00.123+00:00");
        clock.advance(TimeDelta::hours(13));
        assert_eq!(clock.today(chrono_tz::UTC).to_string(), "2026-03-03");
        assert_eq!(clock.today(chrono_tz::America::Chicago).to_string(), "2026-03-02");
    }
}
