//! A row of `imports`.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

use crate::importing::Mapping;
use crate::importing::keeping::State;

foundation::id! {
    /// A file of old inquiries.
    ImportId
}

/// A file somebody gave, sealed under the center's key until it has come in, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportId,
    pub staff_id: Option<StaffId>,
    pub state: State,
    pub file: Option<Vec<u8>>,
    #[sea_orm(column_type = "JsonBinary")]
    pub mapping: Mapping,
    pub made_at: Instant,
    pub ended_at: Option<Instant>,
    /// The row it goes on with.
    pub next_row: i32,
    pub received: i32,
    pub before: i32,
    pub rejected: i32,
    /// The rows that did not come in, as a file, sealed.
    pub rejects: Option<Vec<u8>>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
