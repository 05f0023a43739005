//! Rows of escalations and of whom each told. One a request and a rule.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;
use crate::rules::routing::RuleId;

foundation::id! {
    /// An escalation.
    EscalationId
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "escalations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EscalationId,
    pub request_id: RequestId,
    pub rule_id: RuleId,
    /// The name the rule had then.
    pub rule: String,
    pub due_at: Instant,
    pub told_at: Instant,
    pub answered_at: Option<Instant>,
    pub answered_by: Option<StaffId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

pub(crate) mod told {
    //! A row of `escalations_told`.
    use foundation::StaffId;
    use sea_orm::entity::prelude::*;

    use super::EscalationId;

    foundation::id! {
        /// One who was told.
        ToldId
    }

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "escalations_told")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ToldId,
        pub escalation_id: EscalationId,
        pub staff_id: StaffId,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
