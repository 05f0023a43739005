//! One row of the ledger. `details` holds field names, references and counts: never free text, never a value.

use sea_orm::entity::prelude::*;

use crate::acts::Act;
use crate::clock::Instant;
use crate::ids::{EntryId, PersonId};

/// An entry. Readable everywhere, writable only through a unit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EntryId,
    pub at: Instant,
    /// `staff`, `alum`, `visitor` or `house`.
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub act: Act,
    pub subject_kind: String,
    pub subject_id: Uuid,
    pub person_id: Option<PersonId>,
    pub details: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
