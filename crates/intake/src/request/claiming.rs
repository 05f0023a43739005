//! Claiming: of two who take a request one has it, and the other learns who and when.

use foundation::center::Center;
use foundation::staff::inviting::member;
use foundation::{Act, Error, News, StaffId, Unit, refused};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::{Request, confiding};
use crate::entity::request;

/// Takes a request that nobody has. Settled by the database: one update, one winner.
pub async fn claim(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::ClaimRequest, &wanted.subject())?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::ClaimRequest))?;
    let won = request::Entity::update_many()
        .col_expr(request::Column::OwnerId, Expr::value(Some(me)))
        .col_expr(request::Column::ClaimedAt, Expr::value(Some(unit.now())))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(wanted.id))
        .filter(request::Column::OwnerId.is_null())
        .filter(request::Column::ClosedAt.is_null())
        .exec(unit.tx())
        .await?;
    if won.rows_affected == 0 {
        return Err(lost(unit, wanted, me).await?);
    }
    unit.record(permit, serde_json::json!({}));
    unit.tell(News::Inbox);
    Ok(())
}

/// What the other one is told.
async fn lost(unit: &Unit, wanted: &Request, me: StaffId) -> Result<Error, Error> {
    let now = request::Entity::find_by_id(wanted.id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if now.closed_at.is_some() {
        return Ok(refused("closed", "This request was closed just now."));
    }
    let (Some(owner), Some(at)) = (now.owner_id, now.claimed_at) else { return Ok(Error::Stale) };
    if owner == me {
        return Ok(refused("claimed", "You have this request already."));
    }
    let zone = Center::load(unit.tx()).await?.zone;
    let name = member(unit.tx(), owner).await?.name;
    let when = at.with_timezone(&zone).format("%-H:%M");
    Ok(refused("claimed", format!("{name} took this request at {when}.")))
}

/// Gives a request back, so that anyone can take it.
pub async fn release(unit: &mut Unit, held: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::ReleaseRequest, &held.subject())?;
    hand_over(unit, held, None).await?;
    unit.record(permit, serde_json::json!({}));
    Ok(())
}

/// Gives a request to a colleague.
pub async fn give(unit: &mut Unit, held: &Request, to: StaffId) -> Result<(), Error> {
    let permit = unit.permit(Act::GiveRequest, &held.subject())?;
    let to = member(unit.tx(), to).await?;
    if to.disabled_at.is_some() {
        return Err(refused("gone", format!("{} cannot sign in any more. Choose someone else.", to.name)));
    }
    hand_over(unit, held, Some(to.id)).await?;
    confiding::also_known_to(unit, held, to.id).await?;
    unit.record(permit, serde_json::json!({ "to": to.id }));
    Ok(())
}

/// Only from the owner the page was shown with: if it moved meanwhile, nothing happens.
async fn hand_over(unit: &mut Unit, held: &Request, to: Option<StaffId>) -> Result<(), Error> {
    let at = to.map(|_| unit.now());
    let mut update = request::Entity::update_many()
        .col_expr(request::Column::OwnerId, Expr::value(to))
        .col_expr(request::Column::ClaimedAt, Expr::value(at))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(held.id))
        .filter(request::Column::ClosedAt.is_null());
    update = match held.owner_id {
        Some(owner) => update.filter(request::Column::OwnerId.eq(owner)),
        None => update.filter(request::Column::OwnerId.is_null()),
    };
    if update.exec(unit.tx()).await?.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.tell(News::Inbox);
    Ok(())
}
