//! The business calendar of a center: in which hours someone answers, in which hours the office works, and the holidays
//! of both. Wall-clock times of the center's own zone; [`stretches`] says which moments they are.

pub mod holidays;
mod stretches;

use std::collections::BTreeMap;

use chrono::{Datelike, Weekday};
use serde::{Deserialize, Serialize};

use crate::clock::{Day, read_day};
use crate::error::Faults;

pub use stretches::{Stretch, stretches};

/// Minutes of a day.
pub const DAY: u16 = 24 * 60;
/// The days of a week, as forms name them.
pub const DAYS: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];
/// Spans one day may have: a morning, an afternoon, an evening, a night.
const MOST_SPANS: usize = 6;
/// Holidays a calendar may hold: twenty years of them.
const MOST_HOLIDAYS: usize = 400;

/// From one minute of a day until another, by the clock on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub from: u16,
    pub until: u16,
}

impl Span {
    /// From midnight to midnight.
    pub const WHOLE: Self = Self { from: 0, until: DAY };

    /// Reads `8-12` or `8:30 - 17:00`; 24 is midnight at the end of the day.
    fn parse(text: &str) -> Option<Self> {
        let (from, until) = text.split_once(['-', '–'])?;
        let span = Self { from: minute(from)?, until: minute(until)? };
        (span.from < span.until).then_some(span)
    }

    /// `8:00–12:00`.
    fn words(self) -> String {
        let clock = |m: u16| format!("{}:{:02}", m / 60, m % 60);
        format!("{}–{}", clock(self.from), clock(self.until))
    }
}

/// A time of the day as typed: `8`, `08:30`, `24:00`.
pub fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':').unwrap_or((text.trim(), "0"));
    let number = |text: &str| text.parse::<u16>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let (hour, minute) = (number(hour)?, number(minute)?);
    (minute < 60 && (hour < 24 || (hour == 24 && minute == 0))).then_some(hour * 60 + minute)
}

/// The hours of a week. Monday is first; the spans of a day are in order and touch nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, sea_orm::FromJsonQueryResult)]
pub struct Week([Vec<Span>; 7]);

impl Week {
    /// The same hours on each of the first `days` days, counted from Monday.
    pub fn alike(from: u16, until: u16, days: usize) -> Self {
        Self(std::array::from_fn(|day| if day < days { vec![Span { from, until }] } else { Vec::new() }))
    }

    /// All day, every day.
    pub fn always() -> Self {
        Self::alike(0, DAY, 7)
    }

    /// The spans of a weekday.
    pub fn on(&self, day: Weekday) -> &[Span] {
        let at = usize::try_from(day.num_days_from_monday()).unwrap_or_default();
        self.0.get(at).map_or(&[], Vec::as_slice)
    }

    /// Whether there is no hour in it at all.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// Parses what was typed for each day: spans with commas between, nothing for a closed day. Spans that touch or overlap
    /// are one. `prefix` and the day's short name make the field.
    ///
    /// # Errors
    /// At the field of each day that cannot be read.
    pub fn parse<'a>(prefix: &str, text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let week = DAYS.map(|(short, day)| {
            let field = format!("{prefix}_{short}");
            spans(text(&field)).unwrap_or_else(|| {
                faults.add(
                    field,
                    format!("Enter the hours of {day} like 8:00–17:00, or 8–12, 13–17, or nothing"),
                );
                Vec::new()
            })
        });
        faults.or(|| Self(week))
    }

    /// The hours of each day, as they are typed.
    pub fn typed(&self) -> [String; 7] {
        self.0.each_ref().map(|spans| {
            let words: Vec<String> = spans.iter().map(|span| span.words()).collect();
            words.join(", ")
        })
    }
}

fn spans(text: &str) -> Option<Vec<Span>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Vec::new());
    }
    let mut spans = text.split(',').map(Span::parse).collect::<Option<Vec<Span>>>()?;
    spans.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.from <= last.until => last.until = last.until.max(span.until),
            _ => joined.push(span),
        }
    }
    (joined.len() <= MOST_SPANS).then_some(joined)
}

/// The calendar of the center.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// When someone answers who asks for the first time: the day's target holds then, and the night's outside of it.
    pub answering: Week,
    /// When the office works: whoever checks benefits or decides about a referral.
    pub office: Week,
    holidays: BTreeMap<Day, String>,
}

