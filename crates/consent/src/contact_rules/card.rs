//! The safe-contact card: what everyone who may call a person sees first, in words to be read aloud.

use foundation::Instant;

use super::{ContactRules, GOOD_FOR_DAYS};
use crate::rules::contact::{Hours, Permission, words_to_say};

/// What everyone who may call this person sees first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeContactCard {
    /// "Safe contact: certain hours only".
    pub heading: String,
    /// The words to say, to be read aloud.
    pub say: String,
    /// The ways: mark class (`yes`, `no`, `some`, `unk`), way, words.
    pub ways: Vec<Way>,
    /// Who said so and when.
    pub source: String,
    /// Whether what was said is so old that it is confirmed before anyone goes by it.
    pub stale: bool,
    /// Who else may read or listen, in words; empty when nothing is known of.
    pub risks: Vec<&'static str>,
}

/// One way of reaching a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    pub class: &'static str,
    pub mark: &'static str,
    pub name: &'static str,
    pub words: String,
}

/// The card for a person: `name` as used, `phone` to dial, `me` the first name of who calls.
pub fn card(
    rules: Option<&ContactRules>,
    name: &str,
    phone: Option<&str>,
    me: &str,
    now: Instant,
) -> SafeContactCard {
    let Some(rules) = rules else {
        return SafeContactCard {
            heading: "Safe contact: not asked yet".into(),
            say: "Nobody has asked how this person may be reached. Ask first: “Is it safe to talk?”".into(),
            ways: ["Call", "Voicemail", "Text", "E-mail"]
                .into_iter()
                .map(|n| way(n, Permission::NotAsked, ""))
                .collect(),
            source: "No rules are written down.".into(),
            stale: false,
            risks: Vec::new(),
        };
    };
    let (ask_for, me) =
        (rules.ask_for.as_deref().unwrap_or(name), rules.identify_as.as_deref().unwrap_or(me));
    let age = (now - rules.captured_at).num_days();
    SafeContactCard {
        heading: heading(rules),
        say: say(rules, ask_for, phone, me),
        ways: vec![
            way("Call", rules.call, &rules.call_hours.0.as_ref().map(Hours::words).unwrap_or_default()),
            Way {
                class: rules.voicemail.class(),
                mark: rules.voicemail.mark(),
                name: "Voicemail",
                words: rules.voicemail.words().into(),
            },
            way("Text", rules.text_message, ""),
            way("E-mail", rules.email, ""),
        ],
        source: source(rules, age),
        stale: age >= GOOD_FOR_DAYS,
        risks: rules.risks.0.iter().map(|risk| risk.words()).collect(),
    }
}

fn say(rules: &ContactRules, ask_for: &str, phone: Option<&str>, me: &str) -> String {
    if rules.do_not_contact_at.is_some() {
        return "Do not call and do not write. They asked not to be contacted.".into();
    }
    let hours = rules.call_hours.0.as_ref();
    words_to_say(rules.call, hours, rules.if_someone_else_answers, ask_for, phone, me)
}

fn heading(rules: &ContactRules) -> String {
    let how = match (rules.do_not_contact_at, rules.call) {
        (Some(_), _) => "asked not to be contacted",
        (None, Permission::Never) => "do not call",
        (None, Permission::NotAsked) => "not asked yet",
        (None, _) if rules.call_hours.0.is_some() => "certain hours only",
        (None, Permission::Ok | Permission::OnlyUrgent) => "may be called",
    };
    format!("Safe contact: {how}")
}

fn way(name: &'static str, permission: Permission, hours: &str) -> Way {
    let some = permission == Permission::Ok && !hours.is_empty();
    let (class, mark) = if some { ("some", "half") } else { (permission.class(), permission.mark()) };
    let words = if some { hours.to_owned() } else { permission.words().to_owned() };
    Way { class, mark, name, words }
}

fn source(rules: &ContactRules, age: i64) -> String {
    let when = match age {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    };
    let voice = if rules.confirmed_by_voice { "" } else { " Not confirmed by voice yet." };
    let again = if age >= GOOD_FOR_DAYS { " Ask again at the next call." } else { "" };
    format!("{}, {when}.{voice}{again}", rules.said_by.words())
}
