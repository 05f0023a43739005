//! Where a person stands, in a sentence, and who they are, in a few lines.

use clients::client;
use foundation::Day;

use crate::look::Fact;

/// Whether they are in care, who carries them, and what that does to their check-ins.
pub(super) fn stands(page: &client::Page, today: Day, has_check_ins: bool) -> String {
    let counselor = page.counselor.as_ref().map_or_else(
        || "Nobody carries this person in a caseload yet.".to_owned(),
        |name| format!("In the caseload of {name}."),
    );
    let paused = if has_check_ins { "Check-ins are paused. " } else { "" };
    match page.episodes.first() {
        None => format!("Not admitted yet. {counselor}"),
        Some(e) => match e.discharged_on {
            None => format!(
                "In care since {}, day {}. {paused}{counselor}",
                long_date(e.admitted_on),
                (today - e.admitted_on).num_days() + 1
            ),
            Some(on) => {
                format!("Left care on {}, day {} since. {counselor}", long_date(on), (today - on).num_days())
            }
        },
    }
}

pub(super) fn long_date(day: Day) -> String {
    day.format("%-d %B %Y").to_string()
}

pub(super) fn facts(page: &client::Page) -> Vec<Fact> {
    vec![
        Fact::new("Name used", Some(page.person.name_used.clone())),
        Fact::new("Legal name", page.person.legal_name.clone()),
        Fact::new("Pronouns", page.person.pronouns.clone()),
        Fact::new("Born on", page.person.born_on.map(long_date)),
        Fact::new("Language", Some(page.person.language.clone())),
    ]
}
