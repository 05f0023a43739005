//! When someone is reached after a discharge (domain reference 4.6): tracks, due days, windows, tries, and when silence
//! becomes something a person must look after. Everything is derived from the discharge date; nothing is remembered.

mod closer;

use chrono::{TimeDelta, Timelike};
use foundation::{Day, Instant, Zone};

pub use closer::{closer_until, followed};

foundation::words! {
    /// How closely someone is followed.
    pub enum Track {
        Standard = "standard", "Standard",
        Close = "close", "Close",
        Light = "light", "Light",
        Custom = "custom", "Days of their own choice",
    }
}

foundation::words! {
    /// Where one check-in stands on a day.
    pub enum State {
        ToCome = "to_come", "to come",
        Due = "due", "due",
        Overdue = "overdue", "overdue, still in its window",
        Reached = "reached", "reached",
        Unreached = "unreached", "not reached",
    }
}

foundation::words! {
    /// Who must look after a silence.
    pub enum Silence {
        Counselor = "counselor", "The counselor looks for another way they allowed.",
        SupervisorToday = "supervisor_today", "The supervisor looks after it today.",
    }
}

foundation::words! {
    /// Part of a day, in the zone of the person. Tries differ in it or in the day.
    pub enum PartOfDay {
        Morning = "morning", "in the morning",
        Afternoon = "afternoon", "in the afternoon",
        Evening = "evening", "in the evening",
    }
}

/// Days after discharge of the Standard track to the end of the first year.
const STANDARD: [u16; 23] =
    [1, 3, 7, 10, 14, 21, 28, 35, 42, 49, 56, 70, 84, 98, 120, 150, 180, 210, 240, 270, 300, 330, 365];
/// The Close track: dense to day 28, weekly to 91, every two weeks to 182, then the monthly days of Standard.
const CLOSE: [u16; 33] = [
    1, 2, 3, 5, 7, 9, 11, 14, 17, 21, 24, 28, 35, 42, 49, 56, 63, 70, 77, 84, 91, 105, 119, 133, 147, 161,
    175, 210, 240, 270, 300, 330, 365,
];
/// The Light track ends after a year.
const LIGHT: [u16; 10] = [3, 7, 14, 28, 56, 84, 120, 180, 270, 365];
/// Every 91 days in the second year, because effects fade when calls stop.
const SECOND_YEAR: [u16; 4] = [456, 547, 638, 729];

/// Tries a check-in before it counts as not reached.
pub const TRIES: usize = 3;
/// In the first 30 days all tries are made within 72 hours.
const FIRST_DAYS: u16 = 30;
/// A two-way contact so many days before the due day makes another reach a duplicate.
const DUPLICATE: i64 = 2;

/// One check-in as the schedule gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Days after discharge.
    pub day: u16,
    pub due_on: Day,
    /// First day on which they may be reached for it.
    pub window_from: Day,
    /// Last day on which reaching them counts for it.
    pub window_to: Day,
    /// Two-way contact from this day on satisfies it: 2 days before it is due, or from the start of the window.
    pub counts_from: Day,
}

/// Every check-in of a track in order. `own_days` are days after discharge and matter to [`Track::Custom`] only. The
/// yearly tail "if wanted" of the reference is not planned: someone who wants it chooses it as days of their own.
pub fn planned(track: Track, own_days: &[u16], discharged_on: Day) -> Vec<Planned> {
    let mut days: Vec<u16> = match track {
        Track::Standard => STANDARD.iter().chain(&SECOND_YEAR).copied().collect(),
        Track::Close => CLOSE.iter().chain(&SECOND_YEAR).copied().collect(),
        Track::Light => LIGHT.to_vec(),
        Track::Custom => own_days.iter().copied().filter(|day| *day > 0).collect(),
    };
    days.sort_unstable();
    days.dedup();
    days.into_iter().filter_map(|day| on(day, discharged_on)).collect()
}

