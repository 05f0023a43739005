//! A row of `mail_arrivals`.

use foundation::Instant;
use sea_orm::entity::prelude::*;

use super::request::RequestId;
use crate::inward::Became;

/// A message that arrived once: by hashes, and what it became.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_arrivals")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub arrival: Vec<u8>,
    pub message_hash: Option<Vec<u8>>,
    pub sender_hash: Option<Vec<u8>>,
    pub what: Became,
    pub request_id: Option<RequestId>,
    pub arrived_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
