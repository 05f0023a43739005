//! One link of the chain: the place of an entry in it and the hash up to there.

use sea_orm::entity::prelude::*;

use crate::clock::Instant;
use crate::ids::EntryId;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_seals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub place: i64,
    pub entry_id: EntryId,
    pub hash: Vec<u8>,
    pub sealed_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
