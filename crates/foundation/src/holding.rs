//! Holdings: every capability that keeps something about a person can export it, move it to the survivor of a merge,
//! and forget it. A test of the whole house fails when a table names a person and no holding covers it.

use std::future::Future;
use std::pin::Pin;

use sea_orm::DatabaseConnection;
use serde_json::Value as Json;

use crate::clock::Instant;
use crate::error::Error;
use crate::ids::PersonId;
use crate::sealed::Keyring;
use crate::unit::Unit;

/// A future of a holding; boxed so that the house can keep a list of holdings of different rooms.
pub type Holds<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Something that another person said about the one whose record it is, or of themselves, in confidence.
#[derive(Clone, Debug, PartialEq)]
pub struct OthersWords {
    /// Names it for ever, like `note/` and a key: what is decided about it is kept by this.
    pub item: String,
    /// What it is, as the privacy officer reads it.
    pub kind: &'static str,
    pub at: Instant,
    pub content: Json,
}

/// What one room keeps about people.
pub trait Holding: Send + Sync {
    /// The room's name, a key of the export.
    fn name(&self) -> &'static str;

    /// The columns that name a person, as `(table, column)`.
    fn columns(&self) -> &'static [(&'static str, &'static str)];

    /// Everything kept about the person that belongs to the person's own record, unsealed, and nothing of
    /// [`Holding::said_by_others`].
    fn export<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        person: PersonId,
    ) -> Holds<'a, Json>;

    /// What others said in confidence, unsealed: given to the person only by a decision of the privacy officer (45 CFR
    /// 164.524(a)(2)(v)).
    fn said_by_others<'a>(
        &'a self,
        _reader: &'a DatabaseConnection,
        _keyring: &'a Keyring,
        _person: PersonId,
    ) -> Holds<'a, Vec<OthersWords>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Moves everything to the survivor of a merge. Must be lossless; where two preferences meet the stricter stays.
    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()>;

    /// Forgets the person: deletes what is not sealed; what is sealed dies with the key.
    fn forget<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()>;

    /// The person died: ends, in the unit that writes it down, everything this room does or asks for them.
    fn end_for_death<'a>(&'a self, _: &'a mut Unit, _: PersonId) -> Holds<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    /// The death was written down by mistake at `recorded_at`: takes up again what ended with it, as far as that can be.
    fn take_up_again<'a>(&'a self, _: &'a mut Unit, _: PersonId, _recorded_at: Instant) -> Holds<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}
