//! Readings of the ledger: a person's timeline, what a member of staff did, what happened to one thing.

use std::collections::HashMap;

use sea_orm::sea_query::Expr;
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
    read(reader, entry::Entity::find(), of, before, limit).await
}

/// Acts that say nothing about a person's way and would only bury what does: what was only looked at.
const QUIET: [Act; 8] = [
    Act::OpenClient,
    Act::OpenRequest,
    Act::OpenConnections,
    Act::OpenCheckIns,
    Act::OpenPlan,
    Act::CreatePerson,
    Act::IssueLink,
    Act::SaveCall,
];

/// The same, with the quiet ones passed over, and those about `without`: what the viewer must not know of. The acts are written out, not bound: the database must see that its index
/// of what is told (`m12_calls`) is the one.
pub async fn told(
    reader: &impl ConnectionTrait,
    of: Of,
    without: &[Uuid],
    before: Option<EntryId>,
    limit: u64,
) -> Result<Vec<Entry>, Error> {
    let quiet = QUIET.map(|act| format!("'{}'", act.as_str())).join(", ");
    let mut told = entry::Entity::find().filter(Expr::cust(format!("act NOT IN ({quiet})")));
    if !without.is_empty() {
        told = told.filter(entry::Column::SubjectId.is_not_in(without.to_vec()));
    }
    read(reader, told, of, before, limit).await
}

async fn read(
    reader: &impl ConnectionTrait,
    mut find: Select<entry::Entity>,
    of: Of,
    before: Option<EntryId>,
    limit: u64,
) -> Result<Vec<Entry>, Error> {
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

/// The newest opening of each of these requests by an actor. The act is written out, so that the database sees that its
/// index of openings (`m23_teamwork`) is the one.
pub async fn last_opened(
    reader: &impl ConnectionTrait,
    actor: Uuid,
    subjects: &[Uuid],
) -> Result<HashMap<Uuid, EntryId>, Error> {
    let mut newest = HashMap::new();
    for subject in subjects {
        let found = entry::Entity::find()
            .filter(entry::Column::SubjectId.eq(*subject))
            .filter(entry::Column::ActorId.eq(actor))
            .filter(Expr::cust(format!("act = '{}'", Act::OpenRequest.as_str())))
            .order_by_desc(entry::Column::Id)
            .select_only()
            .column(entry::Column::Id)
            .limit(1)
            .into_tuple::<EntryId>()
            .one(reader)
            .await?;
        newest.extend(found.map(|id| (*subject, id)));
    }
    Ok(newest)
}

/// Most entries that are looked through for what is new.
const NEWS: u64 = 1000;

/// What happened to these things after an entry, the newest first, quiet ones left out.
pub async fn since(
    reader: &impl ConnectionTrait,
    subjects: &[Uuid],
    after: EntryId,
) -> Result<Vec<Entry>, Error> {
    let quiet = QUIET.map(|act| format!("'{}'", act.as_str())).join(", ");
    let find = entry::Entity::find()
        .filter(Expr::cust(format!("act NOT IN ({quiet})")))
        .filter(entry::Column::SubjectId.is_in(subjects.iter().copied()))
        .filter(entry::Column::Id.gt(after));
    Ok(find.order_by_desc(entry::Column::Id).limit(NEWS).all(reader).await?)
}
