//! A row of the `talks` table: a call with somebody who is in no aftercare, so that it counts for no check-in.

use foundation::{Day, Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use crate::check_in::{Outcome, TalkId, Way};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "talks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TalkId,
    pub person_id: PersonId,
    pub at: Instant,
    /// The civil date of `at` in the center's zone.
    pub on_day: Day,
    pub staff_id: Option<StaffId>,
    pub way: Way,
    pub outcome: Outcome,
    /// Sealed.
    pub note: Option<Vec<u8>>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
