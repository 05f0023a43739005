//! Finding organizations: the list, by name or number, and those that read like the one being typed.

use std::sync::Arc;

use foundation::search::{Hits, fold};
use foundation::{Actor, Db, Error};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use super::{ContactId, KIND, Organization, OrganizationId, may_see};
use crate::entity::{contact, organization};
use crate::rules::source::SourceKind;

/// Organizations of a page of the list.
pub const MOST: u64 = 50;
/// Those that read alike, at the most.
const ALIKE: u64 = 5;
/// Organizations to choose from, at the most; any other is chosen by typing its whole name.
const CHOICES: u64 = 300;
/// Letters from which on a name can read like another.
const ENOUGH: usize = 3;

/// Which organizations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words of the name, of whom to call there, or digits of a number.
    pub query: String,
    pub kind: Option<SourceKind>,
    /// Those that are not in use any more.
    pub ended: bool,
    /// Where the list goes on: the folded name and key of the last one.
    pub after: Option<(String, OrganizationId)>,
}

/// The organizations by name, and where the list goes on.
pub async fn list(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    wanted: &Wanted,
) -> Result<(Vec<Organization>, Option<(String, OrganizationId)>), Error> {
    may_see(viewer)?;
    let (folded, id) = (organization::Column::NameFolded, organization::Column::Id);
    let mut asked = organization::Entity::find().filter(organization::Column::MergedInto.is_null());
    asked = if wanted.ended {
        asked.filter(organization::Column::EndedAt.is_not_null())
    } else {
        asked.filter(organization::Column::EndedAt.is_null())
    };
    if let Some(kind) = wanted.kind {
        asked = asked.filter(organization::Column::Kind.eq(kind));
    }
    if let Some((name, key)) = &wanted.after {
        let later = folded.gt(name.as_str()).or(folded.eq(name.as_str()).and(id.gt(*key)));
        asked = asked.filter(later);
    }
    if !wanted.query.trim().is_empty() {
        // No center has so many sources that a window of the index would cut one off.
        let Some(hits) = Hits::of(reader.get_database_backend(), KIND, &wanted.query) else {
            return Ok((Vec::new(), None));
        };
        asked = asked.filter(id.in_subquery(hits.keys()));
    }
    let mut found = asked.order_by_asc(folded).order_by_asc(id).limit(MOST + 1).all(reader).await?;
    let more = found.len() as u64 > MOST;
    found.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let on = found.last().filter(|_| more).map(|last| (last.name_folded.clone(), last.id));
    Ok((found, on))
}

/// Those in use that read like a name being typed, but for `than`.
pub async fn alike(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    name: &str,
    than: Option<OrganizationId>,
) -> Result<Vec<Organization>, Error> {
    may_see(viewer)?;
    if fold(name).chars().count() < ENOUGH {
        return Ok(Vec::new());
    }
    // Every word as it was begun; when nothing reads so, the first word that tells anything.
    let folded = fold(name);
    let first = folded.split(' ').find(|word| word.chars().count() >= ENOUGH).unwrap_or_default();
    for words in [folded.as_str(), first] {
        let Some(hits) = Hits::of(reader.get_database_backend(), KIND, words) else { continue };
        let mut asked = organization::Entity::find()
            .filter(organization::Column::EndedAt.is_null())
            .filter(organization::Column::Id.in_subquery(hits.keys()));
        if let Some(than) = than {
            asked = asked.filter(organization::Column::Id.ne(than));
        }
        let found = asked.order_by_asc(organization::Column::NameFolded).limit(ALIKE).all(reader).await?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// Someone or somewhere people come from, to be chosen by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// "Mercy Hospital", or "Dana Whitcomb, Mercy Hospital".
    pub words: String,
    pub organization: OrganizationId,
    pub contact: Option<ContactId>,
    pub kind: SourceKind,
}

/// The organizations in use, each with the people to call there, to choose from on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices(pub Vec<Choice>);

impl Choices {
    /// The choices, up to five seconds old.
    pub async fn of(db: &Db) -> Result<Arc<Self>, Error> {
        db.kept(async { Ok(Self(choices(db.reader()).await?)) }).await
    }
}

/// The same as they are at this moment.
pub async fn choices(reader: &impl ConnectionTrait) -> Result<Vec<Choice>, Error> {
    let places = organization::Entity::find()
        .filter(organization::Column::EndedAt.is_null())
        .order_by_asc(organization::Column::NameFolded)
        .limit(CHOICES)
        .all(reader)
        .await?;
    let people = contact::Entity::find()
        .filter(contact::Column::EndedAt.is_null())
        .filter(contact::Column::OrganizationId.is_in(places.iter().map(|place| place.id)))
        .order_by_asc(contact::Column::Name)
        .all(reader)
        .await?;
    let choices = places.iter().flat_map(|place| {
        let itself =
            Choice { words: place.name.clone(), organization: place.id, contact: None, kind: place.kind };
        let there = people.iter().filter(|one| one.organization_id == place.id).map(|one| Choice {
            words: format!("{}, {}", one.name, place.name),
            contact: Some(one.id),
            ..itself.clone()
        });
        std::iter::once(itself.clone()).chain(there).collect::<Vec<_>>()
    });
    Ok(choices.collect())
}

/// The one that was typed, however it is written.
pub async fn chosen(reader: &impl ConnectionTrait, typed: &str) -> Result<Option<Choice>, Error> {
    let folded = fold(typed);
    if folded.is_empty() {
        return Ok(None);
    }
    if let Some(place) = named(reader, typed).await? {
        let (organization, kind) = (place.id, place.kind);
        return Ok(Some(Choice { words: place.name, organization, contact: None, kind }));
    }
    Ok(choices(reader).await?.into_iter().find(|choice| fold(&choice.words) == folded))
}

/// The one in use of exactly this name, however it is written; of several the oldest.
pub async fn named(reader: &impl ConnectionTrait, name: &str) -> Result<Option<Organization>, Error> {
    let folded = fold(name);
    if folded.is_empty() {
        return Ok(None);
    }
    Ok(organization::Entity::find()
        .filter(organization::Column::NameFolded.eq(folded))
        .filter(organization::Column::EndedAt.is_null())
        .order_by_asc(organization::Column::Id)
        .one(reader)
        .await?)
}

/// Another one in use of exactly this name.
pub async fn other_named(
    reader: &impl ConnectionTrait,
    name: &str,
    than: OrganizationId,
) -> Result<Option<Organization>, Error> {
    let folded = fold(name);
    if folded.is_empty() {
        return Ok(None);
    }
    Ok(organization::Entity::find()
        .filter(organization::Column::NameFolded.eq(folded))
        .filter(organization::Column::EndedAt.is_null())
        .filter(organization::Column::Id.ne(than))
        .order_by_asc(organization::Column::Id)
        .one(reader)
        .await?)
}
