//! A row of `referrals_in`.

use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use super::organization::OrganizationId;
use super::request::RequestId;
use crate::rules::referral::Decision;

foundation::id! {
    /// A referral that came in.
    ReferralInId
}

/// What a professional told when they referred someone, and what the center said to it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "referrals_in")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReferralInId,
    pub request_id: RequestId,
    pub person_id: PersonId,
    pub organization_id: Option<OrganizationId>,
    /// Sealed under the person's key, with the notice that came along.
    pub details: Vec<u8>,
    /// Until when it is decided.
    pub due_at: Instant,
    pub decided_at: Option<Instant>,
    pub decided_by: Option<StaffId>,
    pub decision: Option<Decision>,
    /// Why not, sealed under the person's key.
    pub reason: Option<Vec<u8>>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
