//! Letters that were waiting when a backup was made: when the center is restored from it they may have left already.

use foundation::{Act, Error, Instant, News, Subject, Unit};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use serde_json::json;

use super::State;
use crate::entity::message;

/// What such a letter says.
const MAY_HAVE_LEFT: &str = "The center was restored from a backup. This letter may have left before; ask before it is sent \
                             again.";

fn waiting_before(restored_at: Instant) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(message::Column::State.is_in([State::Queued, State::Sending]))
        .add(message::Column::QueuedAt.lt(restored_at))
}

/// How many letters of the backup were waiting or on their way.
pub async fn how_many(reader: &impl ConnectionTrait, restored_at: Instant) -> Result<u64, Error> {
    Ok(message::Entity::find().filter(waiting_before(restored_at)).count(reader).await?)
}

/// Holds them, each for somebody to look at; how many.
pub async fn keep_back(unit: &mut Unit, restored_at: Instant) -> Result<u64, Error> {
    let permit = unit.permit(Act::HoldMessage, &Subject::center())?;
    let held = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Held))
        .col_expr(message::Column::Reason, Expr::value(Some(MAY_HAVE_LEFT.to_owned())))
        .col_expr(message::Column::Version, Expr::col(message::Column::Version).add(1))
        .filter(waiting_before(restored_at))
        .exec(unit.tx())
        .await?;
    unit.record(permit, json!({ "letters": held.rows_affected }));
    unit.tell(News::Mail);
    Ok(held.rows_affected)
}
