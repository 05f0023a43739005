//! Taking a benefits check: of two who take one, one has it and the other learns who; and giving it back.

use foundation::staff::inviting::member;
use foundation::{Act, Error, News, Unit, refused};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::BenefitCheck;
use crate::entity::benefit_check;
use crate::request::Request;

/// Takes a check that nobody has.
///
/// # Errors
/// A refusal that says who has it, or that it is answered.
pub async fn take(unit: &mut Unit, on: &BenefitCheck, about: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::TakeBenefits, &about.subject())?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::TakeBenefits))?;
    let won = benefit_check::Entity::update_many()
        .col_expr(benefit_check::Column::TakenBy, Expr::value(Some(me)))
        .col_expr(benefit_check::Column::TakenAt, Expr::value(Some(unit.now())))
        .col_expr(benefit_check::Column::Version, Expr::col(benefit_check::Column::Version).add(1))
        .filter(benefit_check::Column::Id.eq(on.id))
        .filter(benefit_check::Column::TakenBy.is_null())
        .filter(benefit_check::Column::AnsweredAt.is_null())
        .exec(unit.tx())
        .await?;
    if won.rows_affected == 0 {
        return Err(lost(unit, on).await?);
    }
    unit.record(permit, serde_json::json!({ "check": on.id }));
    unit.tell(News::Inbox);
    Ok(())
}

/// What the other one is told.
async fn lost(unit: &Unit, on: &BenefitCheck) -> Result<Error, Error> {
    let now = benefit_check::Entity::find_by_id(on.id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if !now.is_open() {
        return Ok(refused("answered", "This check was answered just now."));
    }
    let Some(holder) = now.taken_by else { return Ok(Error::Stale) };
    if unit.actor().staff_id() == Some(holder) {
        return Ok(refused("taken", "You have this check already."));
    }
    let name = member(unit.tx(), holder).await?.name;
    Ok(refused("taken", format!("{name} has this check already.")))
}

/// Gives a check back, also that of a colleague who went home. Only from the one the page was shown with.
pub async fn give_back(unit: &mut Unit, on: &BenefitCheck, about: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::ReturnBenefits, &about.subject())?;
    let Some(holder) = on.taken_by else {
        return Err(refused("taken", "Nobody has this check."));
    };
    let done = benefit_check::Entity::update_many()
        .col_expr(benefit_check::Column::TakenBy, Expr::value(Option::<foundation::StaffId>::None))
        .col_expr(benefit_check::Column::TakenAt, Expr::value(Option::<foundation::Instant>::None))
        .col_expr(benefit_check::Column::Version, Expr::col(benefit_check::Column::Version).add(1))
        .filter(benefit_check::Column::Id.eq(on.id))
        .filter(benefit_check::Column::TakenBy.eq(holder))
        .filter(benefit_check::Column::AnsweredAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.record(permit, serde_json::json!({ "check": on.id }));
    unit.tell(News::Inbox);
    Ok(())
}
