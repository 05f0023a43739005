//! A row of requests.

use clients::rules::tags::Tagged;
use foundation::confidential::KnownTo;
use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use crate::rules::danger_hours::OutsideHours;
use crate::rules::outcome::Reason;
use crate::rules::reasons::ReasonId;
use crate::rules::words::{Channel, Danger, Disposition, ForWhom, Urgency};

foundation::id! {
    /// A consultation request.
    RequestId
}

/// A consultation request. Where it stands is computed from these facts (`rules::standing`), never stored.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RequestId,
    pub reference: String,
    pub submission: String,
    pub channel: Channel,
    pub for_whom: ForWhom,
    /// Who the caller is to the prospective person, sealed under that one's key.
    pub relationship: Option<Vec<u8>>,
    pub caller_id: PersonId,
    pub prospective_id: PersonId,
    /// Whom it was about before a colleague recognized a client in them.
    pub was_about_id: Option<PersonId>,
    /// What they wrote or said, sealed under the prospective person's key.
    pub words: Option<Vec<u8>>,
    pub danger: Danger,
    pub urgency: Urgency,
    /// Whether they may be called outside their hours while someone may be in danger; nothing when nobody asked.
    pub outside_hours: Option<OutsideHours>,
    pub received_at: Instant,
    pub due_at: Instant,
    pub owner_id: Option<StaffId>,
    pub claimed_at: Option<Instant>,
    pub reached_at: Option<Instant>,
    /// What was promised, sealed under the prospective person's key.
    pub next_step: Option<Vec<u8>>,
    pub next_step_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    pub disposition: Option<Disposition>,
    pub disposition_reason: Option<Reason>,
    /// The same in the center's own words, when it has its own.
    pub own_reason: Option<ReasonId>,
    /// When to ask again, by permission.
    pub check_in_at: Option<Instant>,
    /// How often somebody asked again.
    pub check_ins: i32,
    pub converted_at: Option<Instant>,
    /// Put aside until then.
    pub snoozed_until: Option<Instant>,
    /// Also when the person calls or writes.
    pub snoozed_through: bool,
    /// Since when it is awake again and nobody has gone on with it.
    pub woke_at: Option<Instant>,
    /// They are to call or write by then: until that moment the clock stands.
    pub waiting_until: Option<Instant>,
    pub attempts: i32,
    /// The only colleagues who know of it, when it is confidential.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub confidential_to: Option<KnownTo>,
    /// The center's words on it.
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub tags: Option<Tagged>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
