//! Who reads a copy, and which sections they may see. A named reader sees what the consent names and nothing else.

use consent::consents::Scope;

use super::section::SectionKey;

foundation::words! {
    /// For whom an edition was made.
    pub enum Audience {
        Own = "own", "their own copy",
        Named = "named", "a copy for a named reader",
    }
}

impl Audience {
    /// Title of the document: whoever finds the file learns nothing from it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Own => "My plan",
            Self::Named => "Plan",
        }
    }

    /// Name of the file, for the same reason without a name.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Own => "my-plan.pdf",
            Self::Named => "plan.pdf",
        }
    }
}

/// The sections a consent with this scope lets someone else read, in the order of the plan.
#[must_use]
pub fn sections_under(scope: &[Scope]) -> Vec<SectionKey> {
    SectionKey::ALL.iter().copied().filter(|key| scope.contains(&key.scope())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dr_park_sees_the_medicines_and_visits_dana_allowed_and_not_her_circle() {
        let seen = sections_under(&[Scope::Medicines, Scope::Appointments]);
        assert_eq!(seen, [SectionKey::Appointments, SectionKey::Medicines]);
    }

    #[test]
    fn my_plan_does_not_take_the_circle_the_medicines_and_the_visits_along() {
        let seen = sections_under(&[Scope::Plan]);
        assert_eq!(seen.len(), SectionKey::ALL.len() - 3);
        assert!(!seen.contains(&SectionKey::Network) && !seen.contains(&SectionKey::Medicines));
    }

    #[test]
    fn that_someone_is_in_care_is_no_part_of_the_plan() {
        assert!(sections_under(&[Scope::Attendance]).is_empty());
    }

    #[test]
    fn neither_title_nor_file_name_tells_what_it_is_about() {
        for audience in Audience::ALL {
            let told = format!("{} {}", audience.title(), audience.file_name()).to_lowercase();
            assert!(!["care", "recovery", "treatment"].iter().any(|word| told.contains(word)), "{told}");
        }
    }
}
