//! The client list: what a viewer may see, a page at a time, by name.

use foundation::{Actor, Error, Instant, PersonId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{Condition, ConnectionTrait, FromQueryResult, JoinType, QueryOrder, QuerySelect, QueryTrait};

use super::{foundation_staff, to_staff, visible_to};
use crate::entity::{client, episode, level_span, person};

/// Hits of a search that are looked at before what the viewer may not see is left out.
const FOUND: u32 = 1000;

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
    /// The last name and key of the page before.
    pub after: Option<(String, PersonId)>,
    /// Lines on a page.
    pub limit: u64,
}

/// The clients a viewer may see, by name. One statement for the page, one more when words are searched.
pub async fn list(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    query: &ListQuery,
) -> Result<Vec<Line>, Error> {
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
    if !query.find.trim().is_empty() {
        let found = foundation::search::find(reader, crate::person::KIND, &query.find, FOUND).await?;
        find = find.filter(client::Column::Id.is_in(found));
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
    Ok(find
        .order_by_asc(person::Column::NameFolded)
        .order_by_asc(client::Column::Id)
        .limit(query.limit)
        .into_model::<Line>()
        .all(reader)
        .await?)
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
