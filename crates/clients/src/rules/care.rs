//! Levels of care, ways a stay ends, length of stay, the midnight census.

use foundation::Day;

foundation::words! {
    /// Levels of care, by the names of the ASAM Criteria, 4th edition, volume 1. Names only: the decision rules are
    /// licensed, and a clinician decides.
    pub enum LevelOfCare {
        RemissionMonitoring = "1.0", "1.0 Long-Term Remission Monitoring",
        Outpatient = "1.5", "1.5 Outpatient Therapy",
        ManagedOutpatient = "1.7", "1.7 Medically Managed Outpatient",
        IntensiveOutpatient = "2.1", "2.1 Intensive Outpatient",
        HighIntensityOutpatient = "2.5", "2.5 High-Intensity Outpatient",
        ManagedIntensiveOutpatient = "2.7", "2.7 Medically Managed Intensive Outpatient",
        LowIntensityResidential = "3.1", "3.1 Clinically Managed Low-Intensity Residential",
        HighIntensityResidential = "3.5", "3.5 Clinically Managed High-Intensity Residential",
        ManagedResidential = "3.7", "3.7 Medically Managed Residential",
        ManagedInpatient = "4", "4 Medically Managed Inpatient",
    }
}

foundation::words! {
    /// How a stay ended.
    pub enum DischargeKind {
        Completed = "completed", "Completed",
        TransferredStepDown = "transferred_step_down", "Went on to a lower level of care",
        TransferredOther = "transferred_other", "Went on to other care",
        LeftAgainstAdvice = "left_against_advice", "Left before completing",
        LeftUnannounced = "left_unannounced", "Left without saying",
        Administrative = "administrative", "Ended by the center",
        MedicalTransfer = "medical_transfer", "Moved to a hospital",
        Incarcerated = "incarcerated", "In custody",
        InsuranceEnded = "insurance_ended", "Coverage ended",
        Moved = "moved", "Moved away",
        Deceased = "deceased", "Died",
        Other = "other", "Other",
    }
}

impl DischargeKind {
    /// Whether the person left before the stay was complete. They are followed most closely: early deaths are among
    /// those who left early (domain reference 0.2, 21).
    pub fn is_early(self) -> bool {
        matches!(
            self,
            Self::LeftAgainstAdvice | Self::LeftUnannounced | Self::Administrative | Self::InsuranceEnded
        )
    }

    /// Whether aftercare begins. Someone who died is not followed up; everyone else is, however the stay ended.
    pub fn is_followed_up(self) -> bool {
        self != Self::Deceased
    }
}

/// Length of stay in days: discharge minus admission, at least 1 (TEDS rule).
pub fn length_of_stay(admitted: Day, discharged: Day) -> i64 {
    (discharged - admitted).num_days().max(1)
}

/// Whether a stay counts in the census at midnight at the end of `day`: the day of admission does, the day of
/// discharge does not.
pub fn counts_at_midnight(admitted: Day, discharged: Option<Day>, day: Day) -> bool {
    admitted <= day && discharged.is_none_or(|d| day < d)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn length_of_stay_as_the_vectors_of_the_reference_say() {
        assert_eq!(length_of_stay(day("2026-03-01"), day("2026-03-01")), 1);
        assert_eq!(length_of_stay(day("2026-03-01"), day("2026-03-31")), 30);
    }

    #[test]
    fn a_night_counts_once() {
        let (in_on, out_on) = (day("2026-03-01"), Some(day("2026-03-02")));
        assert!(counts_at_midnight(in_on, out_on, day("2026-03-01")));
        assert!(!counts_at_midnight(in_on, out_on, day("2026-03-02")));
        assert!(!counts_at_midnight(in_on, out_on, day("2026-02-28")));
        assert!(counts_at_midnight(in_on, None, day("2026-09-01")));
    }

    #[test]
    fn everyone_alive_is_followed_up_however_the_stay_ended() {
        for kind in DischargeKind::ALL {
            assert_eq!(kind.is_followed_up(), *kind != DischargeKind::Deceased);
        }
        assert!(DischargeKind::LeftAgainstAdvice.is_early() && !DischargeKind::Completed.is_early());
    }
}
