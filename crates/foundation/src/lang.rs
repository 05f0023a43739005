//! The languages people without an account read, and how each says a day and an hour.

use chrono::{Datelike, NaiveTime, Timelike};

use crate::clock::Day;

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    #[default]
    English,
    Spanish,
}

const WEEKDAYS: [&str; 7] = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
const ENGLISH_WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

impl Lang {
    /// The tag of BCP 47.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// What it is called by those who speak it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
        }
    }

    /// What it is called in English.
    pub fn words(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Spanish",
        }
    }

    /// The language of a tag, with whatever country; English for all we do not write.
    pub fn of(tag: &str) -> Self {
        match tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "es" => Self::Spanish,
            _ => Self::English,
        }
    }

    /// The other one, for whoever reads this one with trouble.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::English => Self::Spanish,
            Self::Spanish => Self::English,
        }
    }

    /// "Monday", "lunes".
    pub fn weekday(self, day: Day) -> &'static str {
        let at = day.weekday().num_days_from_monday() as usize;
        match self {
            Self::English => ENGLISH_WEEKDAYS.get(at).copied().unwrap_or_default(),
            Self::Spanish => WEEKDAYS.get(at).copied().unwrap_or_default(),
        }
    }

    /// A day: "Monday, 2 March", "lunes 2 de marzo".
    pub fn day(self, day: Day) -> String {
        match (self, MONTHS.get(day.month0() as usize)) {
            (Self::Spanish, Some(month)) => format!("{} {} de {month}", self.weekday(day), day.day()),
            _ => day.format("%A, %-d %B").to_string(),
        }
    }

    /// An hour: "8:15 am", "8:15 a. m.".
    pub fn clock(self, time: NaiveTime) -> String {
        let (is_pm, hour) = time.hour12();
        let half = match (self, is_pm) {
            (Self::English, false) => "am",
            (Self::English, true) => "pm",
            (Self::Spanish, false) => "a. m.",
            (Self::Spanish, true) => "p. m.",
        };
        format!("{hour}:{:02} {half}", time.minute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_an_hour_as_each_language_says_them() {
        let (day, hour) = ("2026-03-04".parse().unwrap(), NaiveTime::from_hms_opt(20, 5, 0).unwrap());
        assert_eq!(Lang::English.day(day), "Wednesday, 4 March");
        assert_eq!(Lang::Spanish.day(day), "miércoles 4 de marzo");
        assert_eq!(
            (Lang::English.clock(hour), Lang::Spanish.clock(hour)),
            ("8:05 pm".into(), "8:05 p. m.".into())
        );
        assert_eq!(Lang::Spanish.clock(NaiveTime::MIN), "12:00 a. m.");
    }

    #[test]
    fn a_tag_with_a_country_is_the_language() {
        assert_eq!(
            [Lang::of("es-MX"), Lang::of("ES"), Lang::of("en-US"), Lang::of("pt")],
            [Lang::Spanish, Lang::Spanish, Lang::English, Lang::English]
        );
    }
}
