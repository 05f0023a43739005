//! A row of `calendar_feeds`.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

foundation::id! {
    /// A private calendar feed.
    CalendarFeedId
}

/// The private address under which a member of staff has the own appointments in a calendar.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_feeds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CalendarFeedId,
    pub staff_id: StaffId,
    /// The hash of the address; the address itself was shown once.
    pub token_hash: Vec<u8>,
    pub made_at: Instant,
    pub ended_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
