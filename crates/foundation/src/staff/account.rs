//! A staff account. What leaves this room is a [`Member`]: no hash, no secret.

use sea_orm::FromJsonQueryResult;
use std::sync::Arc;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::actor::{Actor, StaffActor};
use crate::clock::Instant;
use crate::ids::StaffId;
use crate::role::Role;

/// The roles of an account, kept as a JSON list of their stored texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Roles(pub Vec<Role>);

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StaffId,
    pub name: String,
    /// Folded; unique.
    pub sign_in_name: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub roles: Roles,
    pub supervisor_id: Option<StaffId>,
    pub password_hash: String,
    pub must_change_password: bool,
    /// Sealed by the center's key.
    pub totp_secret: Option<Vec<u8>>,
    /// The last time step a code was accepted for, so that no code works twice.
    pub totp_last_step: i64,
    pub created_at: Instant,
    pub disabled_at: Option<Instant>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A member of staff as lists and pages know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub id: StaffId,
    pub name: String,
    pub sign_in_name: String,
    pub roles: Vec<Role>,
    pub supervisor_id: Option<StaffId>,
    pub has_factor: bool,
    pub disabled_at: Option<Instant>,
    pub version: i32,
}

impl Member {
    /// The member as an actor.
    pub fn actor(&self) -> Actor {
        Actor::Staff(StaffActor {
            id: self.id,
            name: self.name.as_str().into(),
            roles: self.roles.clone().into(),
            opened: Arc::default(),
        })
    }
}

impl From<Model> for Member {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            name: row.name,
            sign_in_name: row.sign_in_name,
            roles: row.roles.0,
            supervisor_id: row.supervisor_id,
            has_factor: row.totp_secret.is_some(),
            disabled_at: row.disabled_at,
            version: row.version,
        }
    }
}
