//! A row of notes, sealed.

use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

foundation::id! {
    /// A note.
    NoteId
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoteId,
    pub person_id: PersonId,
    pub author_id: Option<StaffId>,
    pub written_at: Instant,
    pub body: Vec<u8>,
    /// It holds what somebody else said about the person, or of themselves: the person gets it by a decision only.
    pub quotes_another: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
