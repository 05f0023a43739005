//! How a request ends: one disposition, its reason where the field asks for one, and whether somebody may ask again
//! (domain reference 2.9, 2.11).

use chrono::TimeDelta;
use clients::person::Death;
use foundation::{Faults, Instant};

use super::reasons::{ReasonId, has_coded};
use super::words::Disposition;

foundation::words! {
    /// Why somebody said no, or why this is not the right place.
    pub enum Reason {
        NotReady = "not_ready", "Not ready now",
        Cost = "cost", "The cost",
        Distance = "distance", "Too far away",
        OtherProgram = "other_program", "Wants another program",
        MedicationPolicy = "medication_policy", "Our rules about medication",
        PhoneWorkFamily = "phone_work_pet_child", "Phone, work, pets or children",
        FamilyOpposed = "family_opposed", "The family is against it",
        StartedElsewhere = "started_elsewhere", "Has started elsewhere",
        SelfManaging = "self_managing", "Manages alone",
        MedicalNeed = "medical_need", "Needs more medical care than we give",
        PsychiatricNeed = "psychiatric_need", "Needs psychiatric care first",
        Age = "age", "Age",
        LegalExclusion = "legal_exclusion", "A legal reason",
        Mobility = "mobility", "Our building",
    }
}

impl Reason {
    /// The disposition it explains.
    pub const fn explains(self) -> Disposition {
        match self {
            Self::NotReady
            | Self::Cost
            | Self::Distance
            | Self::OtherProgram
            | Self::MedicationPolicy
            | Self::PhoneWorkFamily
            | Self::FamilyOpposed
            | Self::StartedElsewhere
            | Self::SelfManaging => Disposition::Declined,
            Self::MedicalNeed | Self::PsychiatricNeed | Self::Age | Self::LegalExclusion | Self::Mobility => {
                Disposition::NotAppropriate
            }
        }
    }
}

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closing {
    pub(crate) disposition: Disposition,
    pub(crate) reason: Option<Reason>,
    /// A reason of the center's own; the coded one it counts under is found when the request is closed.
    pub(crate) own: Option<ReasonId>,
    /// "May I check on you?" was answered with yes.
    pub(crate) check_in: bool,
    /// Of somebody who died, when and who told us.
    pub(crate) death: Death,
}

impl Closing {
    /// What a death does to every request that is open about the person.
    pub(crate) const OF_DEATH: Self = Self {
        disposition: Disposition::Deceased,
        reason: None,
        own: None,
        check_in: false,
        death: Death::UNTOLD,
    };

    /// Whether it says that the person died.
    #[must_use]
    pub fn is_death(&self) -> bool {
        self.disposition == Disposition::Deceased
    }

    /// With when they died and who told us.
    #[must_use]
    pub fn told(self, death: Death) -> Self {
        Self { death, ..self }
    }

    /// Parses what was chosen. Becoming a client is an act of its own and no way to close.
    ///
    /// # Errors
    /// Nothing was chosen; a no without its reason, or with one that explains something else; a permission to ask again
    /// from somebody who asked not to be contacted.
    pub fn parse(disposition: &str, reason: &str, check_in: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let Some(disposition) = Disposition::choosable().find(|d| d.as_str() == disposition) else {
            faults.add("disposition", "Choose how it ended");
            return Err(faults);
        };
        let own = reason.parse::<ReasonId>().ok();
        let reason = Reason::parse(reason);
        match reason {
            None if own.is_none() && has_coded(disposition) => faults.add("reason", "Choose why"),
            Some(reason) if reason.explains() != disposition => {
                faults.add("reason", format!("Choose a reason for “{}”, or none", disposition.words()));
            }
            _ => {}
        }
        let check_in = check_in == "yes";
        let never = matches!(disposition, Disposition::DoNotContact | Disposition::Deceased);
        if check_in && never {
            faults.add("check_in", "Nobody may be asked again here. Choose no");
        }
        faults.or(|| Self { disposition, reason, own, check_in, death: Death::UNTOLD })
    }
}

/// Days after closing on which somebody who gave permission is asked how it goes.
const CHECK_INS: [i64; 7] = [1, 3, 7, 14, 30, 60, 90];
/// After those, every quarter of a year until a year is over.
const QUARTER: i64 = 91;
const YEAR: i64 = 365;

/// When to ask again for the `done + 1`-th time; `None` when a year is over.
pub fn next_check_in(closed_at: Instant, done: usize) -> Option<Instant> {
    let days = if let Some(days) = CHECK_INS.get(done) {
        *days
    } else {
        let quarters = i64::try_from(done - CHECK_INS.len()).ok()? + 1;
        CHECK_INS.last()? + QUARTER * quarters
    };
    (days <= YEAR).then(|| closed_at + TimeDelta::days(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_no_says_why_and_the_rest_needs_no_reason() {
        assert_eq!(Closing::parse("", "", "").unwrap_err().of("disposition"), Some("Choose how it ended"));
        assert_eq!(
            Closing::parse("admitted", "", "").unwrap_err().of("disposition"),
            Some("Choose how it ended")
        );
        assert!(Closing::parse("declined_by_person", "", "").unwrap_err().of("reason").is_some());
        assert!(Closing::parse("declined_by_person", "age", "").unwrap_err().of("reason").is_some());
        assert!(Closing::parse("information_only", "cost", "").unwrap_err().of("reason").is_some());
        let no = Closing::parse("declined_by_person", "not_ready", "yes").unwrap();
        assert_eq!(
            (no.disposition, no.reason, no.check_in),
            (Disposition::Declined, Some(Reason::NotReady), true)
        );
        assert!(Closing::parse("do_not_contact", "", "yes").unwrap_err().of("check_in").is_some());
        assert!(Closing::parse("deceased", "", "").is_ok());
    }

    #[test]
    fn somebody_is_asked_again_by_the_cadence_for_a_year() {
        let closed: Instant = "2026-03-02T12:00:00Z".parse().unwrap();
        let days: Vec<i64> =
            (0..20).map_while(|n| next_check_in(closed, n)).map(|at| (at - closed).num_days()).collect();
        assert_eq!(days, [1, 3, 7, 14, 30, 60, 90, 181, 272, 363]);
    }
}
