//! A row of `plan_sections`: one section of one plan, in the person's words.

use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use crate::rules::section::SectionKey;

foundation::id! {
    /// A written section.
    SectionId
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_sections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SectionId,
    pub person_id: PersonId,
    pub section: SectionKey,
    /// Sealed: the text.
    pub answers: Vec<u8>,
    pub changed_at: Instant,
    pub changed_by: Option<StaffId>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
