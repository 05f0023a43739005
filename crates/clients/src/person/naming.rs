//! A name that is heard later: on the phone it comes after the safety questions.

use foundation::search::fold;
use foundation::{Act, Error, PersonId, Subject, Unit, Zone};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::{NewPerson, find_by_everything};
use crate::entity::{client, person};

/// Writes down what a person is called. The name of a client is changed in the record, with both versions in view, and
/// not from a call: there nothing happens.
pub async fn name(unit: &mut Unit, id: PersonId, name: &str) -> Result<(), Error> {
    let new = NewPerson::parse(name)?;
    if client::Entity::find_by_id(id).one(unit.tx()).await?.is_some() {
        return Ok(());
    }
    let permit = unit.permit(Act::CreatePerson, &Subject::of("person", id).concerning(id))?;
    person::Entity::update_many()
        .col_expr(person::Column::NameFolded, Expr::value(fold(new.name())))
        .col_expr(person::Column::NameUsed, Expr::value(new.name()))
        .col_expr(person::Column::Version, Expr::col(person::Column::Version).add(1))
        .filter(person::Column::Id.eq(id))
        .exec(unit.tx())
        .await?;
    find_by_everything(unit, id).await?;
    unit.record(permit, serde_json::json!({ "fields": ["name_used"] }));
    Ok(())
}

/// Writes down in which zone somebody lives who has no record yet: they are called in their own hours.
pub async fn lives_in(unit: &mut Unit, id: PersonId, zone: Zone) -> Result<(), Error> {
    if client::Entity::find_by_id(id).one(unit.tx()).await?.is_some() {
        return Ok(());
    }
    let permit = unit.permit(Act::CreatePerson, &Subject::of("person", id).concerning(id))?;
    person::Entity::update_many()
        .col_expr(person::Column::Zone, Expr::value(Some(zone.name())))
        .col_expr(person::Column::Version, Expr::col(person::Column::Version).add(1))
        .filter(person::Column::Id.eq(id))
        .exec(unit.tx())
        .await?;
    unit.record(permit, serde_json::json!({ "fields": ["zone"] }));
    Ok(())
}
