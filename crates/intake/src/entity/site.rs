//! A row of `sites`.

use foundation::{Instant, Zone};
use sea_orm::entity::prelude::*;

foundation::id! {
    /// A place where people are met.
    SiteId
}

/// A place where people are met.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sites")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SiteId,
    pub name: String,
    pub address: String,
    /// The name of its time zone.
    pub zone: String,
    pub made_at: Instant,
    /// Since when nobody is met there any more.
    pub ended_at: Option<Instant>,
    pub version: i32,
}

impl Model {
    /// Its clock.
    pub fn zone(&self) -> Zone {
        self.zone.parse().unwrap_or(Zone::UTC)
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
