//! The connection indicator, version 2 (domain reference 4.10): six questions, each 0 to 2, that start a conversation. Not
//! validated, not predictive, never a reason to deny anything. What is missing is left out, never counted as none; a
//! harmful tie is in no count, and never hidden from the staff who must ask whether it is safe at home.

mod closeness;
mod counting;
mod saying;

use std::borrow::Cow;

use foundation::Day;
use serde::{Deserialize, Serialize};

use super::connection::{Category, Contact, Kind, Nearness, Stance, UseStatus};

pub use saying::Whom;

/// Kept with each reading, so that an old one is explained by the rule it was made with.
pub const RULE_VERSION: &str = "2026-11-30";

/// Parts that must be known before there is a score.
const NEEDED: u8 = 4;
/// A loneliness sum from here on counts as lonely (three items, 3 to 9).
const LONELY: i32 = 6;
/// Days after which a loneliness sum says nothing about now.
const LONELY_GOOD_FOR: i64 = 60;
/// A fall of so many points is a change worth seeing.
const FALL: u8 = 3;
/// The first weeks after discharge, in which a map ages faster.
const FIRST_DAYS: i64 = 90;

foundation::words! {
    /// The band of the sum, as people read it.
    pub enum Band {
        Alone = "alone_right_now", "Alone right now",
        Some = "some_connection", "Some connection",
        Well = "well_connected", "Well connected",
    }
}

foundation::words! {
    /// The six parts, in their order.
    pub enum Part {
        DailyCircle = "daily_circle", "A daily circle",
        InRecovery = "in_recovery", "People in recovery",
        Belonging = "belonging", "Belonging",
        Reach = "reach", "Someone to call",
        Variety = "variety", "Variety",
        AroundUse = "around_use", "Around use",
    }
}

foundation::words! {
    /// Something to see besides the band.
    pub enum Chip {
        NobodyInRecoveryYet = "nobody_in_recovery_yet", "no one in recovery yet",
        FeelsLonely = "feels_lonely", "feels lonely",
        Changed = "changed", "changed",
        AskAboutHome = "ask_about_home", "ask first whether it is safe at home",
        SomeoneCloseUses = "someone_close_uses", "someone close uses or encourages use",
        RestsOnOne = "rests_on_one", "much rests on one person",
    }
}

foundation::words! {
    /// How far the map can be relied on today.
    pub enum Standing {
        NotAsked = "not_asked", "not asked yet",
        Begun = "begun", "begun, not gone through yet",
        Current = "current", "current",
        OutOfDate = "out_of_date", "out of date",
    }
}

/// One tie as far as it counts: no name, no note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tie {
    pub category: Category,
    pub kind: Kind,
    pub use_status: UseStatus,
    pub stance: Stance,
    pub contact: Contact,
    /// How near they are, in the person's own words: the weight of this tie in the part [`Part::AroundUse`].
    pub nearness: Nearness,
    /// `None` when not asked, declined or not known.
    pub reach_any_time: Option<bool>,
    /// Whether a phone number stands on the tie and is not known to be dead.
    pub has_phone: bool,
    /// Pets are dear and are counted nowhere.
    pub pet: bool,
    /// Marked unsafe: in no count, and still a reason to ask whether it is safe at home.
    pub harmful: bool,
}

impl Tie {
    /// Uses heavily or encourages use, as far as the person told.
    pub(crate) fn is_around_use(&self) -> bool {
        self.use_status == UseStatus::UsesHeavily || self.stance == Stance::EncouragesUse
    }
}

/// Everything a reading is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inputs<'a> {
    pub ties: Cow<'a, [Tie]>,
    /// Whether the map was ever gone through with the person, so that what is not on it is not there.
    pub gone_through: bool,
    /// The newest day on which the map was confirmed.
    pub confirmed_on: Option<Day>,
    /// Group sessions of any category in 30 days; `None` when not asked.
    pub group_sessions: Option<u32>,
    /// The three-item loneliness sum, 3 to 9, and its day.
    pub loneliness: Option<(i32, Day)>,
    /// Of the active aftercare; `None` before any discharge.
    pub discharged_on: Option<Day>,
    /// The reading before, made with the same rule version.
    pub previous: Option<&'a Reading>,
    pub today: Day,
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Supportive people in touch every week.
    pub supportive: Option<u32>,
    /// People in recovery in touch every week.
    pub in_recovery: Option<u32>,
    /// Group sessions in 30 days.
    pub sessions: Option<u32>,
    /// People who can be called at any time, with a number that works.
    pub reachable: Option<u32>,
    /// Categories with an active connection.
    pub categories: Option<u32>,
    /// People in touch every week who use heavily or encourage use, of those of whom anything is known.
    pub around_use: Option<(u32, u32)>,
    /// The same by weight (closest 3, close 2, less close 1): what the part is scored by.
    #[serde(default)]
    pub around_use_weight: Option<(u32, u32)>,
    /// People who could be asked along: neither harmful nor around use.
    #[serde(default)]
    pub invitable: u32,
}

/// One part: `None` when it is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scored {
    pub part: Part,
    pub score: Option<u8>,
}

/// A reading of the indicator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    pub standing: Standing,
    pub parts: Vec<Scored>,
    pub counts: Counts,
    /// Parts that are known, of six.
    pub known: u8,
    /// 0 to 12, scaled up to six parts; `None` below four known parts and when nothing was asked.
    pub sum: Option<u8>,
    /// Hidden when the map is not current or too little is known.
    pub band: Option<Band>,
    pub chips: Vec<Chip>,
    /// The part a suggestion is made for; the wording is [`Part::suggestion`].
    pub lowest: Option<Part>,
    pub rule_version: String,
}

