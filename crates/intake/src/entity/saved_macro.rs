//! A row of macros.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

foundation::id! {
    /// A macro.
    MacroId
}

/// A macro. Its name and steps are sealed under the center's key: a note in it may say anything.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "macros")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MacroId,
    pub staff_id: StaffId,
    pub name: Vec<u8>,
    pub steps: Vec<u8>,
    pub shared: bool,
    pub saved_at: Instant,
    pub ended_at: Option<Instant>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::whose::kept!(and changed);
