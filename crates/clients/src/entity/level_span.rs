//! A row of `level_spans`: one level of care within an episode.

use foundation::{Day, PersonId};
use sea_orm::entity::prelude::*;

use super::episode::EpisodeId;
use crate::rules::care::LevelOfCare;

/// One level of care within an episode. Current while `until_on` is missing.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "level_spans")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub episode_id: EpisodeId,
    pub person_id: PersonId,
    pub level: LevelOfCare,
    pub from_on: Day,
    pub until_on: Option<Day>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
