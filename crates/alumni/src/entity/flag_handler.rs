//! A row of `flag_handlers`: who said first that they handle a flag.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

use crate::flag::FlagId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "flag_handlers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub flag_id: FlagId,
    pub staff_id: StaffId,
    pub at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
