//! Discreet by default: words that must not be in a subject, a sender, a body or a file name of what leaves the house.

use foundation::search::fold;

/// Blocked in subjects, senders, titles and file names (whole words, folded; domain reference 1.13).
const SUBJECT: &[&str] = &[
    "recovery",
    "sober",
    "sobriety",
    "rehab",
    "treatment",
    "addiction",
    "addict",
    "alcohol",
    "drug",
    "drugs",
    "detox",
    "relapse",
    "alumni",
    "counselor",
    "clinic",
    "patient",
    "meeting",
    "aa",
    "na",
    "therapy",
    "substance",
    "overdose",
];

/// Blocked in bodies: what would tell a reader over the shoulder what this is about.
const BODY: &[&str] = &[
    "sober",
    "sobriety",
    "rehab",
    "addiction",
    "addict",
    "alcohol",
    "drug",
    "drugs",
    "detox",
    "relapse",
    "substance",
    "overdose",
    "discharge",
    "discharged",
    "treatment",
    "diagnosis",
    "clinic",
    "patient",
    "aa",
    "na",
];

/// Which part of a message is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Subject, sender, title, file name.
    Outside,
    /// Body.
    Inside,
}

/// The words of `text` that give something away; empty when it may leave. `center` is the legal name of the center,
/// which gives everything away.
pub fn revealing(text: &str, part: Part, center: &str) -> Vec<String> {
    let folded = fold(text);
    let list = match part {
        Part::Outside => SUBJECT,
        Part::Inside => BODY,
    };
    let mut found: Vec<String> =
        folded.split(' ').filter(|word| list.contains(word)).map(str::to_owned).collect();
    let center = fold(center);
    if !center.is_empty() && format!(" {folded} ").contains(&format!(" {center} ")) {
        found.push(center);
    }
    found.dedup();
    found
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
}
