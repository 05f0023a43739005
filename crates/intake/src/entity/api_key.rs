//! A row of `api_keys`.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

use crate::api_key::{Origins, Scope};

foundation::id! {
    /// A key of the center's website.
    ApiKeyId
}

/// A key. Of its secret only the hash is kept, and how it begins, so that people can tell two apart.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiKeyId,
    pub name: String,
    pub secret_hash: Vec<u8>,
    pub begins_with: String,
    pub scope: Scope,
    #[sea_orm(column_type = "JsonBinary")]
    pub origins: Origins,
    pub made_at: Instant,
    pub made_by: Option<StaffId>,
    pub used_at: Option<Instant>,
    pub ended_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
