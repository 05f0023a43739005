//! The form of a professional, read: who refers, whom, why, what came along. Nothing of it is written down here.

use clients::episode::LevelOfCare;
use clients::person::plain;
use consent::rules::contact::SaidBy;
use consent::rules::notice::PROHIBITION;
use foundation::Faults;

use super::Told;
use crate::request::receiving::{NewRequest, TypedRequest};
use crate::rules::referral::{Agrees, Protected, Soon};
use crate::rules::source::SourceKind;
use crate::rules::words::{Channel, Danger};

/// Characters of a line, of the reason, and of a notice: together they fit into what a request may say.
const LINE: usize = 160;
const REASON: usize = 2300;
const NOTICE: usize = 1500;

/// The fields in the order in which they are asked: what must be put right is told in it.
const ORDER: [&str; 15] = [
    "safe",
    "place",
    "name",
    "organization",
    "kind",
    "position",
    "phone",
    "email",
    "other_name",
    "agrees",
    "reach",
    "reason",
    "soon",
    "protected",
    "notice",
];

/// What stands between the words of a referral and the notice that came along.
const CAME_WITH: &str = "These words came with this notice:";

/// A referral that can be received.
#[derive(Clone, Debug)]
pub struct NewReferral {
    pub(super) request: NewRequest,
    pub(super) danger: Danger,
    pub(super) kind: SourceKind,
    pub(super) told: Told,
}

/// What is chosen among answers that are there.
struct Chosen {
    danger: Danger,
    kind: SourceKind,
    soon: Soon,
    agrees: Agrees,
    protected: Protected,
}

impl Chosen {
    fn parse<'a>(text: &impl Fn(&'static str) -> &'a str, faults: &mut Faults) -> Option<Self> {
        let danger = match text("safe") {
            "yes" => Some(Danger::No),
            "no" => Some(Danger::Yes),
            "not_sure" => Some(Danger::NotSure),
            _ => None,
        };
        let kind = SourceKind::of_organizations().find(|kind| kind.as_str() == text("kind"));
        let (soon, agrees) = (Soon::parse(text("soon")), Agrees::parse(text("agrees")));
        let protected = Protected::parse(text("protected"));
        for (is_missing, field, words) in [
            (danger.is_none(), "safe", "Choose whether the person is safe right now"),
            (kind.is_none(), "kind", "Choose what kind of organization you work for"),
            (soon.is_none(), "soon", "Choose how soon care is needed"),
            (agrees.is_none(), "agrees", "Choose whether they know and agree"),
            (protected.is_none(), "protected", "Choose whether such records are told here or follow"),
        ] {
            if is_missing {
                faults.add(field, words);
            }
        }
        Some(Self { danger: danger?, kind: kind?, soon: soon?, agrees: agrees?, protected: protected? })
    }
}

impl NewReferral {
    /// Reads a form.
    ///
    /// # Errors
    /// What is missing or too long, each at its field.
    pub fn parse<'a>(text: impl Fn(&'static str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let chosen = Chosen::parse(&text, &mut faults);
        let notice = notice(&text, &mut faults);
        let mut line = |field: &'static str, missing: &str| {
            let value = plain(text(field));
            if value.is_empty() && !missing.is_empty() {
                faults.add(field, missing);
            } else if value.chars().count() > LINE {
                faults.add(field, format!("Write less here, up to {LINE} characters"));
            }
            value
        };
        let referrer = line("name", "Enter your name");
        let organization = line("organization", "Enter the name of your organization");
        let position = line("position", "");
        let (place, reach) = (line("place", ""), line("reach", ""));
        let reason = text("reason").trim().to_owned();
        if reason.is_empty() || reason.chars().count() > REASON {
            faults.add("reason", format!("Enter why you refer them, up to {REASON} characters"));
        }
        let said = format!("{}, {organization}", if position.is_empty() { "referrer" } else { &position });
        let request = request(&text, &said, &reason, notice.as_deref(), &mut faults);
        let (Some(request), Some(chosen), true) = (request, chosen, faults.0.is_empty()) else {
            let place = |field: &str| ORDER.iter().position(|one| *one == field).unwrap_or(ORDER.len());
            faults.0.sort_by_key(|fault| place(&fault.field));
            return Err(faults);
        };
        let level = LevelOfCare::parse(text("level")).map(|l| l.to_string()).unwrap_or_default();
        let Chosen { danger, kind, soon, agrees, protected } = chosen;
        let told = Told {
            referrer,
            organization,
            position,
            place,
            reach,
            reason,
            level,
            soon,
            agrees,
            protected,
            notice,
        };
        Ok(Self { request, danger, kind, told })
    }
}

/// Which notice came along: the regulation's short sentence, or their own text.
fn notice<'a>(text: &impl Fn(&'static str) -> &'a str, faults: &mut Faults) -> Option<String> {
    if text("protected") != Protected::Yes.as_str() {
        return None;
    }
    let own = text("notice_text").trim();
    if own.chars().count() > NOTICE {
        faults.add("notice_text", format!("Enter the notice alone, up to {NOTICE} characters"));
    }
    match text("notice") {
        "short" => Some(PROHIBITION.to_owned()),
        "own" if own.is_empty() => {
            faults.add("notice_text", "Enter the notice that goes with these records");
            None
        }
        "own" => Some(own.to_owned()),
        _ => {
            faults.add("notice", "Choose which notice goes with these records");
            None
        }
    }
}

/// The request it becomes. What the form calls by other names is a fault at the form's name.
fn request<'a>(
    text: &impl Fn(&'static str) -> &'a str,
    said: &str,
    reason: &str,
    notice: Option<&str>,
    faults: &mut Faults,
) -> Option<NewRequest> {
    let with = notice.map(|notice| format!("{reason}\n\n{CAME_WITH}\n{notice}"));
    let relationship: String = said.chars().take(60).collect();
    let danger = match text("safe") {
        "yes" => "no",
        "no" => "yes",
        other => other,
    };
    let email = text("email");
    let typed = TypedRequest {
        danger,
        for_whom: "patient",
        relationship: &relationship,
        name: text("name"),
        other_name: text("other_name"),
        phone: text("phone"),
        email,
        call: "any",
        email_ok: if email.is_empty() { "" } else { "yes" },
        words: with.as_deref().unwrap_or(reason),
        ..TypedRequest::default()
    };
    if text("phone").trim().is_empty() {
        faults.add("phone", "Enter the number at which we can call you back");
    }
    match NewRequest::parse(&typed, Channel::Referral, SaidBy::Referrer) {
        Ok(new) => Some(new),
        Err(more) => {
            for fault in more.0 {
                // A name that is too long has one line for both people there, and its own here.
                let about_the_other = fault.field == "name" && text("name").chars().count() <= 120;
                let field = if about_the_other { "other_name".to_owned() } else { fault.field };
                if faults.of(&field).is_none() && field != "words" {
                    faults.add(field, fault.words);
                }
            }
            None
        }
    }
}
