//! The federal holidays of the United States by their rules (5 U.S.C. 6103), with the day on which one that falls on a
//! weekend is observed. They are offered and never forced: a center that answers on the 4th of July leaves it out.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::clock::Day;

/// When a holiday is.
#[derive(Clone, Copy)]
enum Rule {
    /// Month and day.
    On(u32, u32),
    /// The n-th weekday of a month.
    Nth(u32, Weekday, u8),
    /// The last weekday of a month.
    Last(u32, Weekday),
}

const RULES: [(Rule, &str); 11] = [
    (Rule::On(1, 1), "New Year’s Day"),
    (Rule::Nth(1, Weekday::Mon, 3), "Martin Luther King Jr. Day"),
    (Rule::Nth(2, Weekday::Mon, 3), "Washington’s Birthday"),
    (Rule::Last(5, Weekday::Mon), "Memorial Day"),
    (Rule::On(6, 19), "Juneteenth"),
    (Rule::On(7, 4), "Independence Day"),
    (Rule::Nth(9, Weekday::Mon, 1), "Labor Day"),
    (Rule::Nth(10, Weekday::Mon, 2), "Columbus Day"),
    (Rule::On(11, 11), "Veterans Day"),
    (Rule::Nth(11, Weekday::Thu, 4), "Thanksgiving Day"),
    (Rule::On(12, 25), "Christmas Day"),
];

/// The holidays of a year in order, each with its name; what is observed on another day stands there as well.
pub fn federal(year: i32) -> Vec<(Day, String)> {
    let mut days = Vec::new();
    // The New Year of the year after may be observed on the last day of this one.
    for of in [year, year + 1] {
        for (rule, name) in RULES {
            let Some(day) = on(rule, of) else { continue };
            days.push((day, name.to_owned()));
            if let Some(observed) = observed(day) {
                days.push((observed, format!("{name} (observed)")));
            }
        }
    }
    days.retain(|(day, _)| day.year() == year);
    days.sort();
    days
}

fn on(rule: Rule, year: i32) -> Option<Day> {
    match rule {
        Rule::On(month, day) => NaiveDate::from_ymd_opt(year, month, day),
        Rule::Nth(month, weekday, n) => NaiveDate::from_weekday_of_month_opt(year, month, weekday, n),
        Rule::Last(month, weekday) => NaiveDate::from_weekday_of_month_opt(year, month, weekday, 5)
            .or_else(|| NaiveDate::from_weekday_of_month_opt(year, month, weekday, 4)),
    }
}

/// The working day on which a holiday of a weekend is observed: Friday for a Saturday, Monday for a Sunday.
fn observed(day: Day) -> Option<Day> {
    match day.weekday() {
        Weekday::Sat => day.checked_sub_days(Days::new(1)),
        Weekday::Sun => day.checked_add_days(Days::new(1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(year: i32) -> Vec<String> {
        federal(year).into_iter().map(|(day, name)| format!("{day} {name}")).collect()
    }

    #[test]
    fn the_holidays_of_2026_as_they_are_kept() {
        assert_eq!(
            told(2026),
            [
                "2026-01-01 New Year’s Day",
                "2026-01-19 Martin Luther King Jr. Day",
                "2026-02-16 Washington’s Birthday",
                "2026-05-25 Memorial Day",
                "2026-06-19 Juneteenth",
                "2026-07-03 Independence Day (observed)",
                "2026-07-04 Independence Day",
                "2026-09-07 Labor Day",
                "2026-10-12 Columbus Day",
                "2026-11-11 Veterans Day",
                "2026-11-26 Thanksgiving Day",
                "2026-12-25 Christmas Day",
            ]
        );
    }

    #[test]
    fn a_new_year_on_a_saturday_is_observed_in_the_year_before() {
        assert!(told(2027).contains(&"2027-12-31 New Year’s Day (observed)".to_owned()));
        assert_eq!(told(2028)[0], "2028-01-01 New Year’s Day");
        assert_eq!(told(2023)[1], "2023-01-02 New Year’s Day (observed)");
    }

    proptest! {
        #[test]
        fn every_year_has_eleven_of_them_and_none_is_kept_on_a_weekend_alone(year in 1990i32..2150) {
            let days = federal(year);
            let themselves: Vec<_> = days.iter().filter(|(_, name)| !name.contains("observed")).collect();
            prop_assert_eq!(themselves.len(), 11);
            for (day, name) in &days {
                prop_assert_eq!(day.year(), year);
                if name.contains("observed") {
                    prop_assert!(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
                }
            }
        }
    }
}
