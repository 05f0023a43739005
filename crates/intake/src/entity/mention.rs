//! A row of mentions: a colleague who was named in a note.

use clients::note::NoteId;
use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;

foundation::id! {
    /// A mention.
    MentionId
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mentions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MentionId,
    pub request_id: RequestId,
    pub note_id: NoteId,
    /// Whom the note is about: it is sealed under their key.
    pub person_id: PersonId,
    pub staff_id: StaffId,
    pub by_id: StaffId,
    pub named_at: Instant,
    pub seen_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
