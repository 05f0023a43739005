//! A row of `api_submissions`.

use foundation::Instant;
use sea_orm::entity::prelude::*;

use super::api_key::ApiKeyId;
use super::request::RequestId;

/// What a website sent once under one idempotency key: hashes, and the request it became.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_submissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub key_id: ApiKeyId,
    pub idempotency_hash: Vec<u8>,
    pub body_hash: Vec<u8>,
    pub request_id: RequestId,
    pub sent_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
