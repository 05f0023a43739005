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

/// What one room keeps about people.
pub trait Holding: Send + Sync {
    /// The room's name, a key of the export.
    fn name(&self) -> &'static str;

    /// The columns that name a person, as `(table, column)`.
    fn columns(&self) -> &'static [(&'static str, &'static str)];

    /// Everything kept about the person that belongs to the person's own record, unsealed.
    fn export<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        keyring: &'a Keyring,
        person: PersonId,
    ) -> Holds<'a, Json>;

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
