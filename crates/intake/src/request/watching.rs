//! Watching a request: who wants to hear of it, and what happened there since they last looked. Nothing is sent.

use std::collections::{HashMap, HashSet};

use foundation::ledger::asking::{Entry, last_opened, since};
use foundation::staff::Directory;
use foundation::{Act, Actor, EntryId, Error, Instant, News, StaffId, Unit, may};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};

use super::merging::going_on;
use super::{Request, RequestId};
use crate::entity::{request, watch};

/// Requests somebody can watch at once that are still shown on their day.
const MOST: u64 = 100;
/// Things that happened, told of one request.
const TOLD: usize = 3;

/// Begins to watch; whether it was not watched before.
pub async fn watch(unit: &mut Unit, wanted: &Request) -> Result<bool, Error> {
    let permit = unit.permit(Act::WatchRequest, &wanted.subject())?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::WatchRequest))?;
    let row = watch::ActiveModel {
        id: Set(unit.id()),
        request_id: Set(wanted.id),
        staff_id: Set(me),
        since: Set(unit.now()),
    };
    let added = watch::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([watch::Column::RequestId, watch::Column::StaffId]).do_nothing().to_owned(),
        )
        .exec_without_returning(unit.tx())
        .await?;
    unit.record(permit, serde_json::json!({}));
    unit.tell(News::Inbox);
    Ok(added > 0)
}

/// Stops watching; whether it was watched before.
pub async fn unwatch(unit: &mut Unit, wanted: &Request) -> Result<bool, Error> {
    let permit = unit.permit(Act::UnwatchRequest, &wanted.subject())?;
    let gone = watch::Entity::delete_many()
        .filter(watch::Column::RequestId.eq(wanted.id))
        .filter(watch::Column::StaffId.eq(unit.actor().staff_id()))
        .exec(unit.tx())
        .await?;
    unit.record(permit, serde_json::json!({}));
    unit.tell(News::Inbox);
    Ok(gone.rows_affected > 0)
}

/// Who watches a request, by when they began.
pub async fn watchers(reader: &impl ConnectionTrait, id: RequestId) -> Result<Vec<StaffId>, Error> {
    Ok(watch::Entity::find()
        .select_only()
        .column(watch::Column::StaffId)
        .filter(watch::Column::RequestId.eq(id))
        .order_by_asc(watch::Column::Id)
        .into_tuple()
        .all(reader)
        .await?)
}

/// Whether somebody watches it.
pub async fn is_watched(reader: &impl ConnectionTrait, id: RequestId, by: StaffId) -> Result<bool, Error> {
    Ok(watchers(reader, id).await?.contains(&by))
}

/// What happened at a watched request while its watcher was away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub reference: String,
    pub name: String,
    /// The newest first: who, what, when.
    pub told: Vec<(String, &'static str, Instant)>,
    /// How many more there are.
    pub more: usize,
}

/// What others did at the requests somebody watches since they last opened each of them, the newest on top. What the
/// viewer may not see does not exist here.
pub async fn changed(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    staff: &Directory,
) -> Result<Vec<Changed>, Error> {
    let Some(me) = viewer.staff_id() else { return Ok(Vec::new()) };
    let watches = watch::Entity::find()
        .filter(watch::Column::StaffId.eq(me))
        .order_by_desc(watch::Column::Id)
        .limit(MOST)
        .all(reader)
        .await?;
    if watches.is_empty() {
        return Ok(Vec::new());
    }
    let began = going_on_in(reader, watches).await?;
    let ids: Vec<Uuid> = began.keys().copied().collect();
    let opened = last_opened(reader, me.0, &ids).await?;
    // Since they opened it, or began to watch, whatever came later: keys sort by time.
    let later =
        |(id, began): (Uuid, EntryId)| (id, opened.get(&id).copied().map_or(began, |at| at.max(began)));
    let from: HashMap<Uuid, EntryId> = began.into_iter().map(later).collect();
    let Some(oldest) = from.values().min().copied() else { return Ok(Vec::new()) };
    let mut by_request: HashMap<Uuid, Vec<Entry>> = HashMap::new();
    for entry in since(reader, &ids, oldest).await? {
        let is_news =
            entry.actor_id != Some(me.0) && from.get(&entry.subject_id).is_some_and(|at| entry.id > *at);
        if is_news {
            by_request.entry(entry.subject_id).or_default().push(entry);
        }
    }
    told(reader, viewer, staff, by_request).await
}

/// Since when each request is watched; one that was merged is watched where it goes on.
async fn going_on_in(
    reader: &impl ConnectionTrait,
    watches: Vec<watch::Model>,
) -> Result<HashMap<Uuid, EntryId>, Error> {
    let ids = watches.iter().map(|watch| watch.request_id);
    let rows = request::Entity::find().filter(request::Column::Id.is_in(ids)).all(reader).await?;
    let closed: HashSet<RequestId> = rows.iter().filter(|row| !row.is_open()).map(|row| row.id).collect();
    let mut began = HashMap::new();
    for watch in watches {
        let id = watch.request_id;
        let on = if closed.contains(&id) { going_on(reader, id).await?.id } else { id };
        began.insert(on.0, EntryId(watch.id));
    }
    Ok(began)
}

async fn told(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    staff: &Directory,
    by_request: HashMap<Uuid, Vec<Entry>>,
) -> Result<Vec<Changed>, Error> {
    let ids: Vec<RequestId> = by_request.keys().map(|id| RequestId(*id)).collect();
    let rows = request::Entity::find().filter(request::Column::Id.is_in(ids)).all(reader).await?;
    let mut all = Vec::new();
    for row in rows.into_iter().filter(|row| may(viewer, Act::OpenRequest, &row.subject())) {
        let Some(mut entries) = by_request.get(&row.id.0).cloned() else { continue };
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.id));
        let newest = entries.first().map(|entry| entry.id);
        let lines = entries.iter().take(TOLD).map(|entry| {
            let who = entry.actor_id.filter(|_| entry.actor_kind == "staff").map(StaffId);
            let who = who.map_or("Kith", |id| staff.name(id).unwrap_or("A former colleague"));
            (who.to_owned(), entry.act.words(), entry.at)
        });
        let changed = Changed {
            reference: row.reference,
            name: clients::person::name_of(reader, row.caller_id).await?,
            told: lines.collect(),
            more: entries.len().saturating_sub(TOLD),
        };
        all.push((newest, changed));
    }
    all.sort_by_key(|(newest, _)| std::cmp::Reverse(*newest));
    Ok(all.into_iter().map(|(_, changed)| changed).collect())
}
