//! A row of duties: when a colleague takes requests.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

use crate::rules::calendar::Week;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "duties")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub staff_id: StaffId,
    /// The switch.
    pub taking: bool,
    /// Their hours; any when it is empty.
    #[sea_orm(column_type = "JsonBinary")]
    pub week: Week,
    /// When a rule gave them a request last.
    pub given_at: Option<Instant>,
    pub changed_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
