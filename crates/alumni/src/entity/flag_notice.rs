//! A row of `flag_notices`: a colleague who was told of a flag, once.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

use crate::flag::FlagId;

foundation::id! {
    /// That a colleague was told.
    FlagNoticeId
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "flag_notices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FlagNoticeId,
    pub flag_id: FlagId,
    pub staff_id: StaffId,
    pub told_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
