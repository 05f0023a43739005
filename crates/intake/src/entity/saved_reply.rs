//! A row of saved replies.

use foundation::{Instant, StaffId};
use mail::own_words::SubjectLine;
use sea_orm::entity::prelude::*;

foundation::id! {
    /// A saved reply.
    ReplyId
}

/// A reply somebody saved. Its name and texts are sealed under the center's key: people write names into them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_replies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReplyId,
    pub staff_id: StaffId,
    pub name: Vec<u8>,
    pub subject_line: SubjectLine,
    pub english: Vec<u8>,
    pub spanish: Option<Vec<u8>>,
    pub shared: bool,
    pub saved_at: Instant,
    pub ended_at: Option<Instant>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::whose::kept!(and changed);
