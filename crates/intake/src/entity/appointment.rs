//! A row of `appointments`.

use foundation::{Instant, PersonId, StaffId, Zone};
use sea_orm::entity::prelude::*;

use super::request::RequestId;
use super::site::SiteId;
use crate::rules::appointments::{State, Why};

foundation::id! {
    /// An appointment.
    AppointmentId
}

/// A time at which a clinician meets the person of a request.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "appointments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AppointmentId,
    pub request_id: RequestId,
    /// Who comes: the person who may need care.
    pub person_id: PersonId,
    pub staff_id: StaffId,
    pub site_id: SiteId,
    pub starts_at: Instant,
    pub ends_at: Instant,
    /// The zone it was agreed in; a site that moves to another clock moves no promise.
    pub zone: String,
    /// When it was to begin before anybody moved it.
    pub first_starts_at: Instant,
    pub booked_at: Instant,
    pub booked_by: Option<StaffId>,
    pub state: State,
    /// Why it was moved last, or given up.
    pub why: Option<Why>,
    /// When they said that they will come.
    pub confirmed_at: Option<Instant>,
    /// When the house asked whether they arrived.
    pub asked_at: Option<Instant>,
    pub settled_at: Option<Instant>,
    /// What calendars read was changed last.
    pub changed_at: Instant,
    pub sequence: i32,
    pub version: i32,
}

impl Model {
    /// The clock it was agreed on.
    pub fn zone(&self) -> Zone {
        self.zone.parse().unwrap_or(Zone::UTC)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
