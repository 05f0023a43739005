//! Whom to reach today and why (domain reference, appendix D, the counselor's order): open red and amber answers, then
//! overdue check-ins, then maps that are out of date. Each line says its reasons; nobody is ranked by a score.

use foundation::Day;

use super::indicator::{Band, is_out_of_date};
use super::response::{Level, Reason};
use super::schedule::Silence;

foundation::words! {
    /// The groups of the list, in the order they are worked.
    pub enum Group {
        First = "first", "Today, before anything else",
        Due = "due", "Due today",
        Quiet = "quiet", "Went quiet",
    }
}

/// What is known of one alum today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Facts {
    /// The gravest open flag, with the rules that raised it.
    pub flag: Option<(Level, Vec<Reason>)>,
    pub asked_for_call: bool,
    /// Their number turned out not to be theirs, and there is no other.
    pub no_number: bool,
    /// They pressed stop on this day, and nobody has asked by a safe way what they want.
    pub stopped_on: Option<Day>,
    /// In care again since this day.
    pub in_care_since: Option<Day>,
    /// Answered a letter, and nobody has read it.
    pub wrote_back: bool,
    /// Wrote in own words what nobody has read yet.
    pub words_not_read: bool,
    /// Oldest due day of an open check-in without two-way contact.
    pub due_on: Option<Day>,
    /// Check-ins in a row, up to the newest one over, without two-way contact.
    pub unreached: u32,
    /// Whom that silence concerns, when it is long enough to be somebody's task.
    pub silence: Option<Silence>,
    /// The oldest open day of the calls that follow a red answer: a pause does not put it off.
    pub after_red_on: Option<Day>,
    pub discharged_on: Option<Day>,
    pub early_leaver: bool,
    /// The last reading of the map.
    pub band: Option<Band>,
    pub map_confirmed_on: Option<Day>,
    /// Quiet, at their own wish, before this day.
    pub paused_until: Option<Day>,
}

/// Where someone stands on the list, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub group: Group,
    /// Within a group the smaller comes first.
    pub rank: Rank,
    /// Sentences, the weightiest first; never empty.
    pub reasons: Vec<String>,
}

/// The order: what weighs most, who waits longest, who left most recently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    weight: u8,
    waiting: std::cmp::Reverse<i64>,
    day: i64,
}

/// The place of someone on `today`; `None` when nothing asks for them. A pause or a new stay silences check-ins and maps, never an
/// open red or amber answer and never a wish to be called.
pub fn place(facts: &Facts, today: Day) -> Option<Place> {
    let paused = facts.paused_until.is_some_and(|until| today < until);
    let mut found = said(facts);
    let in_care = facts.in_care_since.is_some();
    if paused && !in_care {
        // After a red answer they are called, whatever was agreed before it.
        found.extend(facts.after_red_on.filter(|due| *due <= today).map(|due| {
            (
                5,
                vec![
                    due_words(due, facts.discharged_on, today),
                    "After what they said it does not wait.".into(),
                ],
            )
        }));
    } else if !in_care {
        found.extend(silent(facts, today));
    }
    found.sort_by_key(|(weight, _)| *weight);
    let weight = found.first()?.0;
    let day = facts.discharged_on.map_or(i64::MAX, |on| (today - on).num_days());
    let waiting = facts.due_on.map_or(0, |due| (today - due).num_days());
    let mut reasons: Vec<String> = found.into_iter().flat_map(|(_, reasons)| reasons).collect();
    if facts.early_leaver && day <= FIRST_DAYS {
        reasons.push("Left before completing: the first weeks carry the most danger.".into());
    }
    if let Some(since) = facts.in_care_since {
        reasons.push(in_care_words(since));
    }
    let group = match weight {
        0..=3 => Group::First,
        4..=5 => Group::Due,
        _ => Group::Quiet,
    };
    Some(Place { group, rank: Rank { weight, waiting: std::cmp::Reverse(waiting), day }, reasons })
}

/// Puts lines in the order of the list.
pub fn ordered<T>(mut lines: Vec<(Place, T)>) -> Vec<(Place, T)> {
    lines.sort_by_key(|(place, _)| (place.group, place.rank));
    lines
}

