//! Touches as a holding keeps them: sealed anew for another person, taken along, forgotten.

use foundation::sealed::Keyring;
use foundation::{Error, PersonId, Unit};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use super::DETAIL;
use crate::entity::touch;
use crate::request::RequestId;

pub(crate) async fn reseal(unit: &mut Unit, id: RequestId, to: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring().clone();
    for one in touch::Entity::find().filter(touch::Column::RequestId.eq(id)).all(unit.tx()).await? {
        let sealed = match &one.detail {
            Some(sealed) => {
                let text = keyring.open(unit.tx(), one.person_id, DETAIL, sealed).await?;
                Some(unit.seal(to, DETAIL, &text).await?)
            }
            None => None,
        };
        touch::Entity::update_many()
            .col_expr(touch::Column::Detail, Expr::value(sealed))
            .col_expr(touch::Column::PersonId, Expr::value(to))
            .filter(touch::Column::Id.eq(one.id))
            .exec(unit.tx())
            .await?;
    }
    Ok(())
}

pub(crate) async fn export(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    id: RequestId,
) -> Result<Vec<Json>, Error> {
    let lines = super::of(reader, keyring, id).await?;
    let told = lines.into_iter().map(|line| {
        json!({
            "way": line.touch.way, "kind": line.touch.kind, "organization": line.organization,
            "detail": line.detail, "first": line.touch.is_primary,
        })
    });
    Ok(told.collect())
}

/// The words die with the key; where people come from stays counted.
pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    touch::Entity::update_many()
        .col_expr(touch::Column::Detail, Expr::value(Option::<Vec<u8>>::None))
        .filter(touch::Column::PersonId.eq(person))
        .exec(unit.tx())
        .await?;
    Ok(())
}
