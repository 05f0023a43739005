//! A row of the `check_ins` table: a check-in that was opened, attempted or answered. Due days themselves are derived.

use foundation::{Day, Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use crate::aftercare::AftercareId;
use crate::check_in::{AnsweredBy, CheckInId, Origin};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "check_ins")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CheckInId,
    pub aftercare_id: AftercareId,
    pub person_id: PersonId,
    pub due_on: Day,
    pub window_from: Day,
    pub window_to: Day,
    pub origin: Origin,
    pub attempts: i32,
    /// The first two-way contact.
    pub reached_at: Option<Instant>,
    pub answered_at: Option<Instant>,
    pub answered_by: Option<AnsweredBy>,
    pub answered_by_staff_id: Option<StaffId>,
    /// Sealed: the answers as JSON.
    pub answers: Option<Vec<u8>>,
    pub opened_at: Instant,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::aftercare::Entity",
        from = "Column::AftercareId",
        to = "super::aftercare::Column::Id"
    )]
    Aftercare,
}

impl ActiveModelBehavior for ActiveModel {}
