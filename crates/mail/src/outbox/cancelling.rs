//! Cancelling what has not left: one message by staff, or all that an act has made pointless.

use consent::gate::Purpose;
use foundation::{Act, Error, News, PersonId, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use serde_json::json;

use super::{MessageId, State, one, subject, unused};
use crate::entity::message;

/// Cancels a message that waits or is held. What is leaving at this moment cannot be called back, and is said so.
pub async fn cancel(unit: &mut Unit, id: MessageId, why: &str) -> Result<(), Error> {
    let row = one(unit.tx(), id).await?;
    let permit = unit.permit(Act::CancelMessage, &subject(id, row.person_id))?;
    let done = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Cancelled))
        .col_expr(message::Column::Reason, Expr::value(Some(why.to_owned())))
        .col_expr(message::Column::Version, Expr::col(message::Column::Version).add(1))
        .filter(message::Column::Id.eq(id))
        .filter(unused())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(refused("gone", "This message does not wait any more; nothing was changed."));
    }
    unit.record(permit, json!({ "letter": row.letter }));
    unit.tell(News::Mail);
    Ok(())
}

/// Withdraws what waits and is about this one thing, like a time that holds no more. For an act that is recorded itself.
pub async fn withdraw_about(unit: &mut Unit, about: Uuid, why: &'static str) -> Result<u64, Error> {
    let done = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Cancelled))
        .col_expr(message::Column::Reason, Expr::value(Some(why)))
        .col_expr(message::Column::Version, Expr::col(message::Column::Version).add(1))
        .filter(message::Column::SubjectId.eq(about))
        .filter(unused())
        .exec(unit.tx())
        .await?;
    unit.tell(News::Mail);
    Ok(done.rows_affected)
}

/// Withdraws everything that waits for this person, or only what has this purpose. For an act that makes it pointless
/// and is recorded itself; it returns how many, for its details.
pub async fn withdraw(
    unit: &mut Unit,
    person: PersonId,
    purpose: Option<Purpose>,
    why: &'static str,
) -> Result<u64, Error> {
    let mut waiting = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Cancelled))
        .col_expr(message::Column::Reason, Expr::value(Some(why)))
        .col_expr(message::Column::Version, Expr::col(message::Column::Version).add(1))
        .filter(message::Column::PersonId.eq(person))
        .filter(unused());
    if let Some(purpose) = purpose {
        waiting = waiting.filter(message::Column::Purpose.eq(purpose));
    }
    let withdrawn = waiting.exec(unit.tx()).await?.rows_affected;
    unit.tell(News::Mail);
    Ok(withdrawn)
}
