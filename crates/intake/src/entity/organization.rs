//! A row of `referral_organizations`.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

use crate::rules::source::{Preferred, SourceKind};

foundation::id! {
    /// A referral organization.
    OrganizationId
}

/// An organization that sends people or takes them on. It is nobody's record.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "referral_organizations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    pub name: String,
    pub name_folded: String,
    pub kind: SourceKind,
    pub address: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub preferred: Option<Preferred>,
    /// Sealed under the center's key: what is typed here may be more than was meant.
    pub notes: Option<Vec<u8>>,
    pub added_at: Instant,
    pub added_by: Option<StaffId>,
    /// Since when nobody works with it any more.
    pub ended_at: Option<Instant>,
    pub version: i32,
    /// The one that goes on for it.
    pub merged_into: Option<OrganizationId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
