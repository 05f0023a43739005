//! A row of the aftercares table: staying in touch after one discharge.

use consent::consents::YesHow;
use foundation::{Day, Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use crate::aftercare::{AftercareId, CustomDays, EndReason};
use crate::rules::schedule::Track;

foundation::words! {
    /// Whether opioids were part of somebody's use, as far as it was asked.
    pub enum OpioidUse {
        Yes = "yes", "Yes",
        No = "no", "No",
        NotKnown = "not_known", "Not known",
    }
}

impl OpioidUse {
    /// A yes or a no; `None` while it is not known.
    pub fn known(self) -> Option<bool> {
        match self {
            Self::Yes => Some(true),
            Self::No => Some(false),
            Self::NotKnown => None,
        }
    }
}

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
    pub ended_by: Option<StaffId>,
    /// How the person said yes, when check-ins began again after an end.
    pub begun_how: Option<YesHow>,
    /// `None` until somebody asked or answers said so.
    pub opioid_use: Option<OpioidUse>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
