//! The safe-contact card: what everyone who may call a person sees first, in words to be read aloud.

mod died;

use foundation::Instant;

use super::{ContactRules, Risk, is_stale};
use crate::reaching::Reaching;
use crate::rules::contact::{Answering, Calling, Hours, Permission, Voicemail, words_to_say};

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
    /// Why nobody should call now: "Not now: it is 8:30 am where they live."
    pub not_now: Option<String>,
    /// The word by which each knows the other.
    pub code_word: Option<String>,
    /// What was said of single numbers and addresses.
    pub lines: Vec<Line>,
    /// Who else may read or listen, in words; empty when nothing is known of.
    pub risks: Vec<&'static str>,
    /// Whether one of them could harm the person: that is said before anything else.
    pub danger: bool,
    /// Whether two cards were merged and the stricter of each answer holds until somebody asks again.
    pub unsettled: bool,
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

impl SafeContactCard {
    /// The same while someone may be in danger: the hour of the night is said, and holds nobody back. Hours they named
    /// still do, unless `lifted` says that danger comes before them.
    #[must_use]
    pub fn in_danger(mut self, reaching: &Reaching, lifted: bool) -> Self {
        if lifted || reaching.hours().is_none() {
            self.not_now = self.not_now.map(|words| {
                let hour = words.strip_prefix("Not now: ").unwrap_or(&words).to_owned();
                let mut letters = hour.chars();
                let first =
                    letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
                format!("{first}{} Someone may be in danger: call all the same.", letters.as_str())
            });
        }
        self
    }
}

/// The card of a person: `name` as used, `me` the first name of who calls.
pub(crate) fn card(reaching: &Reaching, name: &str, me: &str, now: Instant) -> SafeContactCard {
    if let Some(death) = &reaching.death {
        return died::card(death);
    }
    if reaching.refuses_all() {
        return silence(reaching, now);
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
            not_now: reaching.why_not_now(now),
            code_word: None,
            lines,
            risks: Vec::new(),
            danger: false,
            unsettled: reaching.is_unsettled(),
        };
    };
    let (ask_for, me) =
        (rules.ask_for.as_deref().unwrap_or(name), rules.identify_as.as_deref().unwrap_or(me));
    SafeContactCard {
        heading: heading(&rules, reaching),
        say: words_to_say(&plan(&rules, reaching), ask_for, reaching.phone(), me),
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
        not_now: reaching.why_not_now(now).filter(|_| rules.call != Permission::Never),
        code_word: rules.code_word.clone(),
        lines,
        risks: rules.risks.0.iter().map(|risk| risk.words()).collect(),
        danger: rules.risks.0.contains(&Risk::AbuserInHousehold),
        unsettled: reaching.is_unsettled(),
    }
}

/// The card of someone who asked not to be contacted: that beats every line that would stand below it.
fn silence(reaching: &Reaching, now: Instant) -> SafeContactCard {
    let no = |name| way(name, Permission::Never, "");
    let risks = reaching.risks();
    SafeContactCard {
        heading: "Safe contact: asked not to be contacted".into(),
        say: "Do not call and do not write. They asked not to be contacted.".into(),
        ways: ["Call", "Voicemail", "Text", "E-mail"].into_iter().map(no).collect(),
        source: reaching.rules_to_call().map(|rules| source(&rules, now)).unwrap_or_default(),
        stale: false,
        not_now: None,
        code_word: None,
        lines: Vec::new(),
        risks: risks.iter().map(|risk| risk.words()).collect(),
        danger: risks.contains(&Risk::AbuserInHousehold),
        unsettled: reaching.is_unsettled(),
    }
}

/// What the sentence to say is made of.
fn plan<'a>(rules: &'a ContactRules, reaching: &Reaching) -> Calling<'a> {
    let may = |permission| matches!(permission, Permission::Ok | Permission::OnlyUrgent);
    Calling {
        call: rules.call,
        hours: rules.call_hours.0.as_ref(),
        answering: rules.if_someone_else_answers,
        another_way: (may(rules.text_message) && reaching.phone().is_some())
            || (may(reaching.email_permission()) && reaching.email().is_some()),
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

fn heading(rules: &ContactRules, reaching: &Reaching) -> String {
    let how = match rules.call {
        Permission::Never => "do not call",
        Permission::Ok | Permission::OnlyUrgent if reaching.phone().is_none() => "no number to call",
        Permission::NotAsked => "not asked yet",
        _ if rules.call_hours.0.is_some() => "certain hours only",
        Permission::Ok | Permission::OnlyUrgent => "may be called",
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
