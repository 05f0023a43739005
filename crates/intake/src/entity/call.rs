//! A row of calls.

use foundation::{Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;

use super::request::RequestId;

foundation::id! {
    /// A call.
    CallId
}

/// A call and its sheet. The sheet is sealed under the key of the person the request is about.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calls")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CallId,
    pub submission: String,
    pub request_id: RequestId,
    pub person_id: PersonId,
    pub staff_id: StaffId,
    pub answers: Vec<u8>,
    /// The page that saved last, by the secret it was shown with.
    pub desk: String,
    /// How often that page had sent the sheet when this was sent: what it sent earlier and came later is old.
    pub turn: i32,
    pub began_at: Instant,
    pub saved_at: Instant,
    /// Since when the line is cut.
    pub parked_at: Option<Instant>,
    pub ended_at: Option<Instant>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
