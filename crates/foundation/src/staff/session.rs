//! A row of the sessions table.

use sea_orm::entity::prelude::*;

use crate::clock::Instant;
use crate::ids::StaffId;

crate::id! {
    /// A session of a member of staff.
    SessionId
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub token_hash: Vec<u8>,
    pub staff_id: StaffId,
    pub began_at: Instant,
    pub last_active_at: Instant,
    pub factor_at: Option<Instant>,
    pub ended_at: Option<Instant>,
    /// Until when a locked record is open to this session; [`crate::break_glass`] says which.
    pub glass_until: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::StaffId",
        to = "super::account::Column::Id"
    )]
    Account,
}

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Account.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
