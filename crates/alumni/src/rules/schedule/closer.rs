//! Four closer weeks after red or amber answers (domain reference 4.7): derived from the days of such answers, so that
//! the track somebody chose is never overwritten and comes back by itself.

use chrono::TimeDelta;
use foundation::Day;

use super::{CLOSE, Planned, Track, on, planned};

/// Days that the closer weeks last.
const FOUR_WEEKS: u16 = 28;

/// The check-ins of a track with its closer weeks. After each of `answered_on` the first four weeks of the Close track,
/// counted from the answer, take the place of the track's own days; a later answer begins them anew. Counted from the
/// discharge they would ask for nothing more of someone who went home a year ago.
pub fn followed(track: Track, own_days: &[u16], discharged_on: Day, answered_on: &[Day]) -> Vec<Planned> {
    let mut answered: Vec<Day> = answered_on.to_vec();
    answered.sort_unstable();
    answered.dedup();
    let is_closer = |due: Day| answered.iter().any(|from| *from < due && due <= end(*from));
    let mut all: Vec<Planned> =
        planned(track, own_days, discharged_on).into_iter().filter(|p| !is_closer(p.due_on)).collect();
    for (n, from) in answered.iter().enumerate() {
        let next = answered.get(n + 1).copied().unwrap_or(Day::MAX);
        all.extend(closer(*from, discharged_on).filter(|p| p.due_on <= next));
    }
    all.sort_by_key(|p| p.due_on);
    all
}

/// The last of the closer days someone is in on `today`; `None` when they are in none.
pub fn closer_until(answered_on: &[Day], today: Day) -> Option<Day> {
    let last = answered_on.iter().filter(|from| **from <= today).max()?;
    Some(end(*last)).filter(|until| today <= *until)
}

/// The call that follows a red answer is a call of its own: what was said in the answer does not satisfy it.
fn closer(from: Day, discharged_on: Day) -> impl Iterator<Item = Planned> {
    let days = CLOSE.into_iter().filter(|day| *day <= FOUR_WEEKS);
    days.filter_map(move |day| on(day, from)).map(move |p| Planned {
        day: u16::try_from((p.due_on - discharged_on).num_days()).unwrap_or(p.day),
        ..p
    })
}

fn end(from: Day) -> Day {
    from.checked_add_signed(TimeDelta::days(i64::from(FOUR_WEEKS))).unwrap_or(Day::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::{after_red, is_satisfied};
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// Tom went home on 5 January 2025 and is on the Light track.
    fn toms(answered_on: &[Day]) -> Vec<Day> {
        followed(Track::Light, &[], day("2025-01-05"), answered_on).iter().map(|p| p.due_on).collect()
    }

    #[test]
    fn tom_who_was_called_twice_a_year_is_called_tomorrow_after_a_red_answer() {
        let red = day("2025-07-07");
        let days = toms(&[red]);
        let close: Vec<Day> = days.iter().copied().filter(|due| red < *due && *due <= end(red)).collect();
        assert_eq!(close.len(), 12);
        assert!(after_red(red).iter().all(|due| close.contains(due)), "the next day, and 3 and 7 days after");
        assert_eq!(days.iter().filter(|due| !close.contains(due)).count(), 10, "his own days stay");
    }

    #[test]
    fn the_answer_itself_is_not_the_call_that_follows_it() {
        let red = day("2025-07-07");
        let all = followed(Track::Light, &[], day("2025-01-05"), &[red]);
        let next = all.iter().find(|p| p.due_on == day("2025-07-08")).unwrap();
        assert_eq!(next.day, 184, "days are those since he went home");
        assert!(!is_satisfied(next, &[red]));
        assert!(is_satisfied(next, &[day("2025-07-08")]));
    }

    #[test]
    fn closer_days_take_the_place_of_the_tracks_own_and_end_after_four_weeks() {
        let all = followed(Track::Standard, &[], day("2026-03-02"), &[day("2026-03-30")]);
        let due: Vec<Day> = all.iter().map(|p| p.due_on).collect();
        assert!(due.contains(&day("2026-03-30")), "the day of the answer was due by the track");
        let closer: Vec<i64> = due.iter().map(|d| (*d - day("2026-03-30")).num_days()).collect();
        let around: Vec<i64> = closer.into_iter().filter(|n| (0..=42).contains(n)).collect();
        assert_eq!(
            around,
            [0, 1, 2, 3, 5, 7, 9, 11, 14, 17, 21, 24, 28, 42],
            "and then every two weeks again"
        );
        assert_eq!(closer_until(&[day("2026-03-30")], day("2026-04-27")), Some(day("2026-04-27")));
        assert_eq!(closer_until(&[day("2026-03-30")], day("2026-04-28")), None);
        assert_eq!(closer_until(&[], day("2026-04-28")), None);
    }

    #[test]
    fn a_second_such_answer_begins_the_four_weeks_anew() {
        let (first, second) = (day("2025-07-07"), day("2025-07-11"));
        let days = toms(&[second, first]);
        assert!(days.contains(&day("2025-07-10")) && days.contains(&day("2025-07-12")));
        assert_eq!(closer_until(&[second, first], second), Some(day("2025-08-08")));
    }

    proptest! {
        #[test]
        fn nobody_is_followed_less_for_having_answered(
            track in prop::sample::select(Track::ALL), answered in prop::collection::vec(1_i64..800, 0..4),
        ) {
            let home = day("2025-01-05");
            let answered: Vec<Day> = answered.iter().map(|n| home + TimeDelta::days(*n)).collect();
            let own = [1, 7, 30];
            let all = followed(track, &own, home, &answered);
            for pair in all.windows(2) {
                prop_assert!(pair[0].due_on < pair[1].due_on, "never twice on a day");
            }
            for p in planned(track, &own, home) {
                let near = |q: &Planned| (q.due_on - p.due_on).num_days().abs() <= 3;
                prop_assert!(all.iter().any(near), "{} is gone", p.due_on);
            }
        }
    }
}
