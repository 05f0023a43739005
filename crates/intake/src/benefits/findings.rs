//! What came of a check: what the plan said for each level of care, who said it, by which way; or why it is not known.

use clients::episode::LevelOfCare;
use foundation::Faults;
use serde::{Deserialize, Serialize};

use super::coverage::{Coverage, line, phone};
use crate::rules::benefits::amounts::{Amount, DayLimit, Share};
use crate::rules::benefits::level::LevelFinding;
use crate::rules::benefits::{Method, Network, PriorAuth, Way};

/// The longest a note may be.
const NOTE: usize = 1000;

/// The names of the fields of one level of care.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    pub level: LevelOfCare,
    pub network: &'static str,
    pub deductible: &'static str,
    pub deductible_met: &'static str,
    pub most: &'static str,
    pub most_met: &'static str,
    /// Whether deductible and most are those of the level above it.
    pub same: &'static str,
    pub share: &'static str,
    pub days: &'static str,
    pub prior_auth: &'static str,
    pub prior_auth_phone: &'static str,
    pub notes: &'static str,
}

impl Names {
    /// Every name.
    pub fn every(&self) -> [&'static str; 11] {
        [
            self.network,
            self.deductible,
            self.deductible_met,
            self.most,
            self.most_met,
            self.same,
            self.share,
            self.days,
            self.prior_auth,
            self.prior_auth_phone,
            self.notes,
        ]
    }
}

macro_rules! names {
    ($($level:ident $code:literal),+ $(,)?) => {
        /// The fields of every level of care.
        pub const NAMES: &[Names] = &[$(Names {
            level: LevelOfCare::$level,
            network: concat!("network_", $code),
            deductible: concat!("deductible_", $code),
            deductible_met: concat!("deductible_met_", $code),
            most: concat!("most_", $code),
            most_met: concat!("most_met_", $code),
            same: concat!("same_", $code),
            share: concat!("share_", $code),
            days: concat!("days_", $code),
            prior_auth: concat!("prior_auth_", $code),
            prior_auth_phone: concat!("prior_auth_phone_", $code),
            notes: concat!("notes_", $code),
        }),+];
    };
}

names! {
    RemissionMonitoring "1_0",
    Outpatient "1_5",
    ManagedOutpatient "1_7",
    IntensiveOutpatient "2_1",
    HighIntensityOutpatient "2_5",
    ManagedIntensiveOutpatient "2_7",
    LowIntensityResidential "3_1",
    HighIntensityResidential "3_5",
    ManagedResidential "3_7",
    ManagedInpatient "4",
}

/// The fields of the levels a check is about, in the order of care.
pub fn names_of(levels: &[LevelOfCare]) -> impl Iterator<Item = &'static Names> {
    NAMES.iter().filter(|names| levels.contains(&names.level))
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Found(Findings),
    /// It could not be checked; what was tried.
    NotChecked(String),
}

/// What the plan said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Findings {
    pub way: Way,
    /// By which means; none when nobody was asked.
    pub method: Option<Method>,
    pub call_reference: String,
    pub representative: String,
    pub levels: Vec<LevelFinding>,
    /// What it will cost them, as they are told it.
    pub estimate: String,
}

impl Findings {
    /// Reads a form about this coverage.
    ///
    /// # Errors
    /// What cannot be used, each at its field.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str, coverage: &Coverage) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let way = way(text("way"), coverage, &mut faults);
        let method = Method::parse(text("method")).filter(|_| way != Way::Nobody);
        match (way, method) {
            (Way::Nobody, _)
            | (Way::ByName | Way::General, Some(_))
            | (Way::TheyCalled, Some(Method::Phone)) => {}
            (Way::TheyCalled, Some(_)) => faults.add("method", "Choose “Phone”: the person called the plan"),
            (_, None) => faults.add("method", "Choose by which means the plan was asked"),
        }
        let call_reference = line(&text, "call_reference", &mut faults);
        if method == Some(Method::Phone) && call_reference.is_empty() {
            faults.add("call_reference", "Enter the reference number of the call, or “none given”");
        }
        let representative = line(&text, "representative", &mut faults);
        let levels = levels(&text, coverage, &mut faults);
        let is_empty = !coverage.is_self_pay() && !levels.iter().any(LevelFinding::says_something);
        if let Some(first) = names_of(&coverage.levels).next().filter(|_| is_empty && way != Way::Nobody) {
            faults.add(first.network, "Enter what the plan said, or write down that it could not be checked");
        }
        let estimate = note(&text, "estimate", &mut faults);
        if estimate.is_empty() && coverage.is_self_pay() {
            faults.add("estimate", "Enter what care will cost them, in plain words");
        }
        faults.or(|| Self { way, method, call_reference, representative, levels, estimate })
    }
}

