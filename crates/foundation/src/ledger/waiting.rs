//! Entries that wait for their seal. The database puts every new entry here by itself, so that none is forgotten whatever
//! the clock says; the sealer takes it out in the commit of its seal.

use sea_orm::entity::prelude::*;

use crate::ids::EntryId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_waiting")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub entry_id: EntryId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
