//! The coverage as it stands now beside what was typed of it.

use clients::episode::LevelOfCare;
use foundation::Faults;
use intake::benefits::coverage::Coverage;

use super::view::{Choices, kinds, subscribers};
use crate::differing::{Differs, differing};
use crate::form::Typed;

/// The coverage as it stands now beside what was typed, after a save that came too late.
pub(super) fn theirs(kept: &Coverage, typed: &Typed, faults: &Faults) -> Vec<Differs> {
    if faults.of("coverage").is_none() {
        return Vec::new();
    }
    let levels = kept.levels.iter().map(|level| level.as_str()).collect::<Vec<_>>().join(",");
    let levels = ("level[]".to_owned(), "Levels of care to ask about", levels);
    let now = LABELS.map(|(name, label)| (name.to_owned(), label, kept.text(name)));
    let now = now.into_iter().chain([levels]);
    differing(typed, now, |name, value| {
        let of =
            |choices: Choices| choices.into_iter().find(|(one, _)| *one == value).map(|(_, words)| words);
        let words = match name {
            "plan_kind" => of(kinds()),
            "subscriber" => of(subscribers()),
            "level[]" => LevelOfCare::parse(value).map(LevelOfCare::words),
            _ => None,
        };
        words.unwrap_or(value).to_owned()
    })
}

/// The fields of the coverage with their labels.
const LABELS: [(&str, &str); 10] = [
    ("plan_kind", "Kind of plan"),
    ("plan", "Plan"),
    ("member_id", "Member ID"),
    ("group_number", "Group number"),
    ("payer_phone", "Provider services"),
    ("administrator", "Behavioral health is with"),
    ("administrator_phone", "Their phone"),
    ("subscriber", "Who holds the plan"),
    ("subscriber_name", "Name on the plan"),
    ("subscriber_born", "Born on"),
];
