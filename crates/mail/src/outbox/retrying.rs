//! Trying a letter again now, when somebody has put right what kept it, or asked whether it had arrived.

use foundation::{Act, Error, News, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use serde_json::json;

use super::{MessageId, State, one, send_later, subject};
use crate::entity::message;

/// Lets a letter that waits, or is held, leave now; the gate is asked as always, and holds it again where it must.
///
/// # Errors
/// A refusal when it neither waits nor is held any more.
pub async fn retry(unit: &mut Unit, id: MessageId) -> Result<(), Error> {
    let row = one(unit.tx(), id).await?;
    let permit = unit.permit(Act::RetryMessage, &subject(id, row.person_id))?;
    let due = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Queued))
        .col_expr(message::Column::Interruptions, Expr::value(0))
        .col_expr(message::Column::DueAt, Expr::value(unit.now()))
        .col_expr(message::Column::Version, Expr::col(message::Column::Version).add(1))
        .filter(message::Column::Id.eq(id))
        .filter(message::Column::Version.eq(row.version))
        .filter(message::Column::State.is_in([State::Queued, State::Held]))
        .exec(unit.tx())
        .await?;
    if due.rows_affected == 0 {
        return Err(refused("gone", "This letter does not wait anymore; nothing was changed."));
    }
    send_later(unit, id, row.version + 1, unit.now()).await?;
    unit.record(permit, json!({ "letter": row.letter }));
    unit.tell(News::Mail);
    Ok(())
}
