//! A row of `referral_contacts`.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

use super::organization::OrganizationId;
use crate::rules::source::Preferred;

foundation::id! {
    /// Someone at a referral organization.
    ContactId
}

/// Someone at a referral organization, known by their work alone.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "referral_contacts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ContactId,
    pub organization_id: OrganizationId,
    pub name: String,
    pub position: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub preferred: Option<Preferred>,
    /// Sealed under the center's key.
    pub notes: Option<Vec<u8>>,
    pub added_at: Instant,
    pub added_by: Option<StaffId>,
    pub ended_at: Option<Instant>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
