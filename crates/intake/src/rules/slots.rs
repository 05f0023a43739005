//! Free times as a rule: the hours of one clinician, week by week, with what is different on some days, become slots on
//! civil clocks. Nothing of it is stored, so a change of hours is a change of every slot.
//!
//! Where daylight saving skips an hour, a slot that would begin in it, or would be cut short by it, is no slot. Where an
//! hour comes twice, a slot is in the first one.

use chrono::{Datelike, Days, NaiveTime, TimeDelta, TimeZone};
use foundation::{Day, Instant, Zone};

use crate::entity::site::SiteId;

/// Minutes of a day.
pub const DAY: i32 = 24 * 60;

/// A stretch of a civil day, in minutes since midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub opens: i32,
    pub closes: i32,
}

impl Span {
    /// The whole day.
    pub const WHOLE: Self = Self { opens: 0, closes: DAY };

    /// Whether two stretches share a minute.
    pub fn meets(self, other: Self) -> bool {
        self.opens < other.closes && other.opens < self.closes
    }
}

/// Days of the week, as a set: Monday is the lowest bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekdays(pub i32);

impl Weekdays {
    /// Whether the weekday of this date is in it.
    pub fn holds(self, on: Day) -> bool {
        self.0 & (1 << on.weekday().num_days_from_monday()) != 0
    }
}

/// Where, and on whose clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    pub site: SiteId,
    pub zone: Zone,
}

/// Hours that come again every week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekly {
    pub at: At,
    pub days: Weekdays,
    pub span: Span,
    pub slot_minutes: i32,
    pub from_on: Day,
    pub until_on: Option<Day>,
}

impl Weekly {
    fn holds(&self, on: Day) -> bool {
        self.days.holds(on) && self.from_on <= on && self.until_on.is_none_or(|until| on <= until)
    }
}

/// Hours on one day, or on several in a row, beside the weekly ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extra {
    pub at: At,
    pub first_on: Day,
    pub last_on: Day,
    pub span: Span,
    pub slot_minutes: i32,
}

/// Not there, whatever the weekly hours say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Away {
    pub first_on: Day,
    pub last_on: Day,
    pub span: Span,
}

/// Everything that decides when one clinician can be met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Availability {
    pub weekly: Vec<Weekly>,
    pub extra: Vec<Extra>,
    pub away: Vec<Away>,
}

/// A time somebody can be met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub site: SiteId,
}

impl Availability {
    /// The slots of one civil day, by their start. None meets another, also where hours do.
    pub fn of_day(&self, on: Day) -> Vec<Slot> {
        let weekly = self.weekly.iter().filter(|w| w.holds(on)).map(|w| (w.at, w.span, w.slot_minutes));
        let extra = self.extra.iter().filter(|e| e.first_on <= on && on <= e.last_on);
        let hours = weekly.chain(extra.map(|e| (e.at, e.span, e.slot_minutes)));
        let mut slots: Vec<Slot> =
            hours.flat_map(|(at, span, minutes)| self.cut(on, at, span, minutes)).collect();
        slots.sort();
        let mut end: Option<Instant> = None;
        slots.retain(|slot| {
            let is_free = end.is_none_or(|end| end <= slot.starts_at);
            if is_free {
                end = Some(slot.ends_at);
            }
            is_free
        });
        slots
    }

    /// The slots that begin from one moment until another.
    pub fn between(&self, from: Instant, until: Instant) -> Vec<Slot> {
        // A civil day anywhere lies within a day of the same date in UTC.
        let (Some(first), Some(last)) = (
            from.date_naive().checked_sub_days(Days::new(1)),
            until.date_naive().checked_add_days(Days::new(1)),
        ) else {
            return Vec::new();
        };
        let days = first.iter_days().take_while(|on| *on <= last);
        let mut slots: Vec<Slot> = days.flat_map(|on| self.of_day(on)).collect();
        slots.retain(|slot| from <= slot.starts_at && slot.starts_at < until);
        slots.sort();
        slots
    }

    /// One stretch of a day, cut into slots.
    fn cut(&self, on: Day, at: At, span: Span, minutes: i32) -> Vec<Slot> {
        if minutes < 1 {
            return Vec::new();
        }
        let starts = (span.opens..span.closes).step_by(usize::try_from(minutes).unwrap_or(usize::MAX));
        starts
            .map(|opens| Span { opens, closes: opens + minutes })
            .filter(|slot| slot.closes <= span.closes && !self.is_away(on, *slot))
            .filter_map(|slot| slot_on(on, at, slot))
            .collect()
    }

    fn is_away(&self, on: Day, slot: Span) -> bool {
        self.away.iter().any(|away| away.first_on <= on && on <= away.last_on && away.span.meets(slot))
    }
}

fn slot_on(on: Day, at: At, span: Span) -> Option<Slot> {
    let starts_at = moment(on, span.opens, at.zone)?;
    let ends_at = starts_at + TimeDelta::minutes(i64::from(span.closes - span.opens));
    // The last minute of it must be on the clock, and long enough after the first.
    let last = moment(on, span.closes - 1, at.zone)? + TimeDelta::minutes(1);
    (ends_at <= last).then_some(Slot { starts_at, ends_at, site: at.site })
}

/// A minute of a civil day as an instant: the first one where it comes twice, `None` where it is skipped.
pub fn moment(on: Day, minute: i32, zone: Zone) -> Option<Instant> {
    let wall = on.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::minutes(i64::from(minute)))?;
    Some(zone.from_local_datetime(&wall).earliest()?.to_utc())
}

/// What is still free of slots: those that meet nothing that is booked, from and until.
pub fn free(mut slots: Vec<Slot>, booked: &[(Instant, Instant)]) -> Vec<Slot> {
    slots.retain(|slot| !booked.iter().any(|(from, until)| slot.starts_at < *until && *from < slot.ends_at));
    slots
}

#[cfg(test)]
mod tests;
