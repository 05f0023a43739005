//! What a plan pays for one level of care, and how that is told to the person in plain words.

use clients::episode::LevelOfCare;
use serde::{Deserialize, Serialize};

use super::amounts::{Amount, Cents, DayLimit, Share};
use super::{Network, PriorAuth};

/// What a plan said about one level of care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelFinding {
    pub level: LevelOfCare,
    pub network: Network,
    pub deductible: Amount,
    pub deductible_met: Amount,
    pub most: Amount,
    pub most_met: Amount,
    pub share: Share,
    pub days: DayLimit,
    pub prior_auth: PriorAuth,
    pub prior_auth_phone: String,
    pub notes: String,
}

impl LevelFinding {
    /// A level about which nothing was asked.
    pub fn not_asked(level: LevelOfCare) -> Self {
        Self {
            level,
            network: Network::NotAsked,
            deductible: Amount::NotAsked,
            deductible_met: Amount::NotAsked,
            most: Amount::NotAsked,
            most_met: Amount::NotAsked,
            share: Share::NotAsked,
            days: DayLimit::NotAsked,
            prior_auth: PriorAuth::NotAsked,
            prior_auth_phone: String::new(),
            notes: String::new(),
        }
    }

    /// Whether anything at all was asked about it.
    pub fn says_something(&self) -> bool {
        let nothing = Self {
            prior_auth_phone: self.prior_auth_phone.clone(),
            deductible_met: self.deductible_met,
            most_met: self.most_met,
            ..Self::not_asked(self.level)
        };
        *self != nothing
    }

    /// It as the person is told it: what is known, then what was not said, then what nobody asked. None of it is a
    /// promise of the plan.
    pub fn told(&self) -> Vec<String> {
        let known = [
            self.network_told(),
            self.deductible_told(),
            self.share_told(),
            self.most_told(),
            self.days_told(),
            self.prior_auth_told(),
        ];
        let mut told: Vec<String> = known.into_iter().flatten().collect();
        for (lead, is_so) in [("Your plan did not say: ", NOT_SAID), ("We did not ask yet: ", NOT_ASKED)] {
            let open: Vec<&str> =
                self.open().into_iter().filter(|(_, kind)| *kind == is_so).map(|(words, _)| words).collect();
            if !open.is_empty() {
                told.push(format!("{lead}{}.", open.join(", ")));
            }
        }
        told
    }

    fn network_told(&self) -> Option<String> {
        match self.network {
            Network::In => Some("We are in your plan’s network.".into()),
            Network::Out => Some("We are not in your plan’s network. You may pay more here.".into()),
            Network::NotAsked | Network::Unknown => None,
        }
    }

    fn deductible_told(&self) -> Option<String> {
        let Cents(whole) = self.deductible.known()?;
        Some(match self.deductible_met.known() {
            _ if whole == 0 => "You have no deductible.".into(),
            Some(Cents(met)) if met >= whole => "You have paid your deductible for this plan year.".into(),
            Some(Cents(met)) => {
                format!("You pay the next {} of care yourself. That is your deductible.", Cents(whole - met))
            }
            None => {
                format!("Your deductible is {}. We do not know how much of it you have paid.", Cents(whole))
            }
        })
    }

    fn share_told(&self) -> Option<String> {
        match self.share {
            Share::NotAsked | Share::NotSaid => None,
            Share::Copay(Cents(0)) | Share::Coinsurance(0) => {
                Some("After that your plan pays it all.".into())
            }
            Share::Copay(cents) => Some(format!("After that you pay {cents} each time.")),
            Share::Coinsurance(percent) => Some(format!("After that you pay {percent}% of each bill.")),
        }
    }

    fn most_told(&self) -> Option<String> {
        let Cents(whole) = self.most.known()?;
        Some(match self.most_met.known() {
            _ if whole == 0 => "You pay nothing, all in all.".into(),
            Some(Cents(met)) if met >= whole => "You have paid the most you can owe this plan year.".into(),
            Some(Cents(met)) => {
                format!("You pay {} more at most this plan year, all in all.", Cents(whole - met))
            }
            None => format!("You pay {} at most in a plan year, all in all.", Cents(whole)),
        })
    }

