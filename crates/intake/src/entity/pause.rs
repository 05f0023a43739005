//! A row of pauses: a stretch in which a request waited for the caller.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;
use crate::rules::waiting::{EndedHow, WhyWaiting};

foundation::id! {
    /// A pause.
    PauseId
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pauses")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PauseId,
    pub request_id: RequestId,
    pub why: WhyWaiting,
    pub began_at: Instant,
    /// It ends by itself then.
    pub until_at: Instant,
    pub began_by: Option<StaffId>,
    /// What was due when it began: what is left of it runs on from its end.
    pub due_before: Instant,
    pub step_before: Option<Instant>,
    pub ended_at: Option<Instant>,
    pub ended_how: Option<EndedHow>,
}

impl Model {
    /// When it ended, or will.
    pub fn ends(&self) -> Instant {
        self.ended_at.unwrap_or(self.until_at)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
