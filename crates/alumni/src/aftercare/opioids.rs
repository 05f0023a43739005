//! Whether opioids were part of somebody's use: asked by staff, or said in an answer. It makes clocks shorter and a silence
//! the supervisor's.

use foundation::{Act, Error, News, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder};
use serde_json::json;

use super::{AftercareId, OpioidUse, one};
use crate::caseload::subject;
use crate::entity::aftercare::{Column, Entity};

/// What is known of a person's opioid use, by the newest aftercare of which it was said.
pub(crate) async fn last_known(
    reader: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<OpioidUse>, Error> {
    let newest = Entity::find()
        .filter(Column::PersonId.eq(person))
        .filter(Column::OpioidUse.is_not_null())
        .order_by_desc(Column::Id)
        .one(reader)
        .await?;
    Ok(newest.and_then(|row| row.opioid_use))
}

/// An answer said so, inside the act that keeps the answer.
pub(crate) async fn note_opioids(unit: &Unit, id: AftercareId) -> Result<(), Error> {
    keep(unit, id, OpioidUse::Yes).await
}

/// Staff asked.
pub async fn set_opioid_use(unit: &mut Unit, id: AftercareId, said: OpioidUse) -> Result<(), Error> {
    let before = one(unit.tx(), id).await?;
    let subject = subject(unit.tx(), "aftercare", id, before.person_id).await?;
    let permit = unit.permit(Act::ChangeAftercare, &subject)?;
    keep(unit, id, said).await?;
    unit.record(permit, json!({ "fields": ["opioid_use"] }));
    unit.tell(News::Alumni);
    Ok(())
}

async fn keep(unit: &Unit, id: AftercareId, said: OpioidUse) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::OpioidUse, Expr::value(Some(said)))
        .filter(Column::Id.eq(id))
        .exec(unit.tx())
        .await?;
    Ok(())
}
