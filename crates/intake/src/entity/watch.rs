//! A row of watches: who wants to hear of a request.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "watches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub request_id: RequestId,
    pub staff_id: StaffId,
    pub since: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
