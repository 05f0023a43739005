//! Ending a connection. The row stays, so that change can be shown.

use foundation::{Act, Error, News, Unit, refused};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};
use serde_json::json;

use super::{ConnectionId, EndReason, one};
use crate::caseload::subject;
use crate::connections::snapshotting;
use crate::entity::connection::{Column, Entity};

/// Ends a tie for a reason. Refused when it was ended before.
pub async fn end(unit: &mut Unit, id: ConnectionId, reason: EndReason) -> Result<(), Error> {
    let person = one(unit.tx(), id).await?.person_id;
    let permit = unit.permit(Act::EndConnection, &subject(unit.tx(), "connection", id, person).await?)?;
    let ended = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(unit.now()))
        .col_expr(Column::EndReason, Expr::value(reason))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if ended.rows_affected == 0 {
        return Err(refused("ended", "This connection was ended before. Its line is under “Before”."));
    }
    snapshotting::after_edit(unit, person).await?;
    unit.record(permit, json!({ "reason": reason }));
    unit.tell(News::Alumni);
    Ok(())
}