/// `None` only at the end of the calendar.
fn on(day: u16, discharged_on: Day) -> Option<Planned> {
    let due_on = discharged_on.checked_add_signed(TimeDelta::days(i64::from(day)))?;
    let (before, after) = slack(day);
    let window_from = due_on.checked_sub_signed(TimeDelta::days(before))?;
    let window_to = due_on.checked_add_signed(TimeDelta::days(after))?;
    let duplicate = due_on.checked_sub_signed(TimeDelta::days(DUPLICATE))?;
    // A talk on the day of discharge is the discharge, not a check-in.
    let first = discharged_on.succ_opt()?;
    Some(Planned { day, due_on, window_from, window_to, counts_from: window_from.min(duplicate).max(first) })
}

/// Days before and after the due day.
fn slack(day: u16) -> (i64, i64) {
    match day {
        0..=14 => (0, 1),
        15..=56 => (2, 2),
        57..=182 => (4, 4),
        _ => (10, 10),
    }
}

/// Whether any two-way contact on one of these days satisfies it. Any human contact does, whoever began it.
pub fn is_satisfied(planned: &Planned, contacts: &[Day]) -> bool {
    contacts.iter().any(|day| planned.counts_from <= *day && *day <= planned.window_to)
}

/// Where a check-in stands on `today`, given the days of two-way contact and when it was tried. Tries that were begun in the
/// window go on to their last day, also beyond it.
pub fn state(planned: &Planned, contacts: &[Day], tries: &[Slot], today: Day) -> State {
    let until_today = |day: &&Day| **day <= today;
    let contacts: Vec<Day> = contacts.iter().filter(until_today).copied().collect();
    let last = planned.window_to.max(try_until(planned, tries));
    let until_last = Planned { window_to: last, ..*planned };
    if is_satisfied(&until_last, &contacts) {
        State::Reached
    } else if today < planned.window_from {
        State::ToCome
    } else if today > last || counted(tries) >= TRIES {
        State::Unreached
    } else if today > planned.due_on {
        State::Overdue
    } else {
        State::Due
    }
}

/// When a try is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    pub day: Day,
    pub part: PartOfDay,
}

impl Slot {
    /// When a try was made, in a zone.
    pub fn at(at: Instant, zone: Zone) -> Self {
        let local = at.with_timezone(&zone);
        let part = match local.hour() {
            0..12 => PartOfDay::Morning,
            12..17 => PartOfDay::Afternoon,
            _ => PartOfDay::Evening,
        };
        Self { day: local.date_naive(), part }
    }
}

/// How many tries count: two on the same part of the same day are one.
pub fn counted(tries: &[Slot]) -> usize {
    let mut kept: Vec<Slot> = Vec::new();
    for slot in tries {
        if may_try(&kept, *slot) {
            kept.push(*slot);
        }
    }
    kept.len()
}

/// Whether another try makes sense: fewer than three were made, and none on the same part of the same day.
pub fn may_try(tries: &[Slot], slot: Slot) -> bool {
    tries.len() < TRIES && !tries.contains(&slot)
}

/// The last day for the next try: in the first 30 days within 72 hours of the first one, later to the window's end.
pub fn try_until(planned: &Planned, tries: &[Slot]) -> Day {
    let first = tries.iter().map(|slot| slot.day).min();
    match first.and_then(|day| day.checked_add_signed(TimeDelta::days(3))) {
        Some(within) if planned.day <= FIRST_DAYS => within,
        _ => planned.window_to,
    }
}

/// Whom a silence concerns: two check-ins in a row not reached in the first 30 days, or three later. `opioids` is what
/// is known of opioid use; only a yes, on the Close track, calls the supervisor the same day.
pub fn silence(track: Track, opioids: Option<bool>, over: &[(Planned, State)]) -> Option<Silence> {
    let finished = over.iter().rev().filter(|(_, state)| matches!(state, State::Reached | State::Unreached));
    let run: Vec<u16> = finished
        .take_while(|(_, state)| *state == State::Unreached)
        .map(|(planned, _)| planned.day)
        .collect();
    let early = run.iter().filter(|day| **day <= FIRST_DAYS).count();
    match (early >= 2 || run.len() >= 3, track, opioids) {
        (false, _, _) => None,
        (true, Track::Close, Some(true)) => Some(Silence::SupervisorToday),
        (true, _, _) => Some(Silence::Counselor),
    }
}

