//! A row of the connections table: one tie of a person, as the person sees it.

use foundation::{Day, Instant, PersonId};
use sea_orm::entity::prelude::*;

use crate::connection::{ConnectionId, EndReason, Known, MetAt, ReportedBy};
use crate::rules::connection::{Category, Contact, Kind, Stance, Tie, UseStatus};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "connections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ConnectionId,
    pub person_id: PersonId,
    /// Sealed: what the person calls this tie.
    pub label: Vec<u8>,
    /// Sealed: what staff should know of it.
    pub note: Option<Vec<u8>>,
    /// Sealed: the number to call them by.
    pub phone: Option<Vec<u8>>,
    pub category: Category,
    pub sub_code: Option<String>,
    pub kind: Kind,
    pub use_status: UseStatus,
    pub stance: Stance,
    pub contact: Contact,
    pub tie: Tie,
    /// 1 far, 2 near, 3 nearest, in the person's own words.
    pub nearness: i32,
    pub reach_any_time: Known,
    pub has_current_phone: Known,
    pub how_met: Option<MetAt>,
    pub reported_by: ReportedBy,
    pub since_on: Option<Day>,
    pub last_contact_on: Option<Day>,
    /// Whether the person wants this tie on paper that others may read.
    pub may_be_printed: bool,
    /// The same human as a person of this house. Internal only: that record is never read through this one.
    pub linked_person_id: Option<PersonId>,
    /// When the tie was marked harmful. From then on it is in no count, no drawing that leaves, no suggestion.
    pub unsafe_at: Option<Instant>,
    pub created_at: Instant,
    pub ended_at: Option<Instant>,
    pub end_reason: Option<EndReason>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
