//! The safe-contact card: what everyone who may call a person sees first, in words to be read aloud.

mod died;

use foundation::Instant;

use super::{ContactRules, is_stale};
use crate::reaching::Reaching;
use crate::rules::contact::{Answering, Hours, Permission, Voicemail, words_to_say};

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
    /// The word by which each knows the other.
    pub code_word: Option<String>,
    /// What was said of single numbers and addresses.
    pub lines: Vec<Line>,
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

/// One number or address of which something was said beside what holds for all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub value: String,
    /// "never", "weekdays, 9 am to 4 pm; no voicemail; hang up and try again later".
    pub words: String,
    /// Whether it is not to be used.
    pub is_refused: bool,
    /// When it was said or confirmed last: "12 days ago".
    pub said: String,
}

/// The card of a person: `name` as used, `me` the first name of who calls.
pub(crate) fn card(reaching: &Reaching, name: &str, me: &str, now: Instant) -> SafeContactCard {
    if let Some(death) = &reaching.death {
        return died::card(death);
    }
    let lines = lines(reaching, now);
    let Some(rules) = reaching.rules_to_call() else {
        return SafeContactCard {
            heading: "Safe contact: not asked yet".into(),
            say: "Nobody has asked how this person may be reached. Ask first: “Is it safe to talk?”".into(),
            ways: ["Call", "Voicemail", "Text", "E-mail"]
                .into_iter()
                .map(|n| way(n, Permission::NotAsked, ""))
                .map(|one| if one.name == "E-mail" { email_way(reaching, now) } else { one })
                .collect(),
            source: "No rules are written down.".into(),
            stale: false,
            code_word: None,
            lines,
            risks: Vec::new(),
        };
    };
    let (ask_for, me) =
        (rules.ask_for.as_deref().unwrap_or(name), rules.identify_as.as_deref().unwrap_or(me));
    SafeContactCard {
        heading: heading(&rules),
        say: say(&rules, ask_for, reaching.phone(), me),
        ways: vec![
            way("Call", rules.call, &rules.call_hours.0.as_ref().map(Hours::words).unwrap_or_default()),
            Way {
                class: rules.voicemail.class(),
                mark: rules.voicemail.mark(),
                name: "Voicemail",
                words: rules.voicemail.words().into(),
            },
            way("Text", rules.text_message, ""),
            email_way(reaching, now),
        ],
        source: source(&rules, now),
        stale: is_stale(rules.captured_at, now),
        code_word: rules.code_word,
        lines,
        risks: rules.risks.0.iter().map(|risk| risk.words()).collect(),
    }
}

/// What was said of single numbers and addresses, in the order they were given.
fn lines(reaching: &Reaching, now: Instant) -> Vec<Line> {
    let said = reaching.points.iter().filter_map(|point| {
        let own = point.own_rules.as_ref()?;
        let mut words = Vec::new();
        match (own.may_use, own.hours) {
            (Permission::Ok | Permission::NotAsked, Some(hours)) => words.push(hours.words()),
            (Permission::NotAsked, None) => {}
            (may_use, _) => words.push(may_use.words().to_owned()),
        }
        match own.voicemail {
            Voicemail::NotAsked => {}
            Voicemail::Never => words.push("no voicemail".into()),
            Voicemail::NameAndNumber => words.push("a first name and a number on voicemail".into()),
        }
        match own.answering {
            Answering::NotAsked => {}
            Answering::AskByName => {
                words.push("if someone else answers, ask by name and say nothing else".into());
            }
            Answering::HangUp => words.push("if someone else answers, hang up".into()),
            Answering::NotSure => words.push("not sure what to say to someone else".into()),
        }
        let (value, is_refused) = (point.value.clone(), point.is_refused());
        Some(Line { value, is_refused, words: words.join("; "), said: ago(own.said_at, now) })
    });
    said.collect()
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

/// By e-mail. An address that nobody writes to says so, whatever was agreed, and what to do.
fn email_way(reaching: &Reaching, now: Instant) -> Way {
    let plain = way("E-mail", reaching.email_permission(), "");
    let Some(stopped) = &reaching.suppressed else { return plain };
    let words = match (stopped.is_stop(), ago(stopped.since, now)) {
        (true, when) => format!("stopped by their link, {when}. Ask by phone if they want e-mail again"),
        (false, when) => format!("mail came back, {when}. Ask for another address"),
    };
    Way { class: Permission::Never.class(), mark: Permission::Never.mark(), words, ..plain }
}

fn way(name: &'static str, permission: Permission, hours: &str) -> Way {
    let some = permission == Permission::Ok && !hours.is_empty();
    let (class, mark) = if some { ("some", "half") } else { (permission.class(), permission.mark()) };
    let words = if some { hours.to_owned() } else { permission.words().to_owned() };
    Way { class, mark, name, words }
}

/// "today", "yesterday", "12 days ago".
fn ago(at: Instant, now: Instant) -> String {
    match (now - at).num_days() {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    }
}

fn source(rules: &ContactRules, now: Instant) -> String {
    let when = ago(rules.captured_at, now);
    let voice = if rules.confirmed_by_voice { "" } else { " Not confirmed by voice yet." };
    let again = if is_stale(rules.captured_at, now) { " Ask again at the next call." } else { "" };
    format!("{}, {when}.{voice}{again}", rules.said_by.words())
}
