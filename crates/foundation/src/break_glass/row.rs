//! A row of the `break_glass` table.

use sea_orm::entity::prelude::*;

use super::reviewing::Finding;
use super::{BreakGlassId, Cause};
use crate::clock::Instant;
use crate::ids::{PersonId, StaffId};
use crate::staff::SessionId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "break_glass")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: BreakGlassId,
    pub staff_id: StaffId,
    pub session_id: SessionId,
    pub person_id: PersonId,
    pub cause: Cause,
    /// Sealed under the person's key: it may tell of their health.
    pub reason: Vec<u8>,
    pub began_at: Instant,
    pub ends_at: Instant,
    pub reviewed_at: Option<Instant>,
    pub reviewed_by: Option<StaffId>,
    pub finding: Option<Finding>,
    /// What the reviewer wrote, sealed like the reason.
    pub remark: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
