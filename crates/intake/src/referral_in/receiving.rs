//! Receiving a referral: the form of a professional becomes a request, a caller who is a professional, and a person of
//! whom nothing is assumed.

use clients::episode::LevelOfCare;
use clients::person::plain;
use consent::rules::contact::SaidBy;
use consent::rules::notice::PROHIBITION;
use foundation::{Error, Faults, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, Set};

use super::{DETAILS, ReferralInId, Told, written};
use crate::entity::{referral_in, request};
use crate::organization::finding::named;
use crate::request::receiving::{NewRequest, Received, TypedRequest, receive};
use crate::rules::referral::{Agrees, DECIDED_WITHIN, Protected, Soon, first_call_due, urgency};
use crate::rules::source::{SourceKind, TouchWay};
use crate::rules::words::{Channel, Danger};
use crate::touch;

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
    request: NewRequest,
    danger: Danger,
    kind: SourceKind,
    told: Told,
}

impl NewReferral {
    /// Reads a form.
    ///
    /// # Errors
    /// What is missing or too long, each at its field.
    pub fn parse<'a>(text: impl Fn(&'static str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let danger = match text("safe") {
            "yes" => Some(Danger::No),
            "no" => Some(Danger::Yes),
            "not_sure" => Some(Danger::NotSure),
            _ => None,
        };
        need(danger.as_ref(), "safe", "Choose whether the person is safe right now", &mut faults);
        let kind = SourceKind::of_organizations().find(|kind| kind.as_str() == text("kind"));
        need(kind.as_ref(), "kind", "Choose what kind of organization you work for", &mut faults);
        let soon = Soon::parse(text("soon"));
        need(soon.as_ref(), "soon", "Choose how soon care is needed", &mut faults);
        let agrees = Agrees::parse(text("agrees"));
        need(agrees.as_ref(), "agrees", "Choose whether they know and agree", &mut faults);
        let protected = Protected::parse(text("protected"));
        need(
            protected.as_ref(),
            "protected",
            "Choose whether such records are told here or follow",
            &mut faults,
        );
        let notice = notice(&text, protected, &mut faults);
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
        let place = line("place", "");
        let reach = line("reach", "");
        let reason = text("reason").trim().to_owned();
        if reason.is_empty() || reason.chars().count() > REASON {
            faults.add("reason", format!("Enter why you refer them, up to {REASON} characters"));
        }
        let said = format!("{}, {organization}", if position.is_empty() { "referrer" } else { &position });
        let request = request(&text, &said, &reason, notice.as_deref(), &mut faults);
        match (request, danger, kind, soon, agrees, protected, faults.0.is_empty()) {
            (Some(request), Some(danger), Some(kind), Some(soon), Some(agrees), Some(protected), true) => {
                let level = LevelOfCare::parse(text("level")).map(|l| l.to_string()).unwrap_or_default();
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
            _ => {
                let place = |field: &str| ORDER.iter().position(|one| *one == field).unwrap_or(ORDER.len());
                faults.0.sort_by_key(|fault| place(&fault.field));
                Err(faults)
            }
        }
    }
}

fn need<T>(value: Option<&T>, field: &str, words: &str, faults: &mut Faults) {
    if value.is_none() {
        faults.add(field, words);
    }
}

/// Which notice came along: the regulation's short sentence, or their own text.
fn notice<'a>(
    text: &impl Fn(&'static str) -> &'a str,
    protected: Option<Protected>,
    faults: &mut Faults,
) -> Option<String> {
    if protected != Some(Protected::Yes) {
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

/// Receives a referral. Sent twice, it is one.
pub async fn receive_referral(
    unit: &mut Unit,
    submission: &str,
    new: NewReferral,
) -> Result<Received, Error> {
    let received = receive(unit, submission, new.request).await?;
    if !received.fresh {
        return Ok(received);
    }
    let row = request::Entity::find_by_id(received.id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let (person, urgency) = (row.prospective_id, urgency(new.danger, new.told.soon));
    let due_at = first_call_due(urgency, unit.now(), row.due_at);
    request::Entity::update_many()
        .col_expr(request::Column::Urgency, Expr::value(urgency))
        .col_expr(request::Column::DueAt, Expr::value(due_at))
        .filter(request::Column::Id.eq(row.id))
        .exec(unit.tx())
        .await?;
    let known = named(unit.tx(), &new.told.organization).await?;
    let id: ReferralInId = unit.id();
    let sealed = unit.seal(person, DETAILS, &written(&new.told)?).await?;
    let referral = referral_in::ActiveModel {
        id: Set(id),
        request_id: Set(row.id),
        person_id: Set(person),
        organization_id: Set(known.as_ref().map(|one| one.id)),
        details: Set(sealed),
        due_at: Set(unit.now() + DECIDED_WITHIN),
        decided_at: Set(None),
        decided_by: Set(None),
        decision: Set(None),
        reason: Set(None),
        version: Set(1),
    };
    unit.insert(referral).await?;
    let touch = touch::Row {
        way: TouchWay::Professional,
        kind: known.as_ref().map_or(new.kind, |one| one.kind),
        organization: known.map(|one| one.id),
        contact: None,
        detail: Some(format!("{}, {}", new.told.referrer, new.told.organization)),
        primary: true,
    };
    touch::write(unit, row.id, person, touch).await?;
    Ok(received)
}
