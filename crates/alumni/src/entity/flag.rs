//! A row of the flags table: something a person of the staff should do for an alum, until it is settled.

use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use crate::check_in::CheckInId;
use crate::flag::{FlagId, FlagKind, Reasons};
use crate::rules::response::Level;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "flags")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FlagId,
    pub person_id: PersonId,
    pub check_in_id: Option<CheckInId>,
    pub kind: FlagKind,
    pub level: Level,
    /// Names of the rules that raised it, never what was answered.
    #[sea_orm(column_type = "JsonBinary")]
    pub reasons: Reasons,
    pub raised_at: Instant,
    pub settled_at: Option<Instant>,
    pub settled_by: Option<StaffId>,
    /// Sealed: what was done.
    pub done: Option<Vec<u8>>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
