//! A row of `referrals_out`.

use clients::episode::LevelOfCare;
use consent::consents::ConsentId;
use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use super::organization::OrganizationId;
use super::request::RequestId;
use crate::rules::referral::{Handoff, Soon, State};

foundation::id! {
    /// A referral to another provider.
    ReferralOutId
}

/// Somebody goes on to another provider, by a way they chose, until it is known that they arrived.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "referrals_out")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReferralOutId,
    pub request_id: RequestId,
    pub person_id: PersonId,
    pub organization_id: OrganizationId,
    pub way: Handoff,
    pub state: State,
    pub soon: Soon,
    pub level: Option<LevelOfCare>,
    /// Why there, what was agreed, which steps were taken: sealed under the person's key.
    pub details: Vec<u8>,
    /// What was told, word for word, sealed alike; nothing when they called themselves.
    pub packet: Option<Vec<u8>>,
    /// The consent it rested on.
    pub consent_id: Option<ConsentId>,
    pub referred_at: Instant,
    pub referred_by: Option<StaffId>,
    pub appointment_at: Option<Instant>,
    pub arrived_at: Option<Instant>,
    /// When somebody asks next whether they arrived.
    pub confirm_at: Option<Instant>,
    /// How often it was asked since the last appointment.
    pub confirms: i32,
    pub ended_at: Option<Instant>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
