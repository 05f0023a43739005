//! The order of the call beside the sheet, and what is asked in which part of it.

use intake::call::sheet::{Asked, Sheet};
use intake::rules::triage::Triage;

/// The order of the call beside the sheet, and what of it is done.
pub(super) fn steps(sheet: &Sheet, triage: &Triage) -> Vec<(&'static str, &'static str, bool)> {
    let has = |name: &str| !sheet.text(name).is_empty();
    let one_of = |names: &[Asked]| names.iter().any(|a| has(&format!("a_{a}")));
    vec![
        ("cut-off", "Where are you, if we get cut off?", has("phone") && has("place")),
        ("told", "What made you call today?", has("words")),
        ("safety", "Is anyone in danger?", triage.open.is_empty()),
        ("who", "Who is it for?", has("for_whom")),
        ("reach", "May I take notes? How may we reach you?", has("call")),
        ("substances", "What have you been using, and when last?", has("s1_kind")),
        ("health", "Health and medicines", one_of(&HEALTH)),
        ("around", "Home, work, people", one_of(&AROUND)),
        ("coverage", "Coverage", has(&format!("a_{}", Asked::Coverage))),
        ("next", "Offer a time within a day", has("slot") || has("next_step") || has("disposition")),
    ]
}

/// What is asked about health, about the life around it, and about care.
pub(super) const HEALTH: [Asked; 7] = [
    Asked::StoppedBefore,
    Asked::OverdoseBefore,
    Asked::Conditions,
    Asked::Medicines,
    Asked::Allergies,
    Asked::Mobility,
    Asked::Mind,
];
pub(super) const AROUND: [Asked; 8] = [
    Asked::Housing,
    Asked::Children,
    Asked::Work,
    Asked::Legal,
    Asked::Transport,
    Asked::Pets,
    Asked::TreatedBefore,
    Asked::Medication,
];
