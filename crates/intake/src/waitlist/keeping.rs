//! Places on the waitlist as a holding keeps them: sealed anew for another person, taken along, forgotten.

use foundation::sealed::Keyring;
use foundation::{Error, PersonId, Unit};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use super::{DETAILS, of, opened};
use crate::entity::wait;
use crate::request::RequestId;

pub(crate) async fn reseal(unit: &mut Unit, id: RequestId, to: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring().clone();
    for one in of(unit.tx(), id).await? {
        let text = keyring.open(unit.tx(), one.person_id, DETAILS, &one.details).await?;
        let sealed = unit.seal(to, DETAILS, &text).await?;
        wait::Entity::update_many()
            .col_expr(wait::Column::Details, Expr::value(sealed))
            .col_expr(wait::Column::PersonId, Expr::value(to))
            .filter(wait::Column::Id.eq(one.id))
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
    let mut waits = Vec::new();
    for one in of(reader, id).await? {
        let details = opened(reader, keyring, &one).await?;
        waits.push(json!({
            "level": one.level, "added_at": one.added_at, "earliest_on": one.earliest_on, "details": details,
            "contacted_at": one.contacted_at, "left_at": one.left_at, "why_left": one.why_left,
        }));
    }
    Ok(waits)
}

/// The words die with the key; that someone waited, and how long, stays.
pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    wait::Entity::update_many()
        .col_expr(wait::Column::Details, Expr::value(Vec::<u8>::new()))
        .filter(wait::Column::PersonId.eq(person))
        .exec(unit.tx())
        .await?;
    Ok(())
}
