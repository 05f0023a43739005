//! The list of reasons of a center: the coded ones it offers, and its own. An own reason counts under a coded one where
//! the outcome has coded reasons (domain reference 2.9), so that centers stay comparable however finely one of them asks.

use foundation::Faults;
use serde::{Deserialize, Serialize};

use super::outcome::{Closing, Reason};
use super::words::Disposition;

foundation::id! {
    /// A reason of a center's own.
    ReasonId
}

/// Characters of a reason's words.
const LONGEST: usize = 60;

/// A reason in the words of the center.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnReason {
    pub id: ReasonId,
    pub words: String,
    /// How a request ended of which it says why.
    pub explains: Disposition,
    /// The coded reason it counts under; none where the outcome has no coded reasons.
    pub under: Option<Reason>,
    /// Not offered any more. What was closed with it keeps its words.
    pub ended: bool,
}

impl OwnReason {
    /// Parses a form's strings.
    ///
    /// # Errors
    /// No words, no outcome, or no coded reason of that outcome, each at its field.
    pub fn parse(id: ReasonId, words: &str, explains: &str, under: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() || words.chars().count() > LONGEST {
            faults.add("words", format!("Enter the reason in up to {LONGEST} characters"));
        }
        let explains = Disposition::choosable().find(|one| one.as_str() == explains);
        let under = Reason::parse(under);
        match explains {
            None => faults.add("explains", "Choose of which outcome it says why"),
            Some(explains) if has_coded(explains) && under.map(Reason::explains) != Some(explains) => {
                faults.add("under", format!("Choose under which reason of “{}” it counts", explains.words()));
            }
            Some(_) => {}
        }
        match explains {
            Some(explains) if faults.0.is_empty() => {
                let under = under.filter(|_| has_coded(explains));
                Ok(Self { id, words, explains, under, ended: false })
            }
            _ => Err(faults),
        }
    }
}

/// Whether an outcome has coded reasons, of which one must be given.
pub(crate) fn has_coded(disposition: Disposition) -> bool {
    Reason::ALL.iter().any(|reason| reason.explains() == disposition)
}

/// Reasons to choose from: of each outcome, what a form sends and what it says.
pub type Offered = Vec<(Disposition, Vec<(String, String)>)>;

/// The list of a center. An empty one offers what is coded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reasons {
    pub own: Vec<OwnReason>,
    /// Coded reasons that nobody is offered here.
    pub hidden: Vec<Reason>,
}

impl Reasons {
    /// What can be chosen, in the order of the outcomes: the coded reasons first, then the own ones.
    pub fn offered(&self) -> Offered {
        let of = |disposition: Disposition| {
            let coded = Reason::ALL.iter().filter(|one| one.explains() == disposition);
            let coded = coded.filter(|one| !self.hidden.contains(one));
            let coded = coded.map(|one| (one.to_string(), one.words().to_owned()));
            let own = self.own.iter().filter(|one| one.explains == disposition && !one.ended);
            coded.chain(own.map(|one| (one.id.to_string(), one.words.clone()))).collect::<Vec<_>>()
        };
        Disposition::choosable().map(|one| (one, of(one))).filter(|(_, all)| !all.is_empty()).collect()
    }

    /// The words of an own reason, also of one that is not offered any more.
    pub fn words(&self, id: ReasonId) -> Option<&str> {
        self.own.iter().find(|one| one.id == id).map(|one| one.words.as_str())
    }

    /// A closing with the coded reason that its own one counts under.
    ///
    /// # Errors
    /// A fault at `reason` when the own reason is not offered (any more), or explains another outcome.
    pub fn settled(&self, how: Closing) -> Result<Closing, Faults> {
        let Some(id) = how.own else { return Ok(how) };
        let mut faults = Faults::default();
        match self.own.iter().find(|one| one.id == id && !one.ended) {
            Some(one) if one.explains == how.disposition => return Ok(Closing { reason: one.under, ..how }),
            Some(one) => {
                faults.add("reason", format!("“{}” says why in another case. Choose another one", one.words));
            }
            None => faults.add("reason", "This reason is not used any more. Choose another one"),
        }
        Err(faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> ReasonId {
        ReasonId(sea_orm::prelude::Uuid::from_u128(n))
    }

    #[test]
    fn an_own_reason_counts_under_a_coded_one_where_there_are_any() {
        let deductible =
            OwnReason::parse(id(1), "  Deductible too  high ", "declined_by_person", "cost").unwrap();
        assert_eq!(
            (deductible.words.as_str(), deductible.under),
            ("Deductible too high", Some(Reason::Cost))
        );
        let full = OwnReason::parse(id(2), "No bed for couples", "no_capacity", "").unwrap();
        assert_eq!(full.under, None);
        for (words, explains, under, at) in [
            ("", "no_capacity", "", "words"),
            ("Too far", "", "", "explains"),
            ("Too far", "admitted", "", "explains"),
            ("Too far", "declined_by_person", "", "under"),
            ("Too far", "declined_by_person", "age", "under"),
        ] {
            let faults = OwnReason::parse(id(3), words, explains, under).unwrap_err();
            assert!(faults.of(at).is_some(), "{words} {explains} {under}: {faults:?}");
        }
    }

    #[test]
    fn what_is_hidden_or_ended_is_offered_to_nobody_and_keeps_its_words() {
        let own = OwnReason::parse(id(1), "Deductible too high", "declined_by_person", "cost").unwrap();
        let mut list = Reasons { own: vec![own], hidden: vec![Reason::Mobility] };
        let offered =
            |list: &Reasons| list.offered().into_iter().flat_map(|(_, all)| all).collect::<Vec<_>>();
        let all = offered(&list);
        assert_eq!(all.len(), Reason::ALL.len());
        assert!(!all.iter().any(|(value, _)| value == "mobility"));
        let how = |reason: &str| Closing::parse("declined_by_person", reason, "").unwrap();
        let settled = list.settled(how(&id(1).to_string())).unwrap();
        assert_eq!((settled.reason, settled.own), (Some(Reason::Cost), Some(id(1))));
        let other = Closing::parse("no_capacity", &id(1).to_string(), "").unwrap();
        assert!(list.settled(other).unwrap_err().of("reason").is_some());

        list.own[0].ended = true;
        assert_eq!(offered(&list).len(), Reason::ALL.len() - 1);
        assert_eq!(list.words(id(1)), Some("Deductible too high"));
        assert!(list.settled(how(&id(1).to_string())).unwrap_err().of("reason").is_some());
        assert!(list.settled(how("cost")).is_ok());
    }
}
