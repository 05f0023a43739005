//! Appointments as a holding keeps them: given to another person with their request, and taken along. They hold no word that
//! would have to be sealed or forgotten.

use foundation::{Error, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value as Json, json};

use super::of;
use crate::entity::appointment;
use crate::request::RequestId;

pub(crate) async fn belong_to(unit: &Unit, id: RequestId, to: PersonId) -> Result<(), Error> {
    appointment::Entity::update_many()
        .col_expr(appointment::Column::PersonId, Expr::value(to))
        .filter(appointment::Column::RequestId.eq(id))
        .exec(unit.tx())
        .await?;
    Ok(())
}

pub(crate) async fn export(reader: &impl ConnectionTrait, id: RequestId) -> Result<Vec<Json>, Error> {
    let all = of(reader, id).await?;
    let told = all.iter().map(|one| {
        json!({
            "starts_at": one.starts_at, "ends_at": one.ends_at, "zone": one.zone, "first_starts_at": one.first_starts_at,
            "booked_at": one.booked_at, "state": one.state, "why": one.why, "confirmed_at": one.confirmed_at,
        })
    });
    Ok(told.collect())
}
