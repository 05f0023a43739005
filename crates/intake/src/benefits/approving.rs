//! A second pair of eyes on what a plan said, before anybody is told what care will cost them. Nothing waits for it: the
//! answer can be read meanwhile, and says that nobody looked it over yet.

use foundation::{Act, Error, News, Unit, refused};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::BenefitCheck;
use crate::entity::benefit_check;
use crate::request::Request;
use crate::rules::benefits::State;

/// Approves what a colleague wrote down.
///
/// # Errors
/// A refusal when there is nothing to approve, or when it is one's own; [`Error::Stale`] when it changed since the page
/// was shown.
pub async fn approve(unit: &mut Unit, on: &BenefitCheck, about: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::ApproveBenefits, &about.subject())?;
    if on.state() != State::Answered {
        return Err(refused("nothing", "There is nothing to approve here."));
    }
    if on.answered_by == unit.actor().staff_id() {
        return Err(refused("own", "You wrote this down. A colleague looks it over."));
    }
    let done = benefit_check::Entity::update_many()
        .col_expr(benefit_check::Column::ApprovedAt, Expr::value(Some(unit.now())))
        .col_expr(benefit_check::Column::ApprovedBy, Expr::value(unit.actor().staff_id()))
        .col_expr(benefit_check::Column::Version, Expr::col(benefit_check::Column::Version).add(1))
        .filter(benefit_check::Column::Id.eq(on.id))
        .filter(benefit_check::Column::Version.eq(on.version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.record(permit, serde_json::json!({ "check": on.id }));
    unit.tell(News::Inbox);
    Ok(())
}
