//! The clock of a target: a small algebra of intervals. It runs while the office works and the person may be called and
//! nothing holds it; between two moments so much of it has run, and after so much of it something is due. The two are each
//! other's inverse, over holidays, pauses and the nights on which clocks change.

use chrono::{Datelike, Days, TimeDelta, Weekday};
use consent::rules::contact::Hours as Safe;
use foundation::{Day, Instant, Zone};

pub use super::calendar::Stretch;
use super::calendar::{Calendar, Hours, Span, stretches};

/// A year and some days: what is not due by then is not due by these hours.
const HORIZON: u64 = 400;

/// What the clock of a target goes by.
#[derive(Clone, Copy, Debug)]
pub struct Clock<'a> {
    pub zone: Zone,
    /// It runs in these hours only; round the clock when there are none.
    pub office: Option<(&'a Calendar, Hours)>,
    /// The hours in which the person may be called.
    pub safe: Option<&'a Safe>,
    /// Where the clock hangs by which they named those hours, when that is known and is not `zone`.
    pub theirs: Option<Zone>,
    /// When it was held: they were to call, and we waited.
    pub pauses: &'a [Stretch],
}

impl<'a> Clock<'a> {
    /// A clock that goes by the person's hours alone.
    pub fn of(zone: Zone, safe: Option<&'a Safe>) -> Self {
        Self { zone, office: None, safe, theirs: None, pauses: &[] }
    }

    /// The same with the hours of the person read where they live.
    #[must_use]
    pub fn read_in(self, theirs: Option<Zone>) -> Self {
        Self { theirs: theirs.filter(|theirs| *theirs != self.zone), ..self }
    }

    /// How much of it runs between two moments; nothing when the second is the earlier one.
    pub fn elapsed(&self, from: Instant, to: Instant) -> TimeDelta {
        let mut sum = TimeDelta::zero();
        // A day more at each end than there can be between them.
        let days = u64::try_from((to - from).num_days()).map_or(0, |days| days + 3);
        for (begins, ends) in self.runs(from, days) {
            if begins >= to {
                break;
            }
            sum += ends.min(to) - begins;
        }
        sum
    }

    /// The moment at which so much of it has run. `None` when it does not run as much within a year.
    pub fn due(&self, from: Instant, target: TimeDelta) -> Option<Instant> {
        let mut left = target;
        for (begins, ends) in self.runs(from, HORIZON) {
            if left <= ends - begins {
                return Some(begins + left);
            }
            left -= ends - begins;
        }
        None
    }

    /// `from`, or the next moment at which it runs.
    pub fn next(&self, from: Instant) -> Option<Instant> {
        self.runs(from, HORIZON).next().map(|(begins, _)| begins)
    }

    /// Whether it runs at a moment.
    pub fn is_running(&self, at: Instant) -> bool {
        self.next(at) == Some(at)
    }

    /// The stretches in which it runs from a moment on, one after another.
    fn runs(&self, from: Instant, days: u64) -> impl Iterator<Item = Stretch> + '_ {
        let first = from.with_timezone(&self.zone).date_naive();
        (0..days)
            .map_while(move |ahead| first.checked_add_days(Days::new(ahead)))
            .flat_map(move |date| self.on(date))
            .map(move |(begins, ends)| (begins.max(from), ends))
            .filter(|(begins, ends)| begins < ends)
    }

    /// The stretches in which it runs on a date.
    fn on(&self, date: Day) -> Vec<Stretch> {
        let work = match self.office {
            None => &[Span::WHOLE],
            Some((calendar, hours)) => calendar.spans(hours, date),
        };
        let mut runs = Vec::new();
        for span in work {
            match (self.safe, self.theirs) {
                (Some(safe), Some(theirs)) => {
                    let here = stretches(date, *span, self.zone);
                    runs.extend(here.into_iter().flat_map(|here| allowed(*safe, theirs, here)));
                }
                (safe, _) => {
                    let Some(span) = within(*span, safe, date) else { continue };
                    runs.extend(stretches(date, span, self.zone));
                }
            }
        }
        for pause in self.pauses {
            runs = runs.into_iter().flat_map(|run| without(run, *pause)).collect();
        }
        runs
    }
}

/// The parts of a stretch in which the person may be called, by the clock where they live.
fn allowed(safe: Safe, theirs: Zone, (begins, ends): Stretch) -> Vec<Stretch> {
    let first = begins.with_timezone(&theirs).date_naive();
    // A stretch is a day at most: with another clock it touches two dates, or three when clocks change.
    let dates = (0..3).filter_map(|ahead| first.checked_add_days(Days::new(ahead)));
    let spans = dates.filter_map(|date| Some((date, within(Span::WHOLE, Some(&safe), date)?)));
    let all = spans.flat_map(|(date, span)| stretches(date, span, theirs));
    all.map(|(from, until)| (from.max(begins), until.min(ends)))
        .filter(|(from, until)| from < until)
        .collect()
}

/// The part of a span in which the person may be called on that date.
fn within(span: Span, safe: Option<&Safe>, date: Day) -> Option<Span> {
    let Some(safe) = safe else { return Some(span) };
    if safe.weekdays_only && matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
        return None;
    }
    let (from, until) = (u16::from(safe.from) * 60, u16::from(safe.until) * 60);
    let span = Span { from: span.from.max(from), until: span.until.min(until) };
    (span.from < span.until).then_some(span)
}

/// What of a stretch is not in another one.
fn without((begins, ends): Stretch, (from, until): Stretch) -> impl Iterator<Item = Stretch> {
    let parts = [(begins, ends.min(from)), (begins.max(until), ends)];
    // A pause that is empty, or lies elsewhere, takes nothing and must not cut in two.
    let whole = until <= from || until <= begins || ends <= from;
    let parts = if whole { [(begins, ends), (ends, ends)] } else { parts };
    parts.into_iter().filter(|(begins, ends)| begins < ends)
}

#[cfg(test)]
mod tests;
