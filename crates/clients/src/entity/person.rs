//! A row of people.

use foundation::{Day, Instant, PersonId};
use sea_orm::entity::prelude::*;

use crate::person::DeathSource;

/// Someone the center knows of.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    /// What the person is called; never a legal matter.
    pub name_used: String,
    pub legal_name: Option<String>,
    pub name_folded: String,
    pub pronouns: Option<String>,
    pub born_on: Option<Day>,
    /// IANA zone, when it differs from the center's.
    pub zone: Option<String>,
    /// BCP 47 tag.
    pub language: String,
    pub created_at: Instant,
    pub survivor_id: Option<PersonId>,
    /// Since when the house knows that the person died.
    pub died_at: Option<Instant>,
    /// The day of it, if it is known.
    pub died_on: Option<Day>,
    pub death_source: Option<DeathSource>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The record of someone who has one.
    #[sea_orm(has_one = "super::client::Entity", from = "Column::Id", to = "super::client::Column::Id")]
    Client,
}

impl Related<super::client::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Client.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
