//! The answers of the short check-in. Not asked, declined, not known and a value are four things.

use serde::{Deserialize, Serialize};

/// One answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer<T> {
    #[default]
    NotAsked,
    /// "Rather not say".
    Declined,
    NotKnown,
    Is(T),
}

impl<T> Answer<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::NotAsked | Self::Declined | Self::NotKnown => None,
        }
    }

    /// Whether the value is known and holds.
    pub fn is(&self, holds: impl FnOnce(&T) -> bool) -> bool {
        self.value().is_some_and(holds)
    }
}

/// A number from 0 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Scale(u8);

impl Scale {
    /// `None` above 10.
    pub fn new(n: u8) -> Option<Self> {
        (n <= 10).then_some(Self(n))
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for Scale {
    type Error = &'static str;
    fn try_from(n: u8) -> Result<Self, Self::Error> {
        Self::new(n).ok_or("a number from 0 to 10")
    }
}

impl From<Scale> for u8 {
    fn from(scale: Scale) -> Self {
        scale.0
    }
}

/// Days of the last seven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct WeekDays(u8);

impl WeekDays {
    /// `None` above 7.
    pub fn new(n: u8) -> Option<Self> {
        (n <= 7).then_some(Self(n))
    }

    /// The number.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for WeekDays {
    type Error = &'static str;
    fn try_from(n: u8) -> Result<Self, Self::Error> {
        Self::new(n).ok_or("a number of days from 0 to 7")
    }
}

impl From<WeekDays> for u8 {
    fn from(days: WeekDays) -> Self {
        days.0
    }
}

foundation::words! {
    /// Alcohol or drug use since last time. "Rather not say" is [`Answer::Declined`].
    pub enum Use {
        NotAtAll = "none", "none",
        OnceOrTwice = "once_or_twice", "once or twice",
        More = "more", "more",
    }
}

foundation::words! {
    /// What became of the last commitment.
    pub enum Commitment {
        Done = "done", "done",
        Partly = "partly", "partly",
        NotDone = "not_done", "not done",
        Changed = "changed", "changed",
    }
}

/// The answers of one check-in, in the order they are asked. What is missing in a stored one was not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// 1. Safe to talk or answer now?
    pub safe_to_talk: Answer<bool>,
    /// 2. How things are overall, 10 best.
    pub overall: Answer<Scale>,
    /// 3. Any alcohol or drug use since last time?
    pub used: Answer<Use>,
    /// 3, if used: opioids, or pills and powders of which nobody knows what is in them.
    pub used_opioids: Answer<bool>,
    /// 3, if used: naloxone at hand?
    pub naloxone_at_hand: Answer<bool>,
    /// 3, if used: using now, with a danger sign (domain reference 2.4 and 2.5).
    pub danger_signs_now: Answer<bool>,
    /// 3: an overdose since last time.
    pub overdose: Answer<bool>,
    /// 4. Strongest urge, 10 strongest.
    pub urge: Answer<Scale>,
    /// 5. Confidence to stay on track for the next week, 10 highest.
    pub confidence: Answer<Scale>,
    /// 6. Days with supportive people.
    pub supportive_days: Answer<WeekDays>,
    /// 7. Recovery, volunteer, faith or class activities in the last seven days.
    pub activities: Answer<u8>,
    /// 8. Days around people using, or in risky places.
    pub risky_days: Answer<WeekDays>,
    /// 9. Medicines as planned?
    pub medicines_as_planned: Answer<bool>,
    /// 9: days without the medicine for opioid or alcohol use.
    pub medicine_gap_days: Answer<u8>,
    /// 9: next dose or appointment secured?
    pub next_dose_secured: Answer<bool>,
    /// 10. Lost housing.
    pub lost_housing: Answer<bool>,
    /// 10. Lost work or school.
    pub lost_job: Answer<bool>,
    /// 10. Any other change of home, work, school, money or law, in their words.
    pub changes: Answer<String>,
    /// Whether somebody hurt them or made them afraid; asked only when item 1 says that it is safe to answer.
    pub violence: Answer<bool>,
    /// 11. Thoughts of not wanting to be alive, or of hurting themselves?
    pub thoughts: Answer<bool>,
    /// 12. The last commitment.
    pub last_commitment: Answer<Commitment>,
    /// 13. One commitment until next time: what, when, with whom.
    pub next_commitment: Answer<String>,
    /// 14. What could we do that would help?
    pub would_help: Answer<String>,
    /// 15. New or lost connections, if they like to say.
    pub connections: Answer<String>,
}

impl<T: Clone> Answer<T> {
    /// This answer, or the earlier one where nothing was asked this time.
    fn or_earlier(&self, earlier: &Self) -> Self {
        match self {
            Self::NotAsked => earlier.clone(),
            said => said.clone(),
        }
    }
}

impl Answers {
    /// The answers of now, with what was said before where nothing was said now: who closes the page after a grave
    /// answer and finishes the next day has given one set of answers.
    #[must_use]
    pub fn completing(&self, earlier: &Self) -> Self {
        Self {
            safe_to_talk: self.safe_to_talk.or_earlier(&earlier.safe_to_talk),
            overall: self.overall.or_earlier(&earlier.overall),
            used: self.used.or_earlier(&earlier.used),
            used_opioids: self.used_opioids.or_earlier(&earlier.used_opioids),
            naloxone_at_hand: self.naloxone_at_hand.or_earlier(&earlier.naloxone_at_hand),
            danger_signs_now: self.danger_signs_now.or_earlier(&earlier.danger_signs_now),
            overdose: self.overdose.or_earlier(&earlier.overdose),
            urge: self.urge.or_earlier(&earlier.urge),
            confidence: self.confidence.or_earlier(&earlier.confidence),
            supportive_days: self.supportive_days.or_earlier(&earlier.supportive_days),
            activities: self.activities.or_earlier(&earlier.activities),
            risky_days: self.risky_days.or_earlier(&earlier.risky_days),
            medicines_as_planned: self.medicines_as_planned.or_earlier(&earlier.medicines_as_planned),
            medicine_gap_days: self.medicine_gap_days.or_earlier(&earlier.medicine_gap_days),
            next_dose_secured: self.next_dose_secured.or_earlier(&earlier.next_dose_secured),
            lost_housing: self.lost_housing.or_earlier(&earlier.lost_housing),
            lost_job: self.lost_job.or_earlier(&earlier.lost_job),
            changes: self.changes.or_earlier(&earlier.changes),
            violence: self.violence.or_earlier(&earlier.violence),
            thoughts: self.thoughts.or_earlier(&earlier.thoughts),
            last_commitment: self.last_commitment.or_earlier(&earlier.last_commitment),
            next_commitment: self.next_commitment.or_earlier(&earlier.next_commitment),
            would_help: self.would_help.or_earlier(&earlier.would_help),
            connections: self.connections.or_earlier(&earlier.connections),
        }
    }

    /// What was written in own words, in the order it is asked. A person reads it, whatever the color of the answers.
    pub fn own_words(&self) -> Vec<&str> {
        [&self.changes, &self.next_commitment, &self.would_help, &self.connections]
            .into_iter()
            .filter_map(|answer| answer.value().map(String::as_str))
            .collect()
    }
}
