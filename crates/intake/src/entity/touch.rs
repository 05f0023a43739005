//! A row of `touches`.

use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use super::contact::ContactId;
use super::organization::OrganizationId;
use super::request::RequestId;
use crate::rules::source::{SourceKind, TouchWay};

foundation::id! {
    /// A touch.
    TouchId
}

/// One of the ways by which a request came to the center. A request may have several; one is the first among them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "touches")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TouchId,
    pub request_id: RequestId,
    pub person_id: PersonId,
    pub way: TouchWay,
    pub kind: SourceKind,
    pub organization_id: Option<OrganizationId>,
    pub contact_id: Option<ContactId>,
    /// In their words, sealed under the person's key.
    pub detail: Option<Vec<u8>>,
    pub is_primary: bool,
    pub added_at: Instant,
    pub added_by: Option<StaffId>,
    pub ended_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
