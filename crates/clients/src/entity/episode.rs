//! A row of episodes: care from admission to discharge.

use foundation::{Day, Instant, PersonId};
use sea_orm::entity::prelude::*;

use crate::rules::care::{DischargeKind, LevelOfCare};

foundation::id! {
    /// An episode of care.
    EpisodeId
}

/// An episode of care. Open while `discharged_on` is missing.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "episodes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EpisodeId,
    pub person_id: PersonId,
    /// The request it began with.
    pub request_id: Option<Uuid>,
    pub admitted_on: Day,
    /// The level at admission, frozen.
    pub admitted_level: LevelOfCare,
    pub discharged_on: Option<Day>,
    pub discharge_kind: Option<DischargeKind>,
    /// Where the person went, sealed under their key.
    pub discharged_to: Option<Vec<u8>>,
    pub created_at: Instant,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