/// By which way the plan was asked. That nobody was asked is an answer only for someone without a plan.
fn way(typed: &str, coverage: &Coverage, faults: &mut Faults) -> Way {
    let way = Way::parse(typed);
    match way {
        None => faults.add("way", "Choose how the plan was asked"),
        Some(Way::Nobody) if !coverage.is_self_pay() => {
            faults.add("way", "Choose how the plan was asked, or write down that it could not be checked");
        }
        Some(way) if way != Way::Nobody && coverage.is_self_pay() => {
            faults
                .add("way", "They pay themselves: choose that no plan was asked, or put the coverage right");
        }
        Some(_) => {}
    }
    way.unwrap_or(Way::Nobody)
}

fn levels<'a>(
    text: &impl Fn(&str) -> &'a str,
    coverage: &Coverage,
    faults: &mut Faults,
) -> Vec<LevelFinding> {
    let mut levels: Vec<LevelFinding> = Vec::new();
    // Without a plan there is an estimate, and nothing a plan could say.
    if coverage.is_self_pay() {
        return levels;
    }
    for names in names_of(&coverage.levels) {
        let mut found = level(text, names, faults);
        // The deductible is mostly that of the whole plan: it is typed once.
        if let Some(above) = levels.last().filter(|_| !text(names.same).is_empty()) {
            found.deductible = above.deductible;
            found.deductible_met = above.deductible_met;
            found.most = above.most;
            found.most_met = above.most_met;
        } else {
            met(found.deductible, found.deductible_met, names.deductible_met, "the deductible", faults);
            met(found.most, found.most_met, names.most_met, "the most they pay in a year", faults);
        }
        levels.push(found);
    }
    levels
}

fn level<'a>(text: &impl Fn(&str) -> &'a str, names: &Names, faults: &mut Faults) -> LevelFinding {
    let mut amount = |field: &'static str, label: &str| match Amount::parse(text(field)) {
        Ok(amount) => amount,
        Err(words) => {
            faults.add(field, format!("{label}, {}: {words}", names.level.as_str()));
            Amount::NotAsked
        }
    };
    let deductible = amount(names.deductible, "Deductible");
    let deductible_met = amount(names.deductible_met, "Met so far");
    let (most, most_met) = (amount(names.most, "Most in a year"), amount(names.most_met, "Paid of that"));
    let share = Share::parse(text(names.share)).unwrap_or_else(|words| {
        faults.add(names.share, words);
        Share::NotAsked
    });
    let days = DayLimit::parse(text(names.days)).unwrap_or_else(|words| {
        faults.add(names.days, words);
        DayLimit::NotAsked
    });
    LevelFinding {
        level: names.level,
        network: Network::parse(text(names.network)).unwrap_or(Network::NotAsked),
        deductible,
        deductible_met,
        most,
        most_met,
        share,
        days,
        prior_auth: PriorAuth::parse(text(names.prior_auth)).unwrap_or(PriorAuth::NotAsked),
        prior_auth_phone: phone(text, names.prior_auth_phone, faults),
        notes: note(text, names.notes, faults),
    }
}

/// Nobody has paid more of a sum than the sum.
fn met(whole: Amount, met: Amount, field: &str, words: &str, faults: &mut Faults) {
    if let (Some(whole), Some(met)) = (whole.known(), met.known())
        && met > whole
    {
        faults.add(field, format!("Enter what is paid of {words}, at most {whole}"));
    }
}

/// A longer text; its lines stay.
pub(super) fn note<'a>(text: &impl Fn(&str) -> &'a str, field: &str, faults: &mut Faults) -> String {
    let value = text(field).trim().replace("\r\n", "\n");
    if value.chars().count() > NOTE {
        faults.add(field, format!("Write less here, up to {NOTE} characters"));
    }
    value
}
