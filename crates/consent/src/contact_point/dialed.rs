//! Numbers as somebody dials them: which are in use, and one that turned out to be somebody else's ends.

use foundation::{Error, PersonId, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use super::entity::{Column, Entity};
use super::{ContactPointId, Kind, end};
use crate::carried;
use crate::reaching::Reaching;

/// The number that a try was made at: the one that is named, or the one the card offers. `None` when they have none.
///
/// # Errors
/// A refusal when a colleague ended the named one meanwhile: another number must not end in its place.
async fn dialed(
    unit: &Unit,
    person: PersonId,
    named: Option<ContactPointId>,
) -> Result<Option<ContactPointId>, Error> {
    let reaching = Reaching::of(unit.tx(), person).await?;
    match named {
        Some(id) if reaching.points.iter().any(|point| point.id == id) => Ok(Some(id)),
        Some(_) => Err(refused("number", "This number has ended already. Log the try with another outcome.")),
        None => Ok(reaching.number().map(|point| point.id)),
    }
}

/// Ends the number that was dialed; `false` when they have none.
///
/// # Errors
/// A refusal when a colleague ended the named number meanwhile.
pub async fn end_dialed(
    unit: &mut Unit,
    person: PersonId,
    named: Option<ContactPointId>,
) -> Result<bool, Error> {
    let Some(number) = dialed(unit, person, named).await? else { return Ok(false) };
    let care = carried::subject(unit.tx(), "contact_point", number, person).await?;
    end(unit, number, &care).await?;
    Ok(true)
}

/// The phone numbers of these people that are in use, folded to their digits, the oldest first.
pub(crate) async fn numbers(
    reader: &impl ConnectionTrait,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<Vec<(PersonId, String)>, Error> {
    let people: Vec<PersonId> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(Vec::new());
    }
    Ok(Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::Folded])
        .filter(Column::PersonId.is_in(people))
        .filter(Column::Kind.eq(Kind::Phone))
        .filter(Column::EndedAt.is_null())
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(reader)
        .await?)
}
