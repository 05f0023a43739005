//! Receiving a referral: the form of a professional becomes a request, a caller who is a professional, and a person of
//! whom nothing is assumed.

use foundation::center::Center;
use foundation::{Error, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, Set};

pub use super::form::NewReferral;
use super::{DETAILS, ReferralInId, written};
use crate::clocks;
use crate::entity::{referral_in, request};
use crate::organization::finding::named;
use crate::request::receiving::{Received, receive};
use crate::rules::referral::urgency;
use crate::rules::source::TouchWay;
use crate::touch;

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
    let zone = Center::load(unit.tx()).await?.zone;
    let decided_by = clocks::load(unit.tx()).await?.decision(unit.now(), zone);
    request::Entity::update_many()
        .col_expr(request::Column::Urgency, Expr::value(urgency))
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
        due_at: Set(decided_by),
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