/// The sentence on top: "Nine of your 46 alumni, in the order it matters. Each says why."
pub fn sentence(listed: usize, all: usize) -> String {
    match (listed, all) {
        (_, 0) => "No one is in aftercare yet.".into(),
        (0, _) => format!("No one waits for you today. All {all} are on track or asked for quiet."),
        (1, 1) => "One person waits for you today.".into(),
        (n, all) if n == all => format!("All {all} wait for you, in the order it matters. Each says why."),
        (n, all) => {
            let rest = match all - n {
                1 => "The other one is on track or asked for quiet.".to_owned(),
                rest => format!("The other {rest} are on track or asked for quiet."),
            };
            format!("{n} of your {all} alumni, in the order it matters. Each says why. {rest}")
        }
    }
}

/// They answered a letter.
pub const WROTE_BACK: &str = "Wrote back. Nobody has marked it as read.";

/// The first days after discharge, in which two silences are enough and an early leaver is looked at first.
const FIRST_DAYS: i64 = 30;

/// What they said: answers that ask for someone, and the wish to be called.
fn said(facts: &Facts) -> Vec<(u8, Vec<String>)> {
    let mut found = Vec::new();
    if let Some((level, reasons)) = &facts.flag {
        let weight = match level {
            Level::Red => Some(0),
            Level::Amber => Some(1),
            Level::Yellow => Some(4),
            Level::Green => None,
        };
        let words: Vec<String> = reasons.iter().map(|reason| reason.words().to_owned()).collect();
        let words = if words.is_empty() { vec![format!("{}.", level.words())] } else { words };
        found.extend(weight.map(|weight| (weight, words)));
    }
    if facts.wrote_back {
        // Unread words may be anything: they come right after what is known to be grave.
        found.push((1, vec![WROTE_BACK.into()]));
    }
    if facts.asked_for_call {
        found.push((2, vec!["Asked to be called.".into()]));
    }
    if facts.no_number {
        let words = "Their number is not theirs anymore, and there is no other. Ask for one another way they allowed.";
        found.push((4, vec![words.into()]));
    }
    if let Some(on) = facts.stopped_on {
        let words = format!("Pressed stop on {}. Ask by a safe way what they want.", short(on));
        found.push((5, vec![words]));
    }
    if facts.words_not_read {
        found.push((4, vec!["Wrote words that nobody has read yet.".into()]));
    }
    found
}

/// "In care since Nov 30: check-ins are paused."
pub fn in_care_words(since: Day) -> String {
    format!("In care since {}: check-ins are paused.", short(since))
}

fn short(day: Day) -> impl std::fmt::Display {
    day.format("%b %-d")
}

/// What they did not say: silence, a check-in that is due, a map too old to read.
fn silent(facts: &Facts, today: Day) -> Vec<(u8, Vec<String>)> {
    let day = facts.discharged_on.map(|on| (today - on).num_days());
    let early = day.is_some_and(|day| day <= FIRST_DAYS);
    let mut found = Vec::new();
    if let Some(silence) = facts.silence {
        let times = if early { " in the first weeks" } else { "" };
        let is_first = early || facts.early_leaver || silence == Silence::SupervisorToday;
        let weight = if is_first { 3 } else { 6 };
        let count = format!("{} check-ins in a row without an answer{times}.", facts.unreached);
        found.push((weight, vec![count, silence.words().to_owned()]));
    } else if facts.unreached > 0 {
        let words = match facts.unreached {
            1 => "The last check-in has no answer.".to_owned(),
            n => format!("The last {n} check-ins have no answer."),
        };
        found.push((7, vec![words]));
    }
    if let Some(due) = facts.due_on.filter(|due| *due <= today) {
        found.push((5, vec![due_words(due, facts.discharged_on, today)]));
    }
    match facts.map_confirmed_on {
        Some(on) if is_out_of_date(on, facts.discharged_on, today) => {
            found.push((
                7,
                vec![format!("The map is {} days old, too old to read.", (today - on).num_days())],
            ));
        }
        Some(_) if facts.band == Some(Band::Alone) => {
            found.push((8, vec!["The map reads: alone right now.".into()]));
        }
        _ => {}
    }
    found
}

