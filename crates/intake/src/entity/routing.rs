//! A row of routings: a request that was given by a rule, with the name the rule had then.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;
use crate::rules::routing::RuleId;

foundation::id! {
    /// A request given by a rule.
    RoutingId
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "routings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RoutingId,
    pub request_id: RequestId,
    pub staff_id: StaffId,
    pub rule_id: RuleId,
    pub rule: String,
    pub given_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
