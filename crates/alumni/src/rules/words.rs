//! Words that an alum wrote: by when a person reads them (domain reference 4.7: within one working day, whatever the
//! color of the answers).

use foundation::Day;

/// Days looked ahead for one on which somebody works; a center without any has its words read the next day.
const LOOKED_AHEAD: usize = 14;

/// The last day on which words written on `written_on` are read in time: the next day on which somebody works.
pub fn read_by(written_on: Day, works: impl Fn(Day) -> bool) -> Day {
    let next = written_on.iter_days().skip(1).take(LOOKED_AHEAD).find(|day| works(*day));
    next.or_else(|| written_on.succ_opt()).unwrap_or(written_on)
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, Weekday};

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn what_hye_jin_writes_on_a_friday_night_is_read_by_monday_or_after_the_holiday() {
        let weekday = |day: Day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        assert_eq!(read_by(day("2026-11-27"), weekday), day("2026-11-30"));
        assert_eq!(read_by(day("2026-11-30"), weekday), day("2026-12-01"));
        let holiday = |on: Day| weekday(on) && on != day("2026-12-25");
        assert_eq!(read_by(day("2026-12-24"), holiday), day("2026-12-28"));
        assert_eq!(read_by(day("2026-12-24"), |_| false), day("2026-12-25"), "never is not an answer");
    }
}
