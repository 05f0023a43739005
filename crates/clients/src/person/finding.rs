//! Finding people by name, number or reference, as far as the viewer may know of them.

use foundation::acts::{Reach, reach_of};
use foundation::search::Hits;
use foundation::{Act, Actor, Error, PersonId};
use sea_orm::entity::prelude::*;
use sea_orm::{Condition, ConnectionTrait, FromQueryResult, JoinType, QueryOrder, QuerySelect};

use super::KIND;
use crate::client::visible_to;
use crate::entity::{client, person};

/// Someone who was found.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Found {
    pub id: PersonId,
    pub name_used: String,
    /// The reference of the record, when there is one.
    pub reference: Option<String>,
}

/// Whom a viewer may know of, of people joined with their records: someone without a record when they work requests, a
/// client when they may open the record.
pub(super) fn may_know(viewer: &Actor) -> Condition {
    let clients = Condition::all().add(client::Column::Id.is_not_null()).add(visible_to(viewer));
    let may_know = Condition::any().add(clients);
    if reach_of(viewer, Act::OpenRequest) == Reach::Everyone {
        return may_know.add(client::Column::Id.is_null());
    }
    may_know
}

/// The people whose names, numbers or references begin with every word of `query`, by name, at most `limit`.
pub async fn find(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    query: &str,
    limit: u64,
) -> Result<Vec<Found>, Error> {
    if reach_of(viewer, Act::Search) == Reach::No {
        return Ok(Vec::new());
    }
    let Some(mut hits) = Hits::of(reader.get_database_backend(), KIND, query) else {
        return Ok(Vec::new());
    };
    let known = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::NameUsed)
        .column(client::Column::Reference)
        .join(
            JoinType::LeftJoin,
            person::Entity::belongs_to(client::Entity).from(person::Column::Id).to(client::Column::Id).into(),
        )
        .filter(person::Column::SurvivorId.is_null())
        .filter(may_know(viewer))
        .order_by_asc(person::Column::NameFolded)
        .order_by_asc(person::Column::Id)
        .limit(limit);
    let mut found: Vec<Found> = Vec::new();
    loop {
        let these = known.clone().filter(person::Column::Id.in_subquery(hits.keys()));
        found.extend(these.into_model::<Found>().all(reader).await?);
        if found.len() as u64 >= limit || !hits.advance(reader).await? {
            break;
        }
    }
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}
