//! A row of the `connection_snapshots` table: what the indicator counted at one moment. Only ever inserted.

use foundation::{Day, Instant, PersonId};
use sea_orm::entity::prelude::*;

use crate::connections::SnapshotId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "connection_snapshots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SnapshotId,
    pub person_id: PersonId,
    pub at: Instant,
    pub taken_on: Day,
    /// What was counted, by key and enumeration; no names.
    pub inputs: Json,
    /// The parts and their sum.
    pub result: Json,
    /// The band as it read then; `None` when nothing was asked yet.
    pub band: Option<String>,
    pub rule_version: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
