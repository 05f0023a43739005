//! A row of `corrections`: something of a life that was written down wrong, and why it was changed.

use foundation::{Day, Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use super::episode::EpisodeId;
use crate::correction::{CorrectedField, CorrectionId};

/// A correction.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "corrections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CorrectionId,
    pub person_id: PersonId,
    pub field: CorrectedField,
    /// The stay whose day it was.
    pub episode_id: Option<EpisodeId>,
    pub was: Option<Day>,
    pub now_is: Option<Day>,
    /// Why, sealed under the person's key.
    pub reason: Vec<u8>,
    pub corrected_at: Instant,
    pub corrected_by: Option<StaffId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
