//! How the work in the background stands: for whoever looks after the machine. Kinds and counts, and nothing of anyone.

use chrono::TimeDelta;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};
use serde_json::json;

use super::job::{self, State};
use crate::acts::Act;
use crate::clock::Instant;
use crate::error::{Error, refused};
use crate::ids::JobId;
use crate::subject::Subject;
use crate::unit::Unit;

/// Jobs listed at the most.
const LISTED: u64 = 50;

/// How many jobs stand where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Given up, and nobody has tried them again.
    pub given_up: u64,
    /// To be done now, and not done yet.
    pub waiting: u64,
    /// How long the oldest of those has waited.
    pub oldest: Option<TimeDelta>,
}

/// How the jobs stand.
pub async fn of(reader: &impl ConnectionTrait, now: Instant) -> Result<Standing, Error> {
    let given_up = job::Entity::find().filter(job::Column::State.eq(State::GivenUp)).count(reader).await?;
    let due =
        job::Entity::find().filter(job::Column::State.eq(State::Waiting)).filter(job::Column::RunAt.lte(now));
    let waiting = due.clone().count(reader).await?;
    let oldest = due.order_by_asc(job::Column::RunAt).one(reader).await?;
    Ok(Standing { given_up, waiting, oldest: oldest.map(|job| now - job.run_at) })
}

/// Jobs that are not done: given up first, then those that wait, by when they are tried next.
pub async fn undone(reader: &impl ConnectionTrait) -> Result<Vec<job::Model>, Error> {
    let with = |state| {
        job::Entity::find()
            .filter(job::Column::State.eq(state))
            .order_by_asc(job::Column::RunAt)
            .limit(LISTED)
            .all(reader)
    };
    let mut all = with(State::GivenUp).await?;
    all.extend(with(State::Waiting).await?);
    Ok(all)
}

/// Has a job tried now: one that was given up, or that waits for a later try.
///
/// # Errors
/// `gone` when it is done, or under way at this moment.
pub async fn try_again(unit: &mut Unit, id: JobId) -> Result<(), Error> {
    let permit = unit.permit(Act::RetryJob, &Subject::of("job", id))?;
    let now = unit.now();
    let due = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(State::Waiting))
        .col_expr(job::Column::RunAt, Expr::value(now))
        .col_expr(job::Column::Attempts, Expr::value(0))
        .filter(job::Column::Id.eq(id))
        .filter(job::Column::State.ne(State::Done))
        .filter(job::Column::LeasedUntil.is_null().or(job::Column::LeasedUntil.lte(now)))
        .exec(unit.tx())
        .await?;
    if due.rows_affected == 0 {
        return Err(refused("gone", "This is done already, or under way. Look again in a moment."));
    }
    unit.record(permit, json!({}));
    unit.ring();
    Ok(())
}
