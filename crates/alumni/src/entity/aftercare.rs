//! A row of the aftercares table: staying in touch after one discharge.

use foundation::{Day, Instant, PersonId};
use sea_orm::entity::prelude::*;

use crate::aftercare::{AftercareId, CustomDays, EndReason};
use crate::rules::schedule::Track;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "aftercares")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AftercareId,
    pub person_id: PersonId,
    pub episode_id: Uuid,
    pub discharged_on: Day,
    /// How the stay ended, as the clients' room stores it.
    pub discharge_kind: String,
    pub early_leaver: bool,
    pub track: Track,
    #[sea_orm(column_type = "JsonBinary")]
    pub custom_days: CustomDays,
    /// Check-ins due before this day are neither due nor missed: a pause, a new track and a late start move it.
    pub counts_from: Day,
    /// Quiet, at their own wish, before this day.
    pub paused_until: Option<Day>,
    pub enrolled_at: Instant,
    pub ended_at: Option<Instant>,
    pub end_reason: Option<EndReason>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
