//! Readings of the ledger: a person's timeline, what a member of staff did, what happened to one thing.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::entry;
use crate::acts::Act;
use crate::clock::Instant;
use crate::error::Error;
use crate::ids::{EntryId, PersonId};

pub use super::entry::Model as Entry;

/// What to read.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// Everything that concerns a person: the timeline.
    Person(PersonId),
    /// Everything about one thing.
    Subject(Uuid),
    /// Everything an actor did.
    Actor(Uuid),
    /// Everything.
    All,
}

/// The newest `limit` entries older than `before`, newest first.
pub async fn entries(
    reader: &impl ConnectionTrait,
    of: Of,
    before: Option<EntryId>,
    limit: u64,
) -> Result<Vec<Entry>, Error> {
    entries_but(reader, of, &[], before, limit).await
}

/// The same, with entries of these acts passed over.
pub async fn entries_but(
    reader: &impl ConnectionTrait,
    of: Of,
    passed_over: &[Act],
    before: Option<EntryId>,
    limit: u64,
) -> Result<Vec<Entry>, Error> {
    let mut find: Select<entry::Entity> = entry::Entity::find();
    if !passed_over.is_empty() {
        find = find.filter(entry::Column::Act.is_not_in(passed_over.iter().copied()));
    }
    find = match of {
        Of::Person(person) => find.filter(entry::Column::PersonId.eq(person)),
        Of::Subject(id) => find.filter(entry::Column::SubjectId.eq(id)),
        Of::Actor(id) => find.filter(entry::Column::ActorId.eq(id)),
        Of::All => find,
    };
    if let Some(before) = before {
        find = find.filter(entry::Column::Id.lt(before));
    }
    Ok(find.order_by_desc(entry::Column::Id).limit(limit).all(reader).await?)
}

/// What an actor did that concerns a person, from one moment until another, oldest first.
pub async fn between(
    reader: &impl ConnectionTrait,
    actor: Uuid,
    person: PersonId,
    from: Instant,
    until: Instant,
) -> Result<Vec<Entry>, Error> {
    let find = entry::Entity::find()
        .filter(entry::Column::PersonId.eq(person))
        .filter(entry::Column::ActorId.eq(actor))
        .filter(entry::Column::At.gte(from))
        .filter(entry::Column::At.lte(until));
    Ok(find.order_by_asc(entry::Column::Id).all(reader).await?)
}
