//! The runner: claims due jobs by lease and does them, in as many lanes as are run.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use chrono::TimeDelta;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{Failure, State, job};
use crate::db::Db;
use crate::error::Error;

/// Longer than the longest job (one mail, 90 s), so that a lease expires only when its worker is dead.
const LEASE: TimeDelta = TimeDelta::minutes(4);
/// After so many tries a job is given up and shown to staff.
const TRIES: i32 = 12;

type Doing = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;
type Do = Arc<dyn Fn(Db, serde_json::Value) -> Doing + Send + Sync>;

/// Which function does which kind of job.
#[derive(Clone, Default)]
pub struct Runner(HashMap<&'static str, Do>);

impl Runner {
    /// Registers a kind.
    #[must_use]
    pub fn with<F, R>(mut self, kind: &'static str, work: F) -> Self
    where
        F: Fn(Db, serde_json::Value) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.0.insert(kind, Arc::new(move |db, payload| Box::pin(work(db, payload))));
        self
    }

    /// Does every job that is due, one after another, until none is: the same order each time, for a sample center and for
    /// tests. Returns how many were tried.
    pub async fn run_due(&self, db: &Db) -> Result<usize, Error> {
        self.run_lane(db, None, || false).await
    }

    /// The same as one of several lanes that go on by themselves, so that what takes long in one keeps nobody in another.
    /// `but` names a kind this lane leaves to others; once `enough` says so it takes on no other job.
    pub async fn run_lane(
        &self,
        db: &Db,
        but: Option<&str>,
        enough: impl Fn() -> bool + Sync,
    ) -> Result<usize, Error> {
        let mut tried = 0;
        while !enough()
            && let Some(job) = claim(db, but).await?
        {
            self.run_one(db, job).await?;
            tried += 1;
        }
        Ok(tried)
    }

    async fn run_one(&self, db: &Db, job: job::Model) -> Result<(), Error> {
        let outcome = match self.0.get(job.kind.as_str()) {
            // Its own task, so that a panic in a job costs the job and not the runner.
            Some(work) => match tokio::spawn(work(db.clone(), job.payload.clone())).await {
                Ok(outcome) => outcome,
                Err(_) => Err(Failure::Again("it panicked".into())),
            },
            None => Err(Failure::GiveUp(format!("nobody here knows how to do {}", job.kind))),
        };
        settle(db, &job, outcome).await
    }
}

/// Takes the job that is due longest; of two workers exactly one gets it.
async fn claim(db: &Db, but: Option<&str>) -> Result<Option<job::Model>, Error> {
    let now = db.now();
    let free = Condition::any().add(job::Column::LeasedUntil.is_null()).add(job::Column::LeasedUntil.lt(now));
    loop {
        let due = job::Entity::find()
            .filter(job::Column::State.eq(State::Waiting))
            .filter(job::Column::RunAt.lte(now))
            .filter(free.clone())
            .apply_if(but, |due, but| due.filter(job::Column::Kind.ne(but)))
            .order_by_asc(job::Column::RunAt)
            .limit(1)
            .one(db.reader())
            .await?;
        let Some(due) = due else { return Ok(None) };
        let won = job::Entity::update_many()
            .col_expr(job::Column::LeasedUntil, Expr::value(now + LEASE))
            .col_expr(job::Column::Attempts, Expr::value(due.attempts + 1))
            .filter(job::Column::Id.eq(due.id))
            .filter(job::Column::State.eq(State::Waiting))
            .filter(job::Column::Attempts.eq(due.attempts))
            .filter(free.clone())
            .exec(&db.store().writer)
            .await?;
        if won.rows_affected == 1 {
            return Ok(Some(job::Model { attempts: due.attempts + 1, ..due }));
        }
    }
}

async fn settle(db: &Db, job: &job::Model, outcome: Result<(), Failure>) -> Result<(), Error> {
    let now = db.now();
    let (state, error) = match outcome {
        Ok(()) => (State::Done, None),
        Err(Failure::Again(why)) if job.attempts < TRIES => (State::Waiting, Some(why)),
        Err(Failure::Again(why) | Failure::GiveUp(why)) => (State::GivenUp, Some(why)),
    };
    if let Some(why) = &error {
        tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, why, "a job did not succeed");
    }
    let mut update = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(state))
        .col_expr(job::Column::LeasedUntil, Expr::value(Option::<crate::clock::Instant>::None))
        .col_expr(job::Column::LastError, Expr::value(error))
        .filter(job::Column::Id.eq(job.id));
    update = if state == State::Waiting {
        update.col_expr(job::Column::RunAt, Expr::value(now + pause(job.attempts)))
    } else {
        update.col_expr(job::Column::EndedAt, Expr::value(now))
    };
    update.exec(&db.store().writer).await?;
    Ok(())
}

/// One minute, doubling, at most eight hours.
fn pause(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    TimeDelta::minutes(2_i64.pow(doublings)).min(TimeDelta::hours(8))
}

/// How many jobs are waiting and due at this moment; what a test checks before it ends.
pub async fn due(db: &Db) -> Result<u64, Error> {
    use sea_orm::PaginatorTrait;
    let due = job::Entity::find()
        .filter(job::Column::State.eq(State::Waiting))
        .filter(job::Column::RunAt.lte(db.now()));
    Ok(due.count(db.reader()).await?)
}
