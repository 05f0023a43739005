//! People who may be the same as someone: who they are, as far as the viewer may know of them. Whether they are alike is
//! decided by whoever asks.

use foundation::search::{Hits, Pattern};
use foundation::{Actor, Day, Error, PersonId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType, QuerySelect, Select};

use super::KIND;
use super::finding::may_know;
use crate::entity::{client, person};

/// People looked at for one name at the most. Names that fit more are so common that a name alone says nothing.
const MOST: usize = 2500;

/// Someone the house knows.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Known {
    pub id: PersonId,
    pub name_used: String,
    pub legal_name: Option<String>,
    pub born_on: Option<Day>,
    /// The reference of the record, when there is one.
    pub reference: Option<String>,
}

/// These people, without those the viewer may not know of and those who were merged into someone.
pub async fn known(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    ids: Vec<PersonId>,
) -> Result<Vec<Known>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let these = people(viewer).filter(person::Column::Id.is_in(ids));
    Ok(these.into_model::<Known>().all(reader).await?)
}

/// The people whose names fit a pattern, by the same terms a search finds them by.
pub async fn named_like(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    pattern: &Pattern,
) -> Result<Vec<Known>, Error> {
    let Some(mut hits) = Hits::fitting(reader.get_database_backend(), KIND, pattern) else {
        return Ok(Vec::new());
    };
    let mut found: Vec<Known> = Vec::new();
    loop {
        let these = people(viewer).filter(person::Column::Id.in_subquery(hits.keys()));
        found.extend(these.into_model::<Known>().all(reader).await?);
        if found.len() >= MOST || !hits.advance(reader).await? {
            return Ok(found);
        }
    }
}

fn people(viewer: &Actor) -> Select<person::Entity> {
    person::Entity::find()
        .select_only()
        .columns([
            person::Column::Id,
            person::Column::NameUsed,
            person::Column::LegalName,
            person::Column::BornOn,
        ])
        .column(client::Column::Reference)
        .join(
            JoinType::LeftJoin,
            person::Entity::belongs_to(client::Entity).from(person::Column::Id).to(client::Column::Id).into(),
        )
        .filter(person::Column::SurvivorId.is_null())
        .filter(may_know(viewer))
}
