//! Discreet by default: words that must not be in a subject, a sender, a body or a file name of what leaves the house.

use foundation::search::fold;

/// Blocked everywhere: what would tell a reader over the shoulder what this is about (domain reference 1.13, with the
/// forms in which the same word comes along).
const ANYWHERE: &[&str] = &[
    "sober",
    "sobriety",
    "rehab",
    "rehabilitation",
    "treatment",
    "treatments",
    "addiction",
    "addictions",
    "addict",
    "addicts",
    "alcohol",
    "alcoholic",
    "alcoholics",
    "drug",
    "drugs",
    "detox",
    "relapse",
    "relapsed",
    "clinic",
    "clinics",
    "patient",
    "patients",
    "aa",
    "na",
    "substance",
    "substances",
    "overdose",
    "narcotics",
    "opioid",
    "opioids",
    "diagnosis",
    "discharge",
    "discharged",
    "naloxone",
    "methadone",
    "buprenorphine",
];

/// Blocked besides in subjects, senders, titles and file names.
const OUTSIDE: &[&str] = &[
    "recovery",
    "alumni",
    "alumnus",
    "alumna",
    "counselor",
    "counselors",
    "counseling",
    "meeting",
    "meetings",
    "therapy",
    "therapist",
];

/// Blocked everywhere, several words in a row.
const PHRASES: &[&str] = &["since you left us", "a a", "n a", "42 cfr"];

/// Which part of a message is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Subject, sender, title, file name.
    Outside,
    /// Body.
    Inside,
}

/// The words of `text` that give something away, each once; empty when it may leave. `center` is the legal name of the
/// center, which gives everything away.
#[must_use]
pub fn revealing(text: &str, part: Part, center: &str) -> Vec<String> {
    let folded = fold(&apart(text));
    let is_blocked =
        |word: &str| ANYWHERE.contains(&word) || (part == Part::Outside && OUTSIDE.contains(&word));
    let words = folded.split(' ').filter(|word| is_blocked(word)).map(str::to_owned);
    let within = format!(" {folded} ");
    let center = fold(center);
    let phrases = PHRASES.iter().copied().chain([center.as_str()]);
    let phrases = phrases.filter(|phrase| !phrase.is_empty() && within.contains(&format!(" {phrase} ")));
    let mut found: Vec<String> = Vec::new();
    for word in words.chain(phrases.map(str::to_owned)) {
        if !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// Words that are written together come apart (`RecoveryPlan.pdf`), and what is invisible does not split a word.
fn apart(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before_is_small = false;
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        if before_is_small && c.is_uppercase() {
            out.push(' ');
        }
        before_is_small = c.is_lowercase();
        out.push(c);
    }
    out
}

/// Soft hyphen, zero-width characters, word joiner, byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_says_nothing() {
        let cedar = "Cedar Recovery Center";
        assert!(revealing("Checking in", Part::Outside, cedar).is_empty());
        assert_eq!(revealing("Your RECOVERY meeting", Part::Outside, cedar), ["recovery", "meeting"]);
        assert_eq!(
            revealing("A note from Cedar  Recovery-Center", Part::Inside, cedar),
            ["cedar recovery center"]
        );
        // A word inside another word is no word.
        assert!(revealing("Nana called", Part::Outside, cedar).is_empty());
    }

    #[test]
    fn accents_and_case_hide_nothing() {
        assert_eq!(revealing("Détox", Part::Inside, ""), ["detox"]);
    }

    #[test]
    fn a_file_name_hides_nothing_and_neither_does_what_cannot_be_seen() {
        for name in ["RecoveryPlan.pdf", "recovery_plan.pdf", "my-recovery.pdf", "Re\u{ad}covery"] {
            assert_eq!(revealing(name, Part::Outside, ""), ["recovery"], "{name}");
        }
        assert!(revealing("notes.pdf", Part::Outside, "Cedar Recovery Center").is_empty());
    }

    #[test]
    fn each_word_is_named_once_and_a_phrase_is_a_word() {
        assert_eq!(revealing("Drug talk, drug talk", Part::Inside, ""), ["drug"]);
        assert_eq!(revealing("How is it since you left us?", Part::Inside, ""), ["since you left us"]);
        assert_eq!(revealing("The A.A. on Tuesday", Part::Outside, ""), ["a a"]);
        assert_eq!(revealing("42 CFR part 2", Part::Inside, ""), ["42 cfr"]);
    }

    #[test]
    fn the_letters_of_the_house_may_leave() {
        let body = "Hi Jordan, it's Sam. How is your week going? If you'd like to answer a few short questions, use this \
                    private link. If you ever need urgent help, call or text 988, or 911 in an emergency.";
        assert!(revealing(body, Part::Inside, "Cedar Recovery Center").is_empty());
        for subject in [
            "Checking in",
            "Hello from Sam",
            "A quick question",
            "Our call on Tuesday",
            "Your note is ready",
            "Thinking of you today",
            "Is this the right address?",
            "We got your note",
            "Sorry we missed you",
            "The door is open",
            "A good day to say hello",
            "Still okay to write?",
            "Done",
        ] {
            assert!(revealing(subject, Part::Outside, "Cedar Recovery Center").is_empty(), "{subject}");
        }
        assert!(
            revealing(super::super::notice::ELECTRONIC_RISK, Part::Inside, "Cedar Recovery Center")
                .is_empty()
        );
    }
}
