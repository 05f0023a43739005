//! Whether somebody answers the phone now, and when they do again: what a public page may promise, from the calendar of the
//! center and from nowhere else.

use foundation::center::Center;
use foundation::{Error, Instant, Lang, Zone};
use intake::clocks::{self, Clocks};

use crate::house::House;
use crate::language::say;

/// The number of the center, and what is true about it at this moment.
pub struct Opening {
    pub phone: String,
    /// Whether somebody answers now.
    pub is_open: bool,
    /// "Someone answers now." or "Nobody answers here right now. We answer again tomorrow at 8:00 am."
    pub words: String,
}

impl Opening {
    /// As it is now, in the language of whoever reads it.
    pub async fn load(house: &House, lang: Lang) -> Result<Self, Error> {
        let (center, clocks) = (Center::of(house).await?, clocks::of(house).await?);
        let (is_open, words) = words(&clocks, house.now(), (center.zone, lang));
        Ok(Self { phone: center.neutral_phone.clone(), is_open, words })
    }
}

fn words(clocks: &Clocks, now: Instant, (zone, lang): (Zone, Lang)) -> (bool, String) {
    if clocks.someone_answers(now, zone) {
        return (true, say(lang, "Someone answers now.").into_owned());
    }
    let nobody = say(lang, "Nobody answers here right now.");
    let again = clocks.answers_next(now, zone).map(|at| moment(lang, at, now, zone));
    let words = match (again, lang) {
        (None, _) => nobody.into_owned(),
        (Some(at), Lang::English) => format!("{nobody} We answer again {at}."),
        (Some(at), Lang::Spanish) => format!("{nobody} Volvemos a contestar {at}."),
    };
    (false, words)
}

/// "today at 8:00 am", "mañana a las 8:00 a. m.".
pub fn moment(lang: Lang, at: Instant, now: Instant, zone: Zone) -> String {
    let (at, today) = (at.with_timezone(&zone).naive_local(), now.with_timezone(&zone).date_naive());
    let clock = lang.clock(at.time());
    match (lang, (at.date() - today).num_days()) {
        (Lang::English, 0) => format!("today at {clock}"),
        (Lang::English, 1) => format!("tomorrow at {clock}"),
        (Lang::English, _) => format!("on {} at {clock}", lang.day(at.date())),
        (Lang::Spanish, 0) => format!("hoy a las {clock}"),
        (Lang::Spanish, 1) => format!("mañana a las {clock}"),
        (Lang::Spanish, _) => format!("el {} a las {clock}", lang.day(at.date())),
    }
}

/// "Today, before 8:15 am".
pub fn before(lang: Lang, at: Instant, now: Instant, zone: Zone) -> String {
    let (at, today) = (at.with_timezone(&zone).naive_local(), now.with_timezone(&zone).date_naive());
    let (clock, far) = (lang.clock(at.time()), lang.day(at.date()));
    match (lang, (at.date() - today).num_days()) {
        (Lang::English, 0) => format!("Today, before {clock}"),
        (Lang::English, 1) => format!("Tomorrow, before {clock}"),
        (Lang::English, _) => format!("{far}, before {clock}"),
        (Lang::Spanish, 0) => format!("Hoy, antes de las {clock}"),
        (Lang::Spanish, 1) => format!("Mañana, antes de las {clock}"),
        (Lang::Spanish, _) => format!("El {far}, antes de las {clock}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> (bool, String) {
        words(&Clocks::default(), text.parse().unwrap(), ("America/New_York".parse().unwrap(), Lang::English))
    }

    #[test]
    fn what_is_said_about_the_phone_is_what_the_calendar_says() {
        // A Monday, 2:00 pm; Tuesday, 2:40 am; Monday, 9:30 pm.
        assert_eq!(at("2026-03-02T19:00:00Z"), (true, "Someone answers now.".into()));
        let night = "Nobody answers here right now. We answer again today at 8:00 am.";
        assert_eq!(at("2026-03-03T07:40:00Z"), (false, night.into()));
        let evening = "Nobody answers here right now. We answer again tomorrow at 8:00 am.";
        assert_eq!(at("2026-03-03T02:30:00Z"), (false, evening.into()));
    }
}