impl Default for Calendar {
    /// What the house began with: someone answers every day, nights are slower; plans answer on working days.
    fn default() -> Self {
        Self {
            answering: Week::alike(8 * 60, 20 * 60, 7),
            office: Week::alike(8 * 60, 17 * 60, 5),
            holidays: BTreeMap::new(),
        }
    }
}

impl Calendar {
    /// These hours, with the holidays written one a line: `2026-12-24 Christmas Eve`.
    ///
    /// # Errors
    /// At `holidays`, with the line that cannot be read.
    pub fn with(answering: Week, office: Week, holidays: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let mut days = BTreeMap::new();
        for line in holidays.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (day, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let name = name.replace(char::is_control, " ").split_whitespace().collect::<Vec<_>>().join(" ");
            match read_day(day) {
                Some(day) if !name.is_empty() && name.chars().count() <= 60 => {
                    days.insert(day, name);
                }
                _ => faults.add(
                    "holidays",
                    format!("Write this line as a day and a name, like 2026-12-24 Christmas Eve: “{line}”"),
                ),
            }
        }
        if days.len() > MOST_HOLIDAYS {
            faults.add("holidays", format!("Keep at most {MOST_HOLIDAYS} days"));
        }
        if answering.is_empty() {
            faults.add("answering_mon", "Enter in which hours someone answers, on one day at least");
        }
        if office.is_empty() {
            faults.add("office_mon", "Enter in which hours the office works, on one day at least");
        }
        faults.or(|| Self { answering, office, holidays: days })
    }

    /// The name of the holiday on a day.
    pub fn holiday(&self, day: Day) -> Option<&str> {
        self.holidays.get(&day).map(String::as_str)
    }

    /// The holidays, one a line, as they are typed.
    pub fn typed_holidays(&self) -> String {
        let lines: Vec<String> = self.holidays.iter().map(|(day, name)| format!("{day} {name}")).collect();
        lines.join("\n")
    }

    /// The next holiday from a day on.
    pub fn next_holiday(&self, from: Day) -> Option<(Day, &str)> {
        self.holidays.range(from..).next().map(|(day, name)| (*day, name.as_str()))
    }

    /// The spans of a date by one of its weeks: none on a holiday.
    pub fn spans(&self, week: Hours, date: Day) -> &[Span] {
        if self.holidays.contains_key(&date) {
            return &[];
        }
        let week = match week {
            Hours::Answering => &self.answering,
            Hours::Office => &self.office,
        };
        week.on(date.weekday())
    }
}

/// Which of the two weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hours {
    Answering,
    Office,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        let week = Week::parse("h", |field| match field {
            "h_mon" => "8-12, 13:30 – 17",
            "h_tue" => "17-20,8:00-17:00",
            "h_sun" => "0-24",
            _ => " ",
        })
        .unwrap();
        assert_eq!(week.typed(), ["8:00–12:00, 13:30–17:00", "8:00–20:00", "", "", "", "", "0:00–24:00"]);
        assert_eq!(week.on(Weekday::Wed), []);
        for wrong in [
            "8",
            "17-8",
            "8-8",
            "8-25",
            "24:30-25",
            "8:60-9",
            "eight to nine",
            "+8-9",
            "1-2,3-4,5-6,7-8,9-10,11-12,13-14",
        ] {
            let faults = Week::parse("h", |field| if field == "h_thu" { wrong } else { "" }).unwrap_err();
            assert_eq!(faults.0[0].field, "h_thu", "{wrong}");
        }
    }

    #[test]
    fn a_holiday_has_a_day_and_a_name_and_nobody_works() {
        let calendar = Calendar::with(
            Week::always(),
            Week::alike(540, 1020, 5),
            "2026-12-25 Christmas Day\n\n 2026-12-24  Eve ",
        )
        .unwrap();
        assert_eq!(calendar.spans(Hours::Answering, day("2026-12-25")), []);
        assert_eq!(calendar.spans(Hours::Office, day("2026-12-24")), []);
        assert_eq!(calendar.spans(Hours::Office, day("2026-12-23")), [Span { from: 540, until: 1020 }]);
        assert_eq!(calendar.next_holiday(day("2026-12-25")), Some((day("2026-12-25"), "Christmas Day")));
        assert_eq!(calendar.typed_holidays(), "2026-12-24 Eve\n2026-12-25 Christmas Day");
        let faults = Calendar::with(Week::always(), Week::default(), "Christmas").unwrap_err();
        assert_eq!(faults.0.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["holidays", "office_mon"]);
    }
}
