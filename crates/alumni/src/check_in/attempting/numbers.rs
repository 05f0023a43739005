//! A number that turned out not to be theirs: it ends, the card offers it no more, and the counselor is told when there is
//! no other.

use consent::contact_point::{self, Kind};
use consent::{ContactPointId, Reaching};
use foundation::{Error, PersonId, Unit, refused};

use super::NewAttempt;
use crate::caseload::subject;
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
    let number = dialed(unit, person, new.number).await?;
    let care = subject(unit.tx(), "contact_point", number, person).await?;
    contact_point::end(unit, number, &care).await?;
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

async fn dialed(
    unit: &Unit,
    person: PersonId,
    said: Option<ContactPointId>,
) -> Result<ContactPointId, Error> {
    let reaching = Reaching::of(unit.tx(), person).await?;
    let is_theirs = |id: &ContactPointId| reaching.points.iter().any(|point| point.id == *id);
    match said {
        Some(id) if is_theirs(&id) => Ok(id),
        // A colleague ended it meanwhile; another number must not end in its place.
        Some(_) => Err(refused("number", "This number has ended already. Log the try with another outcome.")),
        None => match reaching.number() {
            Some(point) => Ok(point.id),
            None => Err(refused("number", "There is no phone number on this record that could be wrong.")),
        },
    }
}
