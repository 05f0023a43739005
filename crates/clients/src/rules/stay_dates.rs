//! Whether the days of a stay can be what somebody says they were: in order, not in the future, beside no other stay.

use foundation::{Day, Faults};

/// The two days of a stay; the second is missing while it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StayDates {
    pub admitted_on: Day,
    pub discharged_on: Option<Day>,
}

/// What the days must fit to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// When the stay before it ended.
    pub before: Option<Day>,
    /// When the stay after it began.
    pub after: Option<Day>,
    /// The first change of level within it, which the admission cannot follow.
    pub first_change: Option<Day>,
    /// The last change of level within it, which the discharge cannot precede.
    pub last_change: Option<Day>,
}

/// Checks corrected days. Faults are named after the fields of the form.
///
/// # Errors
/// A day out of order, in the future, or inside of another stay.
pub fn check(dates: StayDates, around: Surroundings, today: Day) -> Result<StayDates, Faults> {
    let mut faults = Faults::default();
    let StayDates { admitted_on, discharged_on } = dates;
    if admitted_on > today {
        faults.add("new_admitted_on", "Enter the day of admission, today or earlier");
    } else if around.before.is_some_and(|out| admitted_on < out) {
        faults.add("new_admitted_on", "Enter a day on or after the end of the stay before");
    } else if around.first_change.is_some_and(|change| change < admitted_on) {
        faults.add("new_admitted_on", "Enter a day on or before the first change of level in this stay");
    }
    if let Some(out) = discharged_on {
        if out > today {
            faults.add("new_discharged_on", "Enter the day of discharge, today or earlier");
        } else if out < admitted_on {
            faults.add("new_discharged_on", "Enter a day on or after the day of admission");
        } else if around.after.is_some_and(|next| next < out) {
            faults.add("new_discharged_on", "Enter a day on or before the next admission");
        } else if around.last_change.is_some_and(|change| out < change) {
            faults.add("new_discharged_on", "Enter a day on or after the last change of level in this stay");
        }
    }
    faults.or(|| dates)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// Zoë's second stay: the first ended on 1 February, the third began on 20 March.
    fn judged(admitted: &str, discharged: &str) -> Vec<&'static str> {
        let dates = StayDates { admitted_on: day(admitted), discharged_on: Some(day(discharged)) };
        let around = Surroundings {
            before: Some(day("2026-02-01")),
            after: Some(day("2026-03-20")),
            first_change: Some(day("2026-02-20")),
            last_change: Some(day("2026-03-01")),
        };
        let faults = check(dates, around, day("2026-03-25")).err().unwrap_or_default();
        let wrong = |field: &&str| faults.of(field).is_some();
        ["new_admitted_on", "new_discharged_on"].into_iter().filter(wrong).collect()
    }

    #[test]
    fn the_days_of_a_stay_stand_in_order_and_beside_no_other_stay() {
        assert!(judged("2026-02-10", "2026-03-10").is_empty());
        assert!(judged("2026-02-01", "2026-03-20").is_empty(), "out and in on one day is no overlap");
        assert_eq!(judged("2026-01-31", "2026-03-10"), ["new_admitted_on"]);
        assert_eq!(judged("2026-02-21", "2026-03-10"), ["new_admitted_on"]);
        assert_eq!(judged("2026-02-10", "2026-03-21"), ["new_discharged_on"]);
        assert_eq!(judged("2026-02-10", "2026-02-28"), ["new_discharged_on"]);
        assert_eq!(judged("2026-03-26", "2026-03-27"), ["new_admitted_on", "new_discharged_on"]);
        assert_eq!(judged("2026-02-10", "2026-02-09"), ["new_discharged_on"]);
    }
}
