//! Leaving the waitlist: for a reason, by an act of its own or with what becomes of the request.

use foundation::{Act, Error, News, Unit};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::Wait;
use crate::entity::wait;
use crate::request::Request;
use crate::rules::waitlist::WhyLeft;

/// Takes someone off the list. The row stays with its reason.
pub async fn leave(unit: &mut Unit, on: &Wait, about: &Request, why: WhyLeft) -> Result<(), Error> {
    let permit = unit.permit(Act::LeaveWaitlist, &about.subject())?;
    if end(unit, about, why).await? == 0 {
        return Err(Error::Stale);
    }
    unit.record(permit, serde_json::json!({ "wait": on.id, "why": why }));
    unit.tell(News::Inbox);
    Ok(())
}

/// A request that is closed or became a client waits no more. The act that did it is the one that is recorded.
pub(crate) async fn with_the_request(unit: &Unit, about: &Request, why: WhyLeft) -> Result<(), Error> {
    end(unit, about, why).await.map(|_| ())
}

async fn end(unit: &Unit, about: &Request, why: WhyLeft) -> Result<u64, Error> {
    let done = wait::Entity::update_many()
        .col_expr(wait::Column::LeftAt, Expr::value(Some(unit.now())))
        .col_expr(wait::Column::WhyLeft, Expr::value(Some(why)))
        .col_expr(wait::Column::Version, Expr::col(wait::Column::Version).add(1))
        .filter(wait::Column::RequestId.eq(about.id))
        .filter(wait::Column::LeftAt.is_null())
        .exec(unit.tx())
        .await?;
    Ok(done.rows_affected)
}
