//! That a person died: the house stops everything it does by itself, at once (domain reference 7.3).

use foundation::{Act, Error, Instant, PersonId, Subject, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use crate::entity::person;

/// Writes down that a person died. From then on the gate lets nothing out to them; the record stays protected.
pub async fn record_death(unit: &mut Unit, care: &Subject) -> Result<(), Error> {
    let id = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::ChangeClient, care)?;
    let row = person::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if row.died_at.is_some() {
        return Err(refused("died", "It is written down already that this person died."));
    }
    end(unit, id).await?;
    unit.record(permit, serde_json::json!({ "fields": ["died_at"], "died": true }));
    Ok(())
}

/// It was a mistake: the person lives.
pub async fn correct_death(unit: &mut Unit, care: &Subject) -> Result<(), Error> {
    let id = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::ChangeClient, care)?;
    if mark(unit, id, None).await? == 0 {
        return Err(Error::NotFound);
    }
    unit.record(permit, serde_json::json!({ "fields": ["died_at"], "died": false }));
    Ok(())
}

/// Marks a death within an act that records it, such as a discharge.
pub async fn end(unit: &Unit, id: PersonId) -> Result<(), Error> {
    mark(unit, id, Some(unit.now())).await.map(|_| ())
}

async fn mark(unit: &Unit, id: PersonId, died_at: Option<Instant>) -> Result<u64, Error> {
    let other_state = match died_at {
        Some(_) => person::Column::DiedAt.is_null(),
        None => person::Column::DiedAt.is_not_null(),
    };
    let marked = person::Entity::update_many()
        .col_expr(person::Column::DiedAt, Expr::value(died_at))
        .filter(person::Column::Id.eq(id))
        .filter(other_state)
        .exec(unit.tx())
        .await?;
    Ok(marked.rows_affected)
}