impl Reading {
    /// The score of a part.
    pub fn score(&self, part: Part) -> Option<u8> {
        self.parts.iter().find(|scored| scored.part == part).and_then(|scored| scored.score)
    }
}

/// Reads the indicator.
pub fn read(inputs: &Inputs<'_>) -> Reading {
    let ties: Vec<Tie> = inputs.ties.iter().filter(|tie| !tie.harmful && !tie.pet).copied().collect();
    let standing = standing(inputs, &ties);
    let counts = match standing {
        Standing::NotAsked => Counts::default(),
        _ => counting::count(&ties, inputs.gone_through, inputs.group_sessions),
    };
    let parts: Vec<Scored> =
        Part::ALL.iter().map(|part| Scored { part: *part, score: counting::score(*part, &counts) }).collect();
    let scores: Vec<u8> = parts.iter().filter_map(|scored| scored.score).collect();
    let known = scores.iter().fold(0, |n: u8, _| n + 1);
    let sum = (known >= NEEDED).then(|| scaled(scores.iter().sum(), known));
    let of = |part: Part| parts.iter().find(|scored| scored.part == part).and_then(|scored| scored.score);
    let limits = Limits {
        alone: of(Part::DailyCircle) == Some(0) && of(Part::Reach) == Some(0),
        someone_close_uses: closeness::does_someone_close_use(&inputs.ties),
    };
    let band = sum.filter(|_| standing == Standing::Current).map(|sum| band(sum, limits));
    let lowest =
        parts.iter().filter(|s| s.score.is_some_and(|n| n < 2)).min_by_key(|s| s.score).map(|s| s.part);
    let chips = chips(inputs, &ties, &parts, &counts, sum);
    Reading { standing, parts, counts, known, sum, band, chips, lowest, rule_version: RULE_VERSION.into() }
}

/// What holds the band down, whatever the sum says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Limits {
    /// Nobody supportive near and nobody to call.
    alone: bool,
    /// Someone of the inner circle in weekly touch uses heavily or encourages use, marked unsafe or not.
    someone_close_uses: bool,
}

/// An empty map that nobody asked about is not an empty life.
fn standing(inputs: &Inputs<'_>, ties: &[Tie]) -> Standing {
    if ties.is_empty() && !inputs.gone_through {
        // A harmful tie alone is in no count; that it is there is told by the chip.
        return Standing::NotAsked;
    }
    let Some(confirmed) = inputs.confirmed_on.filter(|_| inputs.gone_through) else { return Standing::Begun };
    if is_out_of_date(confirmed, inputs.discharged_on, inputs.today) {
        Standing::OutOfDate
    } else {
        Standing::Current
    }
}

/// Whether a map confirmed on a day is too old to be read: after 30 days in the first 90 after discharge, after 100
/// later. Before any discharge the shorter time holds.
pub fn is_out_of_date(confirmed_on: Day, discharged_on: Option<Day>, today: Day) -> bool {
    let limit = if discharged_on.is_none_or(|on| is_first(on, today)) { 30 } else { 100 };
    (today - confirmed_on).num_days() > limit
}

fn is_first(discharged_on: Day, today: Day) -> bool {
    (today - discharged_on).num_days() < FIRST_DAYS
}

/// `round(sum × 6 / known)`, the half rounded up.
fn scaled(sum: u8, known: u8) -> u8 {
    (sum * 12 + known) / (2 * known.max(1))
}

fn band(sum: u8, limits: Limits) -> Band {
    match sum {
        _ if limits.alone => Band::Alone,
        0..=4 => Band::Alone,
        5..=8 => Band::Some,
        _ if limits.someone_close_uses => Band::Some,
        _ => Band::Well,
    }
}

fn chips(inputs: &Inputs<'_>, ties: &[Tie], parts: &[Scored], counts: &Counts, sum: Option<u8>) -> Vec<Chip> {
    let is_zero = |part: Part| parts.iter().any(|scored| scored.part == part && scored.score == Some(0));
    let first = inputs.discharged_on.is_some_and(|on| is_first(on, inputs.today));
    let lonely = inputs
        .loneliness
        .is_some_and(|(sum, on)| sum >= LONELY && (inputs.today - on).num_days() <= LONELY_GOOD_FOR);
    let changed = inputs.previous.is_some_and(|before| has_changed(before, counts, sum));
    // A tie that was marked unsafe, or nobody supportive near and heavy use around: before any advice about people, ask
    // whether home is safe.
    let home = inputs.ties.iter().any(|tie| tie.harmful && !tie.pet)
        || is_zero(Part::AroundUse) && is_zero(Part::DailyCircle);
    [
        (first && is_zero(Part::InRecovery), Chip::NobodyInRecoveryYet),
        (lonely, Chip::FeelsLonely),
        (changed, Chip::Changed),
        (home, Chip::AskAboutHome),
        (closeness::does_someone_close_use(&inputs.ties), Chip::SomeoneCloseUses),
        (closeness::rests_on_one(ties), Chip::RestsOnOne),
    ]
    .into_iter()
    .filter_map(|(holds, chip)| holds.then_some(chip))
    .collect()
}

/// A fall of three points, or the only person of the daily circle, in recovery or to call is gone.
fn has_changed(before: &Reading, counts: &Counts, sum: Option<u8>) -> bool {
    if before.rule_version != RULE_VERSION {
        return false;
    }
    let fell = before.sum.zip(sum).is_some_and(|(was, is)| was >= is.saturating_add(FALL));
    let gone = |was: Option<u32>, is: Option<u32>| was == Some(1) && is == Some(0);
    fell || gone(before.counts.supportive, counts.supportive)
        || gone(before.counts.in_recovery, counts.in_recovery)
        || gone(before.counts.reachable, counts.reachable)
}

#[cfg(test)]
mod tests;
