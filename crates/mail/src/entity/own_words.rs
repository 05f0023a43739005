//! A row of `own_words`: what somebody wrote in a letter, by the key of its message. Sealed under the reader's key.

use foundation::{PersonId, StaffId};
use sea_orm::entity::prelude::*;

use crate::outbox::MessageId;
use crate::own_words::SubjectLine;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "own_words")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub person_id: PersonId,
    pub author_id: StaffId,
    pub subject_line: SubjectLine,
    /// BCP 47 tag of the words around it.
    pub language: String,
    pub body: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
