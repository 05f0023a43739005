//! An organization that the center works with no more, one that is taken up again, and two that are one.

use foundation::{Act, Error, Instant, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::recording::find_by_everything;
use super::{Organization, OrganizationId};
use crate::entity::{contact, organization, referral_in, referral_out, touch};

/// Nobody works with it any more. It can be taken up again.
pub async fn retire(unit: &mut Unit, on: &Organization) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSources, &on.subject())?;
    settle(unit, on, Some(unit.now()), None).await?;
    unit.house_changed();
    unit.record(permit, serde_json::json!({ "ended": true }));
    Ok(())
}

/// The center works with it again.
pub async fn take_up(unit: &mut Unit, on: &Organization) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSources, &on.subject())?;
    settle(unit, on, None, None).await?;
    unit.house_changed();
    unit.record(permit, serde_json::json!({ "ended": false }));
    Ok(())
}

/// Two entries are one place: everything of `from` is of `into` from now on.
///
/// # Errors
/// A refusal when they are one already or one of them has ended.
pub async fn merge(unit: &mut Unit, from: &Organization, into: &Organization) -> Result<(), Error> {
    if from.id == into.id {
        return Err(refused("same", "This is one entry already. Choose another one."));
    }
    if !from.is_live() || !into.is_live() {
        return Err(refused("ended", "One of the two is not in use. Take it up again first."));
    }
    let permit = unit.permit(Act::ChangeSources, &from.subject())?;
    // Both held in one order: of two merges that cross, one waits and finds its survivor ended.
    let (ended, goes_on) = ((from, Some(unit.now()), Some(into.id)), (into, None, None));
    let both = if from.id < into.id { [ended, goes_on] } else { [goes_on, ended] };
    for (on, ended_at, into) in both {
        settle(unit, on, ended_at, into).await?;
    }
    let (old, new) = (from.id, Expr::value(into.id));
    touch::Entity::update_many()
        .col_expr(touch::Column::OrganizationId, new.clone())
        .filter(touch::Column::OrganizationId.eq(old))
        .exec(unit.tx())
        .await?;
    contact::Entity::update_many()
        .col_expr(contact::Column::OrganizationId, new.clone())
        .filter(contact::Column::OrganizationId.eq(old))
        .exec(unit.tx())
        .await?;
    referral_in::Entity::update_many()
        .col_expr(referral_in::Column::OrganizationId, new.clone())
        .filter(referral_in::Column::OrganizationId.eq(old))
        .exec(unit.tx())
        .await?;
    referral_out::Entity::update_many()
        .col_expr(referral_out::Column::OrganizationId, new)
        .filter(referral_out::Column::OrganizationId.eq(old))
        .exec(unit.tx())
        .await?;
    find_by_everything(unit, into.id).await?;
    unit.house_changed();
    unit.record(permit, serde_json::json!({ "merged_into": into.id }));
    Ok(())
}

async fn settle(
    unit: &Unit,
    on: &Organization,
    ended_at: Option<Instant>,
    into: Option<OrganizationId>,
) -> Result<(), Error> {
    let done = organization::Entity::update_many()
        .col_expr(organization::Column::EndedAt, Expr::value(ended_at))
        .col_expr(organization::Column::MergedInto, Expr::value(into))
        .col_expr(organization::Column::Version, Expr::col(organization::Column::Version).add(1))
        .filter(organization::Column::Id.eq(on.id))
        .filter(organization::Column::Version.eq(on.version))
        .filter(organization::Column::MergedInto.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}
