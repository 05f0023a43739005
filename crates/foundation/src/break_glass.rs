//! Breaking the glass: opening a locked record in an emergency (45 CFR 164.312(a)(2)(ii)). A typed reason, one hour,
//! reading only, and someone else reviews it. The window belongs to one session and dies with it.

mod holding;
mod opening;
mod reviewing;
mod row;

use chrono::TimeDelta;

pub use holding::BreakGlassHolding;
pub(crate) use opening::open_to;
pub use opening::{NewBreakGlass, break_glass, end, note_nobody_found};
pub use reviewing::{Finding, Line, Review, Told, View, how_many_wait, list, one, review};

use crate::clock::Instant;
use crate::ids::PersonId;

/// How long a locked record stays open.
pub const LASTS: TimeDelta = TimeDelta::minutes(60);

crate::id! {
    /// One opening of a locked record.
    BreakGlassId
}

crate::words! {
    /// Why a locked record had to be opened.
    pub enum Cause {
        MedicalEmergency = "medical_emergency", "A medical emergency",
        Danger = "danger", "Someone is in danger",
        StandingIn = "standing_in", "I stand in for a colleague",
        Other = "other", "Something else",
    }
}

/// A locked record that is open to a session for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The opening it rests on.
    pub id: BreakGlassId,
    /// Whose record.
    pub person: PersonId,
    /// When it closes by itself.
    pub ends_at: Instant,
}
