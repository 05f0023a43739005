//! A row of `inward_messages`.

use foundation::{Instant, PersonId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;

foundation::id! {
    /// A message that came in about a request.
    InwardMessageId
}

/// What somebody wrote about a request that is under way, sealed under the key of the person the request is about.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inward_messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InwardMessageId,
    pub request_id: RequestId,
    pub person_id: PersonId,
    pub words: Vec<u8>,
    /// Whether it names as its sender an address the one who asked had given. Anyone can write such a sender.
    pub known: bool,
    pub received_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
