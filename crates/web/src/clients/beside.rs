//! What stands in the record now beside what was typed of it.

use clients::client;
use consent::ContactRules;
use consent::contact_rules::Risk;
use foundation::Faults;

use super::reaching;
use crate::differing::{Differs, differing};
use crate::form::Typed;

/// The risks that are ticked: as they were sent, or as they are known.
pub(super) fn risks(typed: &Typed, rules: Option<&ContactRules>) -> Vec<Risk> {
    match typed.given("rules_version") {
        Some(_) => typed.many("risks[]").filter_map(Risk::parse).collect(),
        None => rules.map(|rules| rules.risks.0.clone()).unwrap_or_default(),
    }
}

/// What stands now beside what was typed, after a save that came too late.
pub(super) fn theirs(
    page: &client::Page,
    rules: Option<&ContactRules>,
    typed: &Typed,
    faults: &Faults,
) -> Vec<Differs> {
    if faults.of("rules").is_some() {
        return differing(typed, reaching::stand(rules), reaching::value_words);
    }
    if faults.of("identity").is_none() {
        return Vec::new();
    }
    let labels = [
        ("name_used", "Name used"),
        ("legal_name", "Legal name"),
        ("pronouns", "Pronouns"),
        ("born_on", "Born on"),
        ("language", "Language"),
    ];
    let now = labels.map(|(name, label)| (name.to_owned(), label, identity(page, name).unwrap_or_default()));
    differing(typed, now, |_, value| value.to_owned())
}

/// A field of who they are.
pub(super) fn identity(page: &client::Page, name: &str) -> Option<String> {
    match name {
        "name_used" => Some(page.person.name_used.clone()),
        "legal_name" => page.person.legal_name.clone(),
        "pronouns" => page.person.pronouns.clone(),
        "born_on" => page.person.born_on.map(|day| day.to_string()),
        "language" => Some(page.person.language.clone()),
        _ => None,
    }
}
