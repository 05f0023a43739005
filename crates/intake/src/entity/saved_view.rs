//! A row of saved views.

use foundation::{Instant, StaffId};
use sea_orm::entity::prelude::*;

foundation::id! {
    /// A saved view.
    ViewId
}

/// A view of the inbox somebody saved. Its name is sealed under the center's key: people write names into it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "saved_views")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ViewId,
    pub staff_id: StaffId,
    pub name: Vec<u8>,
    #[sea_orm(column_type = "JsonBinary")]
    pub filter: Json,
    pub shared: bool,
    pub saved_at: Instant,
    pub ended_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::whose::kept!();
