//! A row of the jobs table.

use sea_orm::entity::prelude::*;

use crate::clock::Instant;
use crate::ids::JobId;

crate::words! {
    /// Where a job stands. A leased job is waiting with `leased_until` in the future.
    pub enum State {
        Waiting = "waiting", "Waiting",
        Done = "done", "Done",
        GivenUp = "given_up", "Given up",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    pub kind: String,
    pub payload: Json,
    pub dedupe: Option<String>,
    pub state: State,
    pub run_at: Instant,
    pub leased_until: Option<Instant>,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub created_at: Instant,
    pub ended_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
