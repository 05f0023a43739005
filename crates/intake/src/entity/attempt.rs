//! A row of attempts: one try to reach the person who asked.

use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;
use crate::rules::cadence::Beyond;
use crate::rules::words::{Direction, Outcome};

/// One try.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub request_id: RequestId,
    pub person_id: PersonId,
    pub staff_id: Option<StaffId>,
    pub outcome: Outcome,
    /// Who called whom, as far as it was kept.
    pub direction: Option<Direction>,
    /// How long they talked, in minutes.
    pub minutes: Option<i32>,
    pub made_at: Instant,
    /// Why it was made beyond the usual number.
    pub beyond: Option<Beyond>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