    fn days_told(&self) -> Option<String> {
        match self.days {
            DayLimit::NotAsked | DayLimit::NotSaid => None,
            DayLimit::NoLimit => Some("Your plan sets no limit on days.".into()),
            DayLimit::Days(1) => Some("Your plan pays for 1 day.".into()),
            DayLimit::Days(days) => Some(format!("Your plan pays for up to {days} days.")),
        }
    }

    fn prior_auth_told(&self) -> Option<String> {
        match self.prior_auth {
            PriorAuth::Yes => Some("Your plan must say yes before care starts. We ask for that.".into()),
            PriorAuth::No => Some("Your plan does not have to say yes before care starts.".into()),
            PriorAuth::NotAsked | PriorAuth::Unknown => None,
        }
    }

    /// What has no answer, and of which kind.
    fn open(&self) -> Vec<(&'static str, bool)> {
        let amount = |amount| match amount {
            Amount::NotAsked => Some(NOT_ASKED),
            Amount::NotSaid => Some(NOT_SAID),
            Amount::Known(_) => None,
        };
        let all = [
            (
                "whether we are in its network",
                kind(self.network == Network::NotAsked, self.network == Network::Unknown),
            ),
            ("your deductible", amount(self.deductible)),
            ("what you pay each time", kind(self.share == Share::NotAsked, self.share == Share::NotSaid)),
            ("the most you pay in a year", amount(self.most)),
            ("a limit on days", kind(self.days == DayLimit::NotAsked, self.days == DayLimit::NotSaid)),
            (
                "whether it must say yes first",
                kind(self.prior_auth == PriorAuth::NotAsked, self.prior_auth == PriorAuth::Unknown),
            ),
        ];
        all.into_iter().filter_map(|(words, kind)| Some((words, kind?))).collect()
    }
}

const NOT_ASKED: bool = false;
const NOT_SAID: bool = true;

fn kind(not_asked: bool, not_said: bool) -> Option<bool> {
    match (not_asked, not_said) {
        (true, _) => Some(NOT_ASKED),
        (_, true) => Some(NOT_SAID),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(cents: u32) -> Amount {
        Amount::Known(Cents(cents))
    }

    #[test]
    fn what_a_plan_pays_is_told_in_plain_words() {
        let finding = LevelFinding {
            network: Network::In,
            deductible: known(150_000),
            deductible_met: known(30_000),
            most: known(600_000),
            most_met: known(30_000),
            share: Share::Coinsurance(20),
            days: DayLimit::Days(30),
            prior_auth: PriorAuth::Yes,
            ..LevelFinding::not_asked(LevelOfCare::HighIntensityResidential)
        };
        assert_eq!(
            finding.told(),
            [
                "We are in your plan’s network.",
                "You pay the next $1,200 of care yourself. That is your deductible.",
                "After that you pay 20% of each bill.",
                "You pay $5,700 more at most this plan year, all in all.",
                "Your plan pays for up to 30 days.",
                "Your plan must say yes before care starts. We ask for that.",
            ]
        );
    }

    #[test]
    fn what_was_not_said_and_what_was_not_asked_are_told_apart_and_are_not_zero() {
        let finding = LevelFinding {
            deductible: Amount::NotSaid,
            most: known(0),
            share: Share::Copay(Cents(0)),
            ..LevelFinding::not_asked(LevelOfCare::Outpatient)
        };
        let told = finding.told().join(" ");
        assert!(told.contains("Your plan did not say: your deductible."), "{told}");
        assert!(
            told.contains("We did not ask yet: whether we are in its network, a limit on days,"),
            "{told}"
        );
        assert!(!told.contains("$0"), "{told}");
    }

    #[test]
    fn a_level_nobody_asked_about_says_nothing() {
        assert!(!LevelFinding::not_asked(LevelOfCare::Outpatient).says_something());
        let one = LevelFinding { network: Network::Out, ..LevelFinding::not_asked(LevelOfCare::Outpatient) };
        assert!(one.says_something());
    }
}
