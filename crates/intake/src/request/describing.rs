//! Describing: who asks, for whom, in what words, and how they may be reached, once a call has told it.

use clients::person::{self, NewPerson};
use consent::contact_rules::NewContactRules;
use consent::rules::contact::{Answering, Permission, SaidBy, Voicemail};
use consent::{contact_point, contact_rules};
use foundation::{Act, Error, Faults, News, PersonId, Subject, Unit, Zone};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::receiving::{NewRequest, TypedRequest};
use super::resealing::reseal;
use super::{RELATIONSHIP, Request, WORDS};
use crate::call::sheet::Sheet;
use crate::clocks;
use crate::entity::request;
use crate::rules::words::{Channel, ForWhom};

/// What a call told about a request.
#[derive(Clone, Debug)]
pub struct Described {
    new: NewRequest,
    /// Where they are, when they said so.
    zone: Option<Zone>,
}

impl Described {
    /// Reads a sheet that is to be complete.
    ///
    /// # Errors
    /// What cannot be used as it is, like a phone number, at its field.
    pub fn whole(sheet: &Sheet) -> Result<Self, Faults> {
        parse(sheet).map(|new| Self::of(sheet, new))
    }

    fn of(sheet: &Sheet, new: NewRequest) -> Self {
        Self { new, zone: sheet.text("zone").parse().ok() }
    }

    /// Reads a sheet in the middle of a call: what is not right yet is left out.
    pub fn as_far_as_it_goes(sheet: &Sheet) -> Result<Self, Faults> {
        let faults = match parse(sheet) {
            Ok(new) => return Ok(Self::of(sheet, new)),
            Err(faults) => faults,
        };
        let bad =
            |name: &str| faults.of(name).is_some() || (name == "call" && faults.of("call_from").is_some());
        let typed = TypedRequest::read(|name| if bad(name) { "" } else { sheet.text(name) });
        NewRequest::parse(&typed, Channel::Phone, SaidBy::Voice).map(|new| Self::of(sheet, new))
    }
}

fn parse(sheet: &Sheet) -> Result<NewRequest, Faults> {
    let typed = TypedRequest::read(|name| sheet.text(name));
    NewRequest::parse(&typed, Channel::Phone, SaidBy::Voice)
}

/// Writes down what a call told. Of someone else than the caller a second person is made; what the request says is
/// theirs from then on.
pub async fn describe(unit: &mut Unit, wanted: &Request, told: Described) -> Result<(), Error> {
    let Described { new, zone } = told;
    let permit = unit.permit(Act::SaveCall, &wanted.subject())?;
    for point in &new.points {
        contact_point::add(unit, wanted.caller_id, point.clone()).await?;
    }
    let caller = Subject::of("person", wanted.caller_id).concerning(wanted.caller_id);
    if let Some(rules) = heard(unit, wanted, &new.rules).await? {
        contact_rules::set(unit, &caller, rules).await?;
        clocks::hours_changed(unit, wanted.caller_id).await?;
    }
    if new.caller.name().is_empty() {
        person::find_by_everything(unit, wanted.caller_id).await?;
    } else {
        person::name(unit, wanted.caller_id, new.caller.name()).await?;
    }
    if let Some(zone) = zone {
        person::lives_in(unit, wanted.caller_id, zone).await?;
    }
    let prospective = prospective(unit, wanted, &new).await?;
    let mut update = request::Entity::update_many()
        .col_expr(request::Column::ForWhom, Expr::value(new.for_whom))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1));
    for (column, place, text) in [
        (request::Column::Words, WORDS, &new.words),
        (request::Column::Relationship, RELATIONSHIP, &new.relationship),
    ] {
        // What the call did not touch stays as it was said before.
        let Some(text) = text else { continue };
        update = update.col_expr(column, Expr::value(Some(unit.seal(prospective, place, text).await?)));
    }
    update.filter(request::Column::Id.eq(wanted.id)).exec(unit.tx()).await?;
    unit.record(
        permit,
        serde_json::json!({ "fields": ["for_whom", "relationship", "words", "phone", "email"] }),
    );
    unit.tell(News::Inbox);
    Ok(())
}

/// The safe-contact rules as they are after the call: what was not asked again stays as it was said before. `None` when
/// nothing of it was asked.
async fn heard(
    unit: &Unit,
    wanted: &Request,
    new: &NewContactRules,
) -> Result<Option<NewContactRules>, Error> {
    let asked = [new.call, new.text_message, new.email].iter().any(|p| *p != Permission::NotAsked)
        || new.voicemail != Voicemail::NotAsked
        || new.if_someone_else_answers != Answering::NotAsked;
    if !asked {
        return Ok(None);
    }
    let Some(before) = contact_rules::of(unit.tx(), wanted.caller_id).await? else {
        return Ok(Some(new.clone()));
    };
    let kept = |new, before| if new == Permission::NotAsked { before } else { new };
    Ok(Some(NewContactRules {
        hours: if new.call == Permission::NotAsked { before.call_hours.0 } else { new.hours },
        call: kept(new.call, before.call),
        text_message: kept(new.text_message, before.text_message),
        email: kept(new.email, before.email),
        voicemail: if new.voicemail == Voicemail::NotAsked { before.voicemail } else { new.voicemail },
        if_someone_else_answers: match new.if_someone_else_answers {
            Answering::NotAsked => before.if_someone_else_answers,
            said => said,
        },
        said_by: new.said_by,
    }))
}

/// Who the request is about: the caller, or the second person of the call.
async fn prospective(unit: &mut Unit, wanted: &Request, new: &NewRequest) -> Result<PersonId, Error> {
    let is_other = !matches!(new.for_whom, ForWhom::Self_ | ForWhom::NotSaid);
    let (now, caller) = (wanted.prospective_id, wanted.caller_id);
    // Who was recognized stays who they are, whatever the sheet calls them.
    if wanted.converted_at.is_some()
        || wanted.was_about_id.is_some()
        || (!is_other && new.for_whom == ForWhom::NotSaid)
    {
        return Ok(now);
    }
    let other = new.other.clone().unwrap_or(NewPerson::parse("")?);
    let to = match (is_other, now == caller) {
        (true, true) => person::add(unit, other, &[]).await?,
        (true, false) => {
            if !other.name().is_empty() {
                person::name(unit, now, other.name()).await?;
            }
            now
        }
        (false, _) => caller,
    };
    if to != now {
        reseal(unit, wanted, to).await?;
    }
    Ok(to)
}
