//! Who reads a copy, and which sections they may see. A named reader sees what the consent names and nothing else.

use alumni::rules::connection::Kind;
use consent::consents::Scope;
use foundation::search::fold;

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

/// Whether what was typed in a section may go to a reader with this scope. People with their numbers stand where help is
/// asked for: they are the circle's, and need that part as well.
#[must_use]
pub fn may_read_words(key: SectionKey, scope: &[Scope]) -> bool {
    let needs_circle = matches!(key, SectionKey::HelpNow | SectionKey::Groups);
    scope.contains(&key.scope()) && (!needs_circle || scope.contains(&Scope::SupportNetwork))
}

/// Words with which a name in a circle may begin that are no names.
const NO_NAMES: &[&str] =
    &["the", "our", "old", "aunt", "uncle", "friend", "cousin", "brother", "sister", "mrs"];

/// How a tie may be called in a line that was typed: by the whole of what it is called, and somebody also by the first
/// name ("Joss" for "Joss from the house").
#[must_use]
pub fn names_of(label: &str, kind: Kind) -> Vec<String> {
    let mut names = vec![label.to_owned()];
    let first = label.split_whitespace().next().unwrap_or_default();
    let is_name = first.chars().next().is_some_and(char::is_uppercase) && first.chars().count() > 2;
    if kind == Kind::Person && is_name && !NO_NAMES.contains(&fold(first).as_str()) && first != label {
        names.push(first.to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_with_their_numbers_go_only_where_the_circle_may_go() {
        assert!(!may_read_words(SectionKey::HelpNow, &[Scope::Plan]));
        assert!(may_read_words(SectionKey::HelpNow, &[Scope::Plan, Scope::SupportNetwork]));
        assert!(!may_read_words(SectionKey::HelpNow, &[Scope::SupportNetwork]));
        assert!(may_read_words(SectionKey::Coping, &[Scope::Plan]));
        assert!(!may_read_words(SectionKey::Medicines, &[Scope::Plan]));
    }

    #[test]
    fn joss_from_the_house_is_also_called_joss_and_the_tuesday_group_is_not_called_the() {
        assert_eq!(names_of("Joss from the house", Kind::Person), ["Joss from the house", "Joss"]);
        assert_eq!(names_of("The Tuesday group", Kind::Group), ["The Tuesday group"]);
        assert_eq!(names_of("Aunt Bea", Kind::Person), ["Aunt Bea"]);
        assert_eq!(names_of("Lee", Kind::Person), ["Lee"]);
    }

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
