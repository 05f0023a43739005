//! A row of the `link_words` table: how the links of one person open. The key is the person's own.

use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_words")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    /// A hash of the word under the center's key: nobody reads it here, not even staff.
    pub word: Option<Vec<u8>>,
    pub goes_without_at: Option<Instant>,
    /// Sealed: who said that they do without, and how.
    pub said_by: Option<Vec<u8>>,
    pub changed_at: Instant,
    pub changed_by: Option<StaffId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
