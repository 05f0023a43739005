//! How much of a plan is there, in sentences. It tells what to do next and judges nobody.

use super::section::SectionKey;

/// What is written and what is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Core sections with words in them, in order.
    pub written: Vec<SectionKey>,
    /// Core sections without.
    pub missing: Vec<SectionKey>,
    /// What the short plan for someone who leaves today still needs.
    pub missing_today: Vec<SectionKey>,
}

/// Reads a plan: `written` are all sections with words or, for the circle, with connections.
#[must_use]
pub fn read(written: &[SectionKey]) -> Readiness {
    let core = SectionKey::ALL.iter().copied().filter(|key| key.is_core());
    let (written_core, missing) = core.partition(|key| written.contains(key));
    let short = SectionKey::ALL.iter().copied().filter(|key| key.is_in_short_plan());
    Readiness {
        written: written_core,
        missing,
        missing_today: short.filter(|key| !written.contains(key)).collect(),
    }
}

impl Readiness {
    /// Whether every core section has words.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }

    /// How it stands, the most important first.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let all = self.written.len() + self.missing.len();
        let mut sentences = vec![if self.is_complete() {
            format!("All {all} core sections are written.")
        } else {
            format!(
                "{} of {all} core sections are written. Still open: {}.",
                self.written.len(),
                titles(&self.missing)
            )
        }];
        if self.missing.contains(&SectionKey::Appointments) {
            sentences
                .push("No visit is written down. The first one should be within 7 days of leaving.".into());
        }
        sentences.push(match self.missing_today.as_slice() {
            [] => "Someone who leaves today has what they need in hand.".into(),
            missing => format!("For leaving today, write these first: {}.", titles(missing)),
        });
        sentences
    }
}

fn titles(keys: &[SectionKey]) -> String {
    keys.iter().map(|key| format!("“{}”", key.words())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_plan_says_what_to_write_first() {
        let readiness = read(&[]);
        assert!(!readiness.is_complete());
        assert_eq!((readiness.missing.len(), readiness.missing_today.len()), (7, 6));
        let said = readiness.sentences();
        assert!(said[0].starts_with("0 of 7 core sections are written. Still open: “If I need help now”"));
        assert!(said[1].contains("within 7 days") && said[2].contains("“If I use again”"));
    }

    #[test]
    fn whoever_leaves_in_five_minutes_needs_six_sections_and_not_the_reasons() {
        let short: Vec<_> = SectionKey::ALL.iter().copied().filter(|key| key.is_in_short_plan()).collect();
        let readiness = read(&short);
        assert!(readiness.missing_today.is_empty() && !readiness.is_complete());
        assert_eq!(readiness.missing, [SectionKey::Reasons, SectionKey::Commitments]);
        assert_eq!(
            readiness.sentences().last().map(String::as_str),
            Some("Someone who leaves today has what they need in hand.")
        );
    }

    #[test]
    fn a_whole_plan_says_so_and_sections_beyond_the_core_change_nothing() {
        let readiness = read(SectionKey::ALL);
        assert!(readiness.is_complete());
        assert_eq!(readiness.sentences()[0], "All 7 core sections are written.");
        assert_eq!(read(&[SectionKey::Faith]), read(&[]));
    }
}
