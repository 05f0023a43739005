//! Referrals to others as a holding keeps them: sealed anew for another person, taken along, forgotten.

use foundation::sealed::Keyring;
use foundation::{Error, PersonId, Unit};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use super::{DETAILS, PACKET, of};
use crate::entity::referral_out;
use crate::request::RequestId;

pub(crate) async fn reseal(unit: &mut Unit, id: RequestId, to: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring().clone();
    let all = referral_out::Entity::find().filter(referral_out::Column::RequestId.eq(id));
    for one in all.all(unit.tx()).await? {
        let mut update = referral_out::Entity::update_many()
            .col_expr(referral_out::Column::PersonId, Expr::value(to))
            .filter(referral_out::Column::Id.eq(one.id));
        if !one.details.is_empty() {
            let text = keyring.open(unit.tx(), one.person_id, DETAILS, &one.details).await?;
            let sealed = unit.seal(to, DETAILS, &text).await?;
            update = update.col_expr(referral_out::Column::Details, Expr::value(sealed));
        }
        if let Some(packet) = &one.packet {
            let text = keyring.open(unit.tx(), one.person_id, PACKET, packet).await?;
            let sealed = unit.seal(to, PACKET, &text).await?;
            update = update.col_expr(referral_out::Column::Packet, Expr::value(Some(sealed)));
        }
        update.exec(unit.tx()).await?;
    }
    Ok(())
}

pub(crate) async fn export(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    id: RequestId,
) -> Result<Vec<Json>, Error> {
    let told = of(reader, keyring, id).await?.into_iter().map(|one| {
        json!({
            "to": one.organization, "referred_at": one.referral.referred_at, "way": one.referral.way,
            "state": one.referral.state, "level": one.referral.level, "details": one.details,
            "appointment_at": one.referral.appointment_at, "arrived_at": one.referral.arrived_at,
            "told": one.packet,
        })
    });
    Ok(told.collect())
}

/// The words die with the key; that somebody was sent on, and arrived, stays counted.
pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    referral_out::Entity::update_many()
        .col_expr(referral_out::Column::Details, Expr::value(Vec::<u8>::new()))
        .col_expr(referral_out::Column::Packet, Expr::value(Option::<Vec<u8>>::None))
        .filter(referral_out::Column::PersonId.eq(person))
        .exec(unit.tx())
        .await?;
    Ok(())
}
