//! A row of the `check_in_attempts` table: one try to reach an alum.

use consent::rules::quiet_hours::WhyNow;
use foundation::{Day, Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use crate::check_in::{AttemptId, CheckInId, Outcome, Way};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "check_in_attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttemptId,
    pub check_in_id: CheckInId,
    pub person_id: PersonId,
    pub at: Instant,
    /// The civil date of `at` in the center's zone.
    pub on_day: Day,
    pub staff_id: Option<StaffId>,
    pub way: Way,
    pub outcome: Outcome,
    /// Sealed.
    pub note: Option<Vec<u8>>,
    /// Why it was made at an hour that is not a good one where they are.
    pub why_now: Option<WhyNow>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
