//! A number that turned out not to be theirs: it ends, the card offers it no more, and the counselor is told when there is
//! no other.

use consent::contact_point::{self, Kind};
use foundation::{Error, PersonId, Unit, refused};

use super::NewAttempt;
use crate::flag::{self, FlagKind, Raise};
use crate::rules::response::Level;

/// Ends the number that was dialed, when it was not theirs. The try itself is recorded by its own act.
pub(in crate::check_in) async fn end_wrong(
    unit: &mut Unit,
    person: PersonId,
    new: &NewAttempt,
) -> Result<(), Error> {
    if new.outcome.is_try() || !new.way_rings() {
        return Ok(());
    }
    if !contact_point::end_dialed(unit, person, new.number).await? {
        return Err(refused("number", "There is no phone number on this record that could be wrong."));
    }
    clients::person::find_by_everything(unit, person).await?;
    let left = contact_point::of(unit.tx(), person).await?;
    let told = flag::is_open_for(unit.tx(), person, FlagKind::NoNumber).await?;
    if !told && left.iter().all(|point| point.kind != Kind::Phone) {
        let lost = Raise {
            person,
            check_in: None,
            kind: FlagKind::NoNumber,
            level: Level::Yellow,
            reasons: Vec::new(),
        };
        flag::raise(unit, lost).await?;
    }
    Ok(())
}
