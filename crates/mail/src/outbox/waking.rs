//! Finds messages that should have left and have no job any more: queued while there was no mail server, or left by a
//! job that was given up.

use chrono::TimeDelta;
use foundation::{Act, Actor, Db, Error, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{QueryOrder, QuerySelect};
use serde_json::json;

use super::capturing::Postroom;
use super::{State, send_later, subject};
use crate::delivery::Post;
use crate::entity::message;

/// Longer than any job takes that does its work.
const OVERDUE: TimeDelta = TimeDelta::minutes(30);
/// A few at a time, so that no unit is long.
const AT_ONCE: u64 = 100;

/// Puts what was left behind in line again; how many. Nothing while there is no mail server.
pub async fn wake(db: &Db, room: &Postroom) -> Result<usize, Error> {
    if matches!(room.post, Post::Held) {
        return Ok(0);
    }
    let asleep = message::Entity::find()
        .filter(message::Column::State.is_in([State::Queued, State::Sending]))
        .filter(message::Column::DueAt.lt(db.now() - OVERDUE))
        .order_by_asc(message::Column::DueAt)
        .limit(AT_ONCE)
        .all(db.reader())
        .await?;
    if asleep.is_empty() {
        return Ok(0);
    }
    db.write(&Actor::House, async |unit| {
        for row in &asleep {
            again(unit, row).await?;
        }
        Ok(asleep.len())
    })
    .await
}

/// A message that is still leaving keeps its moment: by it the next try knows that the last one broke off.
async fn again(unit: &mut Unit, row: &message::Model) -> Result<(), Error> {
    let permit = unit.permit(Act::QueueMessage, &subject(row.id, row.person_id))?;
    let due_at = if row.state == State::Queued { unit.now() } else { row.due_at };
    let woken = message::Entity::update_many()
        .col_expr(message::Column::DueAt, Expr::value(due_at))
        .col_expr(message::Column::Version, Expr::value(row.version + 1))
        .filter(message::Column::Id.eq(row.id))
        .filter(message::Column::Version.eq(row.version))
        .exec(unit.tx())
        .await?;
    if woken.rows_affected == 1 {
        send_later(unit, row.id, row.version + 1, unit.now()).await?;
    }
    unit.record(permit, json!({ "woken": woken.rows_affected == 1 }));
    Ok(())
}
