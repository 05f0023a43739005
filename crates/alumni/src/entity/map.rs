//! A row of the `connection_maps` table: what is true of a person's map as a whole. One a person.

use foundation::{Day, PersonId};
use sea_orm::entity::prelude::*;

use crate::connections::MapState;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "connection_maps")]
pub struct Model {
    /// The person's own key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    pub state: MapState,
    pub confirmed_on: Option<Day>,
    /// Group sessions attended in the 30 days before the confirmation; `None` when not asked.
    pub group_sessions: Option<i32>,
    /// The three-item loneliness sum, 3 to 9; `None` when not asked.
    pub ucla3: Option<i32>,
    pub ucla3_on: Option<Day>,
    /// The band of the newest snapshot; `None` when nothing was asked yet.
    pub band: Option<String>,
    /// Sealed: how the person sees it.
    pub client_view: Option<Vec<u8>>,
    pub client_view_on: Option<Day>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
