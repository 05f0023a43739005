//! A row of `weekly_hours`.

use foundation::{Day, Instant, StaffId};
use sea_orm::entity::prelude::*;

use super::site::SiteId;

foundation::id! {
    /// Hours that come again every week.
    WeeklyHoursId
}

/// Hours of a clinician at a site that come again every week.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "weekly_hours")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WeeklyHoursId,
    pub staff_id: StaffId,
    pub site_id: SiteId,
    /// A set of weekdays, see `rules::slots::Weekdays`.
    pub weekdays: i32,
    /// Minutes since midnight on the clock of the site.
    pub opens: i32,
    pub closes: i32,
    pub slot_minutes: i32,
    pub from_on: Day,
    pub until_on: Option<Day>,
    pub made_at: Instant,
    pub ended_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
