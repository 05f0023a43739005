//! A row of `hours_exceptions`.

use foundation::{Day, Instant, StaffId};
use sea_orm::entity::prelude::*;

use super::site::SiteId;
use crate::rules::appointments::ExceptionKind;

foundation::id! {
    /// Days on which hours differ.
    HoursExceptionId
}

/// Days on which the hours of a clinician differ.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "hours_exceptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: HoursExceptionId,
    pub staff_id: StaffId,
    pub kind: ExceptionKind,
    /// Where extra hours are; who is away is away everywhere.
    pub site_id: Option<SiteId>,
    pub first_on: Day,
    pub last_on: Day,
    pub opens: i32,
    pub closes: i32,
    pub slot_minutes: i32,
    pub made_at: Instant,
    pub ended_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
