//! What is sealed under one person's key and belongs to another from now on: opened once and sealed anew.

use foundation::{Error, PersonId, Unit};
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};

use super::{NEXT_STEP, RELATIONSHIP, Request, WORDS};
use crate::call::ANSWERS;
use crate::entity::{call, merge, request};

/// Seals what a request, its calls, its merges, its benefits checks, its place on the waitlist, its touches, referrals and
/// messages say under the key of
/// `to`, who it is about from now on.
pub(crate) async fn reseal(unit: &mut Unit, row: &Request, to: PersonId) -> Result<(), Error> {
    let (keyring, from) = (unit.db().keyring().clone(), row.prospective_id);
    for (column, place, sealed) in [
        (request::Column::Words, WORDS, &row.words),
        (request::Column::NextStep, NEXT_STEP, &row.next_step),
        (request::Column::Relationship, RELATIONSHIP, &row.relationship),
    ] {
        let Some(sealed) = sealed else { continue };
        let text = keyring.open(unit.tx(), from, place, sealed).await?;
        let sealed = unit.seal(to, place, &text).await?;
        request::Entity::update_many()
            .col_expr(column, Expr::value(Some(sealed)))
            .filter(request::Column::Id.eq(row.id))
            .exec(unit.tx())
            .await?;
    }
    // Held, and moved on by a version: who saves at this moment waits, and then sees under whose key it is.
    let calls = call::Entity::find().filter(call::Column::RequestId.eq(row.id)).lock(LockType::Update);
    for one in calls.all(unit.tx()).await? {
        let text = keyring.open(unit.tx(), one.person_id, ANSWERS, &one.answers).await?;
        let sealed = unit.seal(to, ANSWERS, &text).await?;
        call::Entity::update_many()
            .col_expr(call::Column::Answers, Expr::value(sealed))
            .col_expr(call::Column::PersonId, Expr::value(to))
            .col_expr(call::Column::Version, Expr::col(call::Column::Version).add(1))
            .filter(call::Column::Id.eq(one.id))
            .exec(unit.tx())
            .await?;
    }
    for one in merge::Entity::find().filter(merge::Column::SurvivorId.eq(row.id)).all(unit.tx()).await? {
        let Some(sealed) = &one.next_step else { continue };
        let text = keyring.open(unit.tx(), one.person_id, NEXT_STEP, sealed).await?;
        let sealed = unit.seal(to, NEXT_STEP, &text).await?;
        merge::Entity::update_many()
            .col_expr(merge::Column::NextStep, Expr::value(Some(sealed)))
            .filter(merge::Column::Id.eq(one.id))
            .exec(unit.tx())
            .await?;
    }
    merge::Entity::update_many()
        .col_expr(merge::Column::PersonId, Expr::value(to))
        .filter(merge::Column::SurvivorId.eq(row.id))
        .exec(unit.tx())
        .await?;
    super::undoing::forget_of(unit, row.id).await?;
    crate::benefits::resealing::reseal(unit, row.id, to).await?;
    crate::waitlist::keeping::reseal(unit, row.id, to).await?;
    crate::touch::keeping::reseal(unit, row.id, to).await?;
    crate::referral_in::keeping::reseal(unit, row.id, to).await?;
    crate::referral_out::keeping::reseal(unit, row.id, to).await?;
    crate::appointments::keeping::belong_to(unit, row.id, to).await?;
    crate::inward::reseal(unit, row.id, to).await?;
    request::Entity::update_many()
        .col_expr(request::Column::ProspectiveId, Expr::value(to))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(row.id))
        .exec(unit.tx())
        .await?;
    Ok(())
}