fn due_words(due: Day, discharged_on: Option<Day>, today: Day) -> String {
    let which = discharged_on.map(|on| format!(", day {}", (due - on).num_days())).unwrap_or_default();
    match (today - due).num_days() {
        0 => format!("Check-in{which}, is due today."),
        1 => format!("Check-in{which}, was due yesterday."),
        late => format!("Check-in{which}, is {late} days overdue."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn today() -> Day {
        day("2026-03-12")
    }

    /// Sam went home ten days ago and everything is fine.
    fn sam() -> Facts {
        Facts { discharged_on: Some(day("2026-03-02")), ..Facts::default() }
    }

    fn reasons(facts: &Facts) -> Vec<String> {
        place(facts, today()).map(|place| place.reasons).unwrap_or_default()
    }

    #[test]
    fn whoever_is_in_care_again_is_asked_nothing_but_is_heard() {
        let back = Facts { in_care_since: Some(day("2026-03-09")), ..sam() };
        assert_eq!(place(&Facts { due_on: Some(today()), unreached: 3, ..back.clone() }, today()), None);
        let flag = Some((Level::Red, vec![Reason::Thoughts]));
        let said = reasons(&Facts { flag, due_on: Some(today()), ..back });
        assert_eq!(said.last().map(String::as_str), Some("In care since Mar 9: check-ins are paused."));
        assert_eq!(said.len(), 2);
    }

    #[test]
    fn whoever_pressed_stop_or_lost_their_number_is_not_forgotten() {
        let stopped = Facts { stopped_on: Some(day("2026-03-11")), ..sam() };
        assert_eq!(reasons(&stopped), ["Pressed stop on Mar 11. Ask by a safe way what they want."]);
        let lost = place(&Facts { no_number: true, ..sam() }, today()).unwrap();
        assert_eq!(lost.group, Group::Due);
        assert!(lost.reasons[0].starts_with("Their number is not theirs anymore"));
    }

    #[test]
    fn who_is_on_track_is_not_on_the_list() {
        assert_eq!(place(&sam(), today()), None);
    }

    #[test]
    fn the_counselor_sees_red_then_amber_then_wishes_then_silence_then_due_then_quiet() {
        let flag = |level| Some((level, vec![Reason::Thoughts]));
        let list = ordered(vec![
            (
                place(&Facts { map_confirmed_on: Some(day("2026-01-01")), ..sam() }, today()).unwrap(),
                "old map",
            ),
            (place(&Facts { due_on: Some(today()), ..sam() }, today()).unwrap(), "due"),
            (place(&Facts { due_on: Some(day("2026-03-10")), ..sam() }, today()).unwrap(), "overdue"),
            (
                place(&Facts { unreached: 2, silence: Some(Silence::Counselor), ..sam() }, today()).unwrap(),
                "silent",
            ),
            (place(&Facts { asked_for_call: true, ..sam() }, today()).unwrap(), "wish"),
            (place(&Facts { flag: flag(Level::Yellow), ..sam() }, today()).unwrap(), "yellow"),
            (place(&Facts { flag: flag(Level::Amber), ..sam() }, today()).unwrap(), "amber"),
            (place(&Facts { flag: flag(Level::Red), ..sam() }, today()).unwrap(), "red"),
        ]);
        let names: Vec<&str> = list.iter().map(|(_, name)| *name).collect();
        assert_eq!(names, ["red", "amber", "wish", "silent", "yellow", "overdue", "due", "old map"]);
        let groups: Vec<Group> = list.iter().map(|(place, _)| place.group).collect();
        assert_eq!(groups[3..], [Group::First, Group::Due, Group::Due, Group::Due, Group::Quiet]);
    }

    #[test]
    fn devonte_who_left_early_says_all_his_reasons_the_weightiest_first() {
        let devonte = Facts {
            flag: Some((Level::Amber, vec![Reason::OpioidsWithoutNaloxone])),
            due_on: Some(day("2026-03-11")),
            early_leaver: true,
            ..sam()
        };
        assert_eq!(
            reasons(&devonte),
            [
                Reason::OpioidsWithoutNaloxone.words(),
                "Check-in, day 9, was due yesterday.",
                "Left before completing: the first weeks carry the most danger.",
            ]
        );
    }

    #[test]
    fn two_silences_matter_in_the_first_weeks_and_three_later() {
        let late = Facts { discharged_on: Some(day("2025-12-01")), unreached: 2, ..Facts::default() };
        let two = place(&late, today()).unwrap();
        assert_eq!(
            (two.group, two.reasons[0].as_str()),
            (Group::Quiet, "The last 2 check-ins have no answer.")
        );
        let three =
            place(&Facts { unreached: 3, silence: Some(Silence::Counselor), ..late }, today()).unwrap();
        assert!(three.rank < two.rank);
        assert_eq!(
            (three.group, three.reasons.as_slice()),
            (
                Group::Quiet,
                [
                    "3 check-ins in a row without an answer.".to_owned(),
                    "The counselor looks for another way they allowed.".to_owned(),
                ]
                .as_slice()
            )
        );
        let early = Facts { unreached: 2, silence: Some(Silence::Counselor), ..sam() };
        assert_eq!(place(&early, today()).unwrap().group, Group::First);
    }

    #[test]
    fn who_asked_for_quiet_is_left_in_peace_unless_they_asked_for_someone() {
        let quiet = Facts {
            paused_until: Some(day("2026-03-20")),
            due_on: Some(day("2026-03-09")),
            unreached: 4,
            map_confirmed_on: Some(day("2025-01-01")),
            ..sam()
        };
        assert_eq!(place(&quiet, today()), None);
        assert_eq!(reasons(&Facts { asked_for_call: true, ..quiet.clone() }), ["Asked to be called."]);
        let red = Facts { flag: Some((Level::Red, vec![Reason::Thoughts])), ..quiet.clone() };
        assert_eq!(place(&red, today()).unwrap().group, Group::First);
        assert!(place(&quiet, day("2026-03-20")).is_some(), "the pause is over");
        // A red answer of the day before yesterday: the call that follows it is made, pause or not.
        let after = Facts { after_red_on: Some(day("2026-03-11")), ..quiet };
        assert_eq!(
            reasons(&after),
            ["Check-in, day 9, was due yesterday.", "After what they said it does not wait."]
        );
    }

    #[test]
    fn a_map_that_reads_alone_right_now_is_a_reason_and_one_never_made_is_not() {
        let alone = Facts { band: Some(Band::Alone), map_confirmed_on: Some(today()), ..sam() };
        assert_eq!(reasons(&alone), ["The map reads: alone right now."]);
        assert_eq!(place(&Facts { band: Some(Band::Alone), map_confirmed_on: None, ..sam() }, today()), None);
    }

    #[test]
    fn the_longest_overdue_comes_first_and_then_the_most_recent_discharge() {
        let on = |due, home| {
            let facts = Facts { due_on: Some(day(due)), discharged_on: Some(day(home)), ..Facts::default() };
            place(&facts, today()).unwrap()
        };
        let list = ordered(vec![
            (on("2026-03-12", "2025-03-12"), "a year"),
            (on("2026-03-12", "2026-03-05"), "a week"),
            (on("2026-03-09", "2025-12-01"), "late"),
        ]);
        assert_eq!(list.iter().map(|(_, name)| *name).collect::<Vec<_>>(), ["late", "a week", "a year"]);
    }

    #[test]
    fn the_sentence_on_top_counts_people() {
        assert_eq!(
            sentence(9, 46),
            "9 of your 46 alumni, in the order it matters. Each says why. The other 37 are on track or asked for quiet."
        );
        assert_eq!(sentence(0, 46), "No one waits for you today. All 46 are on track or asked for quiet.");
        assert_eq!(sentence(0, 0), "No one is in aftercare yet.");
    }
}