/// Days for check-ins besides the schedule after a red answer: the next day, and 3 and 7 days after it.
pub fn after_red(answered_on: Day) -> Vec<Day> {
    [1, 3, 7].into_iter().filter_map(|days| answered_on.checked_add_signed(TimeDelta::days(days))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// Zoë was discharged on Monday, 2 March.
    fn zoes(track: Track) -> Vec<Planned> {
        planned(track, &[], day("2026-03-02"))
    }

    fn at(track: Track, after: u16) -> Planned {
        zoes(track).into_iter().find(|p| p.day == after).unwrap()
    }

    #[test]
    fn zoe_is_called_the_day_after_she_goes_home() {
        let first = zoes(Track::Standard)[0];
        assert_eq!((first.due_on, first.window_from), (day("2026-03-03"), day("2026-03-03")));
        assert_eq!(first.window_to, day("2026-03-04"));
    }

    #[test]
    fn the_tracks_have_the_days_of_the_reference() {
        let days = |track| zoes(track).iter().map(|p| p.day).collect::<Vec<_>>();
        assert_eq!(days(Track::Light), [3, 7, 14, 28, 56, 84, 120, 180, 270, 365]);
        assert_eq!(days(Track::Standard)[21..], [330, 365, 456, 547, 638, 729]);
        assert_eq!(days(Track::Close)[..12], [1, 2, 3, 5, 7, 9, 11, 14, 17, 21, 24, 28]);
        assert_eq!(planned(Track::Custom, &[30, 7, 0, 7], day("2026-03-02")).len(), 2);
    }

    #[test]
    fn windows_grow_with_the_days() {
        for (after, before, later) in [(14, 0, 1), (56, 2, 2), (180, 4, 4), (210, 10, 10)] {
            let p = at(Track::Standard, after);
            assert_eq!((p.due_on - p.window_from).num_days(), before);
            assert_eq!((p.window_to - p.due_on).num_days(), later);
        }
    }

    #[test]
    fn a_talk_two_days_before_makes_another_call_a_duplicate_and_three_days_before_does_not() {
        let tenth = at(Track::Standard, 10);
        assert!(is_satisfied(&tenth, &[day("2026-03-10")]));
        assert!(!is_satisfied(&tenth, &[day("2026-03-09")]));
        assert!(is_satisfied(&tenth, &[day("2026-03-13")]));
        assert!(!is_satisfied(&tenth, &[day("2026-03-14")]));
    }

    #[test]
    fn saying_goodbye_at_the_door_is_not_the_first_check_in() {
        assert!(!is_satisfied(&at(Track::Standard, 1), &[day("2026-03-02")]));
    }

    #[test]
    fn a_check_in_is_due_then_overdue_then_not_reached() {
        let p = at(Track::Standard, 28);
        let slot = |n: usize| Slot { day: day("2026-03-28"), part: PartOfDay::ALL[n] };
        let on = |text, tries: usize| {
            let tries: Vec<Slot> = (0..tries).map(slot).collect();
            state(&p, &[], &tries, day(text))
        };
        assert_eq!(on("2026-03-27", 0), State::ToCome);
        assert_eq!(on("2026-03-28", 0), State::Due);
        assert_eq!(on("2026-03-30", 2), State::Due);
        assert_eq!(on("2026-03-31", 0), State::Overdue);
        assert_eq!(on("2026-03-31", 3), State::Unreached);
        assert_eq!(on("2026-04-02", 0), State::Unreached);
        assert_eq!(state(&p, &[day("2026-03-29")], &[slot(0)], day("2026-04-02")), State::Reached);
    }

    #[test]
    fn devonte_is_tried_at_different_times_and_three_times_within_72_hours() {
        let p = at(Track::Close, 3);
        let morning = Slot { day: day("2026-03-05"), part: PartOfDay::Morning };
        let evening = Slot { part: PartOfDay::Evening, ..morning };
        let next = Slot { day: day("2026-03-06"), ..morning };
        assert!(may_try(&[], morning) && may_try(&[morning], evening) && !may_try(&[morning], morning));
        assert!(!may_try(&[morning, evening, next], Slot { day: day("2026-03-07"), ..morning }));
        assert_eq!(try_until(&p, &[morning]), day("2026-03-08"));
        assert_eq!(try_until(&at(Track::Standard, 84), &[morning]), at(Track::Standard, 84).window_to);
    }

    #[test]
    fn two_calls_in_one_morning_are_one_try_and_what_was_begun_goes_on_for_72_hours() {
        let first = at(Track::Standard, 1);
        let morning = Slot { day: day("2026-03-04"), part: PartOfDay::Morning };
        assert_eq!(counted(&[morning, morning, Slot { part: PartOfDay::Evening, ..morning }]), 2);
        // The window ends on 4 March; the first try of that day leaves until the 7th for the other two.
        assert_eq!(state(&first, &[], &[morning], day("2026-03-07")), State::Overdue);
        assert_eq!(state(&first, &[], &[morning], day("2026-03-08")), State::Unreached);
        assert_eq!(state(&first, &[], &[], day("2026-03-05")), State::Unreached);
        assert_eq!(state(&first, &[day("2026-03-06")], &[morning], day("2026-03-08")), State::Reached);
        let noon: Instant = "2026-03-04T18:00:00Z".parse().unwrap();
        assert_eq!(Slot::at(noon, Zone::America__Chicago).part, PartOfDay::Afternoon);
    }

    fn said(track: Track, states: &[(u16, State)]) -> Vec<(Planned, State)> {
        states.iter().map(|(after, state)| (at(track, *after), *state)).collect()
    }

    #[test]
    fn two_silences_in_the_first_month_or_three_later_are_somebodys_task() {
        use State::{Reached, Unreached};
        let standard =
            |states: &[(u16, State)]| silence(Track::Standard, None, &said(Track::Standard, states));
        assert_eq!(standard(&[(7, Reached), (10, Unreached)]), None);
        assert_eq!(standard(&[(7, Unreached), (10, Unreached)]), Some(Silence::Counselor));
        assert_eq!(standard(&[(7, Unreached), (10, Unreached), (14, Reached)]), None);
        assert_eq!(
            standard(&[(7, Unreached), (10, Unreached), (14, State::ToCome)]),
            Some(Silence::Counselor)
        );
        assert_eq!(standard(&[(84, Unreached), (98, Unreached)]), None);
        assert_eq!(standard(&[(70, Unreached), (84, Unreached), (98, Unreached)]), Some(Silence::Counselor));
    }

    #[test]
    fn a_silence_with_opioids_on_the_close_track_is_the_supervisors_today_and_not_known_is_not_yes() {
        let quiet = said(Track::Close, &[(2, State::Unreached), (3, State::Unreached)]);
        assert_eq!(silence(Track::Close, Some(true), &quiet), Some(Silence::SupervisorToday));
        assert_eq!(silence(Track::Close, None, &quiet), Some(Silence::Counselor));
    }

    #[test]
    fn after_a_red_answer_they_are_called_the_next_day_and_twice_more() {
        assert_eq!(after_red(day("2026-03-02")), [day("2026-03-03"), day("2026-03-05"), day("2026-03-09")]);
    }

    proptest! {
        #[test]
        fn schedules_never_go_backwards_and_windows_hold_their_due_day(
            track in prop::sample::select(Track::ALL),
            own in prop::collection::vec(0_u16..=730, 0..40),
            from in 0_i64..20_000,
        ) {
            let discharged = day("1990-01-01") + TimeDelta::days(from);
            let all = planned(track, &own, discharged);
            for p in &all {
                prop_assert!(discharged < p.due_on);
                prop_assert!(discharged < p.window_from);
                prop_assert!(p.counts_from <= p.window_from && p.window_from <= p.due_on && p.due_on <= p.window_to);
            }
            for pair in all.windows(2) {
                prop_assert!(pair[0].due_on < pair[1].due_on);
                prop_assert!(pair[0].window_to < pair[1].window_to);
            }
        }

        #[test]
        fn one_more_contact_never_makes_anyone_less_reached(after in 0_i64..800, more in 0_i64..800, today in 0_i64..800) {
            let (on, extra) = (day("2026-03-02") + TimeDelta::days(after), day("2026-03-02") + TimeDelta::days(more));
            let now = day("2026-03-02") + TimeDelta::days(today);
            for p in zoes(Track::Close) {
                if state(&p, &[on], &[], now) == State::Reached {
                    prop_assert_eq!(state(&p, &[on, extra], &[], now), State::Reached);
                }
            }
        }
    }
}
