//! A row of clients: what a person has who has a record.

use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

/// A client record.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clients")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    /// Short and speakable, like `K-4F7K3`.
    pub reference: String,
    pub counselor_id: Option<StaffId>,
    pub created_at: Instant,
    pub about: Option<Vec<u8>>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// A client is a person: the keys are one.
    #[sea_orm(belongs_to = "super::person::Entity", from = "Column::Id", to = "super::person::Column::Id")]
    Person,
}

impl Related<super::person::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Person.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
