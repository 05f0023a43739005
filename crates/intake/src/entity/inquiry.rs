//! A row of third-party inquiries.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

foundation::id! {
    /// A third-party inquiry.
    InquiryId
}

/// Somebody asked after somebody. Sealed under the center's key: it belongs to nobody's record.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "third_party_inquiries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InquiryId,
    pub staff_id: StaffId,
    pub answers: Vec<u8>,
    pub taken_at: Instant,
    pub settled_at: Option<Instant>,
    pub settled_by: Option<StaffId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
