//! A row of `request_merges`: one request goes on for another.

use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;
use crate::rules::danger_hours::OutsideHours;
use crate::rules::words::Urgency;

foundation::id! {
    /// A merge of two requests.
    MergeId
}

/// A merge, and how the survivor stood before it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "request_merges")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MergeId,
    pub merged_id: RequestId,
    pub survivor_id: RequestId,
    pub merged_at: Instant,
    pub merged_by: Option<StaffId>,
    pub undone_at: Option<Instant>,
    pub urgency: Urgency,
    pub due_at: Instant,
    pub owner_id: Option<StaffId>,
    pub claimed_at: Option<Instant>,
    /// What the survivor had promised, sealed under the key of `person_id`.
    pub next_step: Option<Vec<u8>>,
    pub next_step_at: Option<Instant>,
    pub reached_at: Option<Instant>,
    pub outside_hours: Option<OutsideHours>,
    /// The person the survivor is about.
    pub person_id: PersonId,
    /// The survivor's version right after.
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
