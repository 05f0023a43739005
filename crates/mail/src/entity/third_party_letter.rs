//! A row of `third_party_letters`: a letter about a person to somebody else, by the key of its message.

use consent::consents::{ConsentId, Scopes};
use consent::disclosures::DisclosureId;
use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use crate::outbox::MessageId;
use crate::third_party::{FixedReply, LetterBasis, ReleaseDecision, ReleaseGround};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "third_party_letters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    /// Whom it is about; whom it goes to stands in the message.
    pub about_person_id: PersonId,
    pub basis: LetterBasis,
    pub fixed_reply: Option<FixedReply>,
    pub consent_id: Option<ConsentId>,
    /// What it tells, as its writer said.
    #[sea_orm(column_type = "JsonBinary")]
    pub tells: Scopes,
    pub decision: Option<ReleaseDecision>,
    pub ground: Option<ReleaseGround>,
    /// Why, sealed under the key of the one it is about.
    pub reason: Option<Vec<u8>>,
    pub decided_by: Option<StaffId>,
    pub decided_at: Option<Instant>,
    /// Its row in the accounting, once it left.
    pub disclosure_id: Option<DisclosureId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
