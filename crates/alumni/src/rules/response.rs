//! The short check-in (domain reference 4.7): its answers, and what they ask of staff. Rules are read from the gravest
//! down and the first level with a match wins; each match says itself in a sentence. No answer lowers what is offered.
//! Rules over BAM, PHQ-9 and the suicide screener come with those instruments: nothing in the house asks them yet.

mod answers;
mod deciding;
mod reading;

use serde::{Deserialize, Serialize};

pub use answers::{Answer, Answers, Commitment, Scale, Use, WeekDays};

foundation::words! {
    /// What the answers ask of staff, the gravest first.
    pub enum Level {
        Red = "red", "A live person, now",
        Amber = "amber", "A call from the counselor within a day",
        Yellow = "yellow", "A call within three days",
        Green = "green", "A warm word",
    }
}

impl Level {
    /// Hours within which to act, `None` when nothing needs to be done; amber is sooner when opioids are part of it.
    pub fn within_hours(self, opioids: Option<bool>) -> Option<u32> {
        match self {
            Self::Red => Some(0),
            Self::Amber if opioids == Some(true) => Some(4),
            Self::Amber => Some(24),
            Self::Yellow => Some(72),
            Self::Green => None,
        }
    }

    /// Whether four closer weeks follow. The reference says so for amber; for red it names recent thoughts of suicide
    /// and an overdose as reasons for the Close track (4.6), and somebody in danger is not followed less than at risk.
    pub fn steps_up(self) -> bool {
        matches!(self, Self::Red | Self::Amber)
    }
}

foundation::words! {
    /// The rules that can match, each with its sentence for staff.
    pub enum Reason {
        Thoughts = "thoughts", "Said yes to thoughts of not wanting to be alive or of hurting themselves.",
        Overdose = "overdose", "Had an overdose since last time.",
        Violence = "violence", "Somebody hurt them or made them afraid since last time.",
        UsingWithDangerSigns = "using_with_danger_signs", "Felt very unwell at that moment: hard to breathe, very sleepy, shaking, confused.",
        UsedMore = "used_more", "Used more than once or twice since last time.",
        OpioidsWithoutNaloxone = "opioids_without_naloxone", "Used, opioids are part of it, and naloxone is not at hand or not known to be.",
        StrongUrge = "strong_urge", "The strongest urge was 8 or more of 10.",
        LowConfidence = "low_confidence", "Confidence for next week is 3 or less of 10.",
        MedicineGap = "medicine_gap", "A day or more without the medicine for opioid or alcohol use.",
        RiskWithoutSupport = "risk_without_support", "Four or more days in risky places and none with supportive people.",
        DoingBadly = "doing_badly", "How things are overall is 3 or less of 10.",
        MissedTwo = "missed_two", "Two check-ins in a row were missed before this one.",
        UsedOnceOrTwice = "used_once_or_twice", "Used once or twice since last time.",
        SomeUrge = "some_urge", "The strongest urge was 5 to 7 of 10.",
        SomeConfidence = "some_confidence", "Confidence for next week is 4 to 6 of 10.",
        LittleSupport = "little_support", "One day or none with supportive people in the last seven.",
        LostHousing = "lost_housing", "Lost housing.",
        LostJob = "lost_job", "Lost work.",
        CommitmentMissedTwice = "commitment_missed_twice", "The commitment was not kept twice. Offer a smaller one.",
    }
}

foundation::words! {
    /// Questions of safety that stay open: declined, not known or not asked is not a no.
    pub enum OpenQuestion {
        Thoughts = "thoughts", "Whether they think of not wanting to be alive is not known.",
        Violence = "violence", "Whether somebody hurts them or makes them afraid is not known.",
        Use = "use", "Whether they used is not known.",
        Overdose = "overdose", "Whether there was an overdose is not known.",
        VeryUnwell = "very_unwell", "Whether they feel very unwell is not known.",
        Opioids = "opioids", "Whether opioids were part of it is not known.",
        Naloxone = "naloxone", "Whether naloxone is at hand is not known.",
    }
}

/// What stands beside the answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Check-ins in a row before this one that were not reached.
    pub missed_before: u32,
    /// The commitment of the check-in before was not kept either.
    pub commitment_missed_before: bool,
    /// Opioid use as the record knows it.
    pub opioids: Option<bool>,
}

/// What to do about the answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    pub level: Level,
    /// Every rule of that level that matched, in the order of the reference. Empty when green.
    pub reasons: Vec<Reason>,
    /// Hours within which to act; `None` when nothing needs to be done.
    pub within_hours: Option<u32>,
    /// Go over to the Close track for four weeks, and offer an appointment to return to care within a day.
    pub step_up: bool,
    pub open: Vec<OpenQuestion>,
}

/// What the answers alone ask of staff.
pub fn respond(answers: &Answers) -> Response {
    respond_beside(answers, &Beside::default())
}

/// What the answers ask of staff, with what else is known.
pub fn respond_beside(answers: &Answers, beside: &Beside) -> Response {
    let matched = deciding::matched(answers, *beside);
    let level = matched.iter().map(|(level, _)| *level).min().unwrap_or(Level::Green);
    let opioids = deciding::opioids(answers, *beside);
    Response {
        level,
        reasons: matched.into_iter().filter(|(l, _)| *l == level).map(|(_, reason)| reason).collect(),
        within_hours: level.within_hours(opioids),
        step_up: level.steps_up(),
        open: deciding::open(answers),
    }
}

/// The grave answers: each counts at the moment it is given, before the next question (domain reference 4.7, "When it
/// counts"). In the order of the reference; empty when nothing grave was said.
pub fn grave(answers: &Answers) -> Vec<Reason> {
    let matched = deciding::matched(answers, Beside::default());
    matched.into_iter().filter(|(level, _)| *level == Level::Red).map(|(_, reason)| reason).collect()
}

/// The questions of safety that the answers leave open.
pub fn open_questions(answers: &Answers) -> Vec<OpenQuestion> {
    deciding::open(answers)
}

#[cfg(test)]
mod tests;
