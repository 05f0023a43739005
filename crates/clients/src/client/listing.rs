//! The client list: what a viewer may see, a page at a time, by name.

use foundation::search::{Hits, fold};
use foundation::{Actor, Error, Instant, PersonId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, ConnectionTrait, FromQueryResult, JoinType, QueryOrder, QuerySelect, QueryTrait};

use super::{foundation_staff, to_staff, visible_to, without_counselor};
use crate::entity::{client, episode, level_span, person};
use crate::rules::care::LevelOfCare;

/// One line of the client list.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Line {
    pub id: PersonId,
    pub reference: String,
    pub name_used: String,
    pub counselor: Option<String>,
    pub admitted_on: Option<foundation::Day>,
    pub level: Option<String>,
    pub created_at: Instant,
}

/// Which lines.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// Words to find by; empty for all.
    pub find: String,
    /// Only those in care now.
    pub in_care: bool,
    /// Only those whom no counselor who works here carries.
    pub without_counselor: bool,
    /// Only those in care at this level now.
    pub level: Option<LevelOfCare>,
    /// The last name and key of the page before.
    pub after: Option<(String, PersonId)>,
    /// Lines on a page.
    pub limit: u64,
}

/// The clients a viewer may see, by name: one statement. When words are searched, the first page of those who are found,
/// by name within it; whoever finds more than a page adds a word.
pub async fn list(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    query: &ListQuery,
) -> Result<Vec<Line>, Error> {
    let lines = visible_lines(viewer, query);
    if query.find.trim().is_empty() {
        return Ok(lines.into_model::<Line>().all(reader).await?);
    }
    let Some(mut hits) = Hits::of(reader.get_database_backend(), crate::person::KIND, &query.find) else {
        return Ok(Vec::new());
    };
    let most = usize::try_from(query.limit).unwrap_or(usize::MAX);
    let mut found: Vec<Line> = Vec::new();
    loop {
        let these = lines.clone().filter(client::Column::Id.in_subquery(hits.keys()));
        found.extend(these.into_model::<Line>().all(reader).await?);
        if found.len() >= most || !hits.advance(reader).await? {
            break;
        }
    }
    found.sort_by_cached_key(|line| (fold(&line.name_used), line.id));
    found.truncate(most);
    Ok(found)
}

/// The lines of a page, by name, of whoever the viewer may see.
fn visible_lines(viewer: &Actor, query: &ListQuery) -> Select<client::Entity> {
    let mut find = client::Entity::find()
        .select_only()
        .column(client::Column::Id)
        .column(client::Column::Reference)
        .column(client::Column::CreatedAt)
        .column_as(person::Column::NameUsed, "name_used")
        .column_as(foundation_staff::Column::Name, "counselor")
        .column_as(episode::Column::AdmittedOn, "admitted_on")
        .column_as(level_span::Column::Level, "level")
        .join(
            JoinType::InnerJoin,
            client::Entity::belongs_to(person::Entity).from(client::Column::Id).to(person::Column::Id).into(),
        )
        .join(JoinType::LeftJoin, to_staff())
        .join(JoinType::LeftJoin, open_episode())
        .join(JoinType::LeftJoin, level_now())
        .filter(visible_to(viewer))
        .filter(person::Column::SurvivorId.is_null());
    if query.in_care {
        find = find.filter(episode::Column::Id.is_not_null());
    }
    if query.without_counselor {
        find = find.filter(without_counselor());
    }
    if let Some(level) = query.level {
        find = find.filter(level_span::Column::Level.eq(level.as_str()));
    }
    if let Some((name, id)) = &query.after {
        // Row values, not `a > x OR (a = x AND b > y)`: the index is walked once.
        let here = Expr::tuple([
            Expr::col((person::Entity, person::Column::NameFolded)),
            Expr::col((client::Entity, client::Column::Id)),
        ]);
        let there = Expr::tuple([Expr::value(name.clone()), Expr::value(*id)]);
        find = find.filter(here.gt(there));
    }
    find.order_by_asc(person::Column::NameFolded).order_by_asc(client::Column::Id).limit(query.limit)
}

fn open_episode() -> RelationDef {
    let mut relation: RelationDef = client::Entity::belongs_to(episode::Entity)
        .from(client::Column::Id)
        .to(episode::Column::PersonId)
        .into();
    relation = relation.on_condition(|_, right| {
        Condition::all().add(Expr::col((right, episode::Column::DischargedOn)).is_null())
    });
    relation
}

/// The level of care an open episode is at now.
fn level_now() -> RelationDef {
    let relation: RelationDef = episode::Entity::belongs_to(level_span::Entity)
        .from(episode::Column::Id)
        .to(level_span::Column::EpisodeId)
        .into();
    relation.on_condition(|_, right| {
        Condition::all().add(Expr::col((right, level_span::Column::UntilOn)).is_null())
    })
}

/// How many clients a viewer may see, and how many of them are in care now.
pub async fn counts(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<(u64, u64), Error> {
    let all = client::Entity::find().filter(visible_to(viewer)).count(reader).await?;
    let in_care = episode::Entity::find()
        .filter(episode::Column::DischargedOn.is_null())
        .filter(
            episode::Column::PersonId.in_subquery(
                client::Entity::find()
                    .select_only()
                    .column(client::Column::Id)
                    .filter(visible_to(viewer))
                    .into_query(),
            ),
        )
        .count(reader)
        .await?;
    Ok((all, in_care))
}
