//! A row of undos: how a request stood before an act, for as long as the act can be undone.

use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;
use crate::request::undoing::{Beside, Stood};

foundation::id! {
    /// Acts that are undone together: one act, or a macro at several requests.
    UndoGroup
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "undos")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub group_id: UndoGroup,
    pub request_id: RequestId,
    /// Under whose key the next step is sealed.
    pub person_id: PersonId,
    pub staff_id: StaffId,
    #[sea_orm(column_type = "JsonBinary")]
    pub before: Stood,
    pub next_step: Option<Vec<u8>>,
    #[sea_orm(column_type = "JsonBinary")]
    pub beside: Beside,
    /// The version the act left the request with.
    pub version: i32,
    pub done_at: Instant,
    pub undone_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
