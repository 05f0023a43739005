//! One turn of the on-call list: a colleague, days of the week, from when until when.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use crate::calendar::{Calendar, DAY, DAYS, Span, Stretch, minute, stretches};
use crate::clock::{Day, Zone};
use crate::error::Faults;
use crate::ids::StaffId;

crate::id! {
    /// A turn of the on-call list.
    TurnId
}

/// The day that stands for every holiday of the calendar.
pub const HOLIDAYS: (&str, &str) = ("holiday", "Holidays");

/// A colleague is on call on these days, from one minute of the day until another. A turn that ends at or before the hour
/// it begins ends on the day after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    pub id: TurnId,
    pub staff: StaffId,
    /// Days of the week counted from Monday; 7 is every holiday.
    days: Vec<u8>,
    from: u16,
    until: u16,
}

/// What was typed of a turn.
#[derive(Clone, Debug, Default)]
pub struct TypedTurn<'a> {
    pub staff: &'a str,
    pub days: Vec<&'a str>,
    pub from: &'a str,
    pub until: &'a str,
}

impl Turn {
    /// Parses a turn.
    ///
    /// # Errors
    /// At `staff`, `days`, `from` and `until`.
    pub fn parse(typed: &TypedTurn<'_>) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let staff = typed.staff.parse().ok();
        if staff.is_none() {
            faults.add("staff", "Choose who is on call");
        }
        let named = DAYS.iter().chain([&HOLIDAYS]).zip(0u8..);
        let days: Vec<u8> =
            named.filter(|((short, _), _)| typed.days.contains(short)).map(|(_, n)| n).collect();
        if days.is_empty() {
            faults.add("days", "Choose at least one day");
        }
        let mut hour = |text: &str, field: &str, words: &str| {
            let read = minute(text);
            if read.is_none() {
                faults.add(field, words);
            }
            read.unwrap_or(0) % DAY
        };
        let from = hour(typed.from, "from", "Choose when it begins");
        let until = hour(typed.until, "until", "Choose when it ends");
        match (staff, faults.0.is_empty()) {
            (Some(staff), true) => {
                Ok(Self { id: TurnId(sea_orm::prelude::Uuid::nil()), staff, days, from, until })
            }
            _ => Err(faults),
        }
    }

    /// The same turn under its key.
    pub(super) fn named(self, id: TurnId) -> Self {
        Self { id, ..self }
    }

    /// The days in words: "Monday, Tuesday, Holidays".
    pub fn days_words(&self) -> String {
        let named = DAYS.iter().chain([&HOLIDAYS]).zip(0u8..);
        let words: Vec<&str> =
            named.filter(|(_, n)| self.days.contains(n)).map(|((_, words), _)| *words).collect();
        if words.len() > DAYS.len() { "Every day".into() } else { words.join(", ") }
    }

    /// The minutes of the day at which it begins and ends, and whether it ends on the day after.
    pub fn minutes(&self) -> (u16, u16, bool) {
        (self.from, self.until, self.until <= self.from)
    }

    /// The stretches of the turn that begins on a date: none when it does not.
    pub(super) fn begins_on(&self, date: Day, calendar: &Calendar, zone: Zone) -> Vec<Stretch> {
        let weekday = u8::try_from(date.weekday().num_days_from_monday()).unwrap_or_default();
        let is_holiday = calendar.holiday(date).is_some() && self.days.contains(&7);
        if !is_holiday && !self.days.contains(&weekday) {
            return Vec::new();
        }
        if self.from < self.until {
            return stretches(date, Span { from: self.from, until: self.until }, zone).collect();
        }
        let evening = stretches(date, Span { from: self.from, until: DAY }, zone);
        let next = date.succ_opt().filter(|_| self.until > 0);
        let morning =
            next.into_iter().flat_map(|next| stretches(next, Span { from: 0, until: self.until }, zone));
        evening.chain(morning).collect()
    }
}
