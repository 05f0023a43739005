//! Puts a job in line, in the transaction of its cause.

use sea_orm::{ConnectionTrait, EntityTrait, Set};

use super::{NewJob, State, job};
use crate::clock::Instant;
use crate::error::Error;
use crate::ids::JobId;

/// `false` when a job with the same dedupe text is there already.
pub(crate) async fn queue(
    tx: &impl ConnectionTrait,
    id: JobId,
    now: Instant,
    new: NewJob,
) -> Result<bool, Error> {
    let row = job::ActiveModel {
        id: Set(id),
        kind: Set(new.kind.to_owned()),
        payload: Set(new.payload),
        dedupe: Set(new.dedupe),
        state: Set(State::Waiting),
        run_at: Set(new.run_at.unwrap_or(now)),
        leased_until: Set(None),
        attempts: Set(0),
        last_error: Set(None),
        created_at: Set(now),
        ended_at: Set(None),
    };
    let written = job::Entity::insert(row)
        .on_conflict_do_nothing_on([job::Column::Dedupe])
        .exec_without_returning(tx)
        .await?;
    Ok(matches!(written, sea_orm::TryInsertResult::Inserted(n) if n > 0))
}
