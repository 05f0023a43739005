//! A row of `plan_editions`: a copy that was made, for whom, and the hash of its bytes.

use consent::consents::ConsentId;
use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use crate::rules::audience::Audience;

foundation::id! {
    /// An edition of a plan.
    EditionId
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_editions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EditionId,
    pub person_id: PersonId,
    /// Counts from 1 for each person.
    pub number: i32,
    pub audience: Audience,
    /// The consent a copy for a named reader rests on.
    pub consent_id: Option<ConsentId>,
    /// SHA-256 of the bytes of the file.
    pub hash: Vec<u8>,
    pub made_at: Instant,
    pub made_by: Option<StaffId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
