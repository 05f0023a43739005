//! Referrals that came in as a holding keeps them: sealed anew for another person, taken along, forgotten.

use foundation::sealed::Keyring;
use foundation::{Error, PersonId, Unit};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use super::{DETAILS, REASON};
use crate::entity::referral_in;
use crate::request::RequestId;

pub(crate) async fn reseal(unit: &mut Unit, id: RequestId, to: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring().clone();
    let of = referral_in::Entity::find().filter(referral_in::Column::RequestId.eq(id));
    let Some(one) = of.one(unit.tx()).await? else { return Ok(()) };
    let mut update = referral_in::Entity::update_many()
        .col_expr(referral_in::Column::PersonId, Expr::value(to))
        .filter(referral_in::Column::Id.eq(one.id));
    if !one.details.is_empty() {
        let text = keyring.open(unit.tx(), one.person_id, DETAILS, &one.details).await?;
        let sealed = unit.seal(to, DETAILS, &text).await?;
        update = update.col_expr(referral_in::Column::Details, Expr::value(sealed));
    }
    if let Some(reason) = &one.reason {
        let text = keyring.open(unit.tx(), one.person_id, REASON, reason).await?;
        let sealed = unit.seal(to, REASON, &text).await?;
        update = update.col_expr(referral_in::Column::Reason, Expr::value(Some(sealed)));
    }
    update.exec(unit.tx()).await?;
    Ok(())
}

pub(crate) async fn export(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    id: RequestId,
) -> Result<Option<Json>, Error> {
    let Some(opened) = super::of(reader, keyring, id).await? else { return Ok(None) };
    Ok(Some(json!({
        "told": opened.told, "decision": opened.referral.decision, "decided_at": opened.referral.decided_at,
        "reason": opened.reason,
    })))
}

/// The words die with the key; that somebody was referred, and how soon it was decided, stays.
pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    referral_in::Entity::update_many()
        .col_expr(referral_in::Column::Details, Expr::value(Vec::<u8>::new()))
        .col_expr(referral_in::Column::Reason, Expr::value(Option::<Vec<u8>>::None))
        .filter(referral_in::Column::PersonId.eq(person))
        .exec(unit.tx())
        .await?;
    Ok(())
}
