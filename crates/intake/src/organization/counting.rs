//! What came from where: requests, admissions, days between. Counts of people and never of money.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::TimeDelta;
use foundation::confidential::seen_by;
use foundation::{Actor, Error, Instant};
use sea_orm::ConnectionTrait;
use sea_orm::{FromQueryResult, Statement};

use super::{ContactId, OrganizationId, may_see};
use crate::entity::request::RequestId;
use crate::rules::source::{Came, SourceKind, Teds};

/// How far back a year looks.
const YEAR: TimeDelta = TimeDelta::days(365);

#[derive(FromQueryResult)]
struct Row {
    id: RequestId,
    received_at: Instant,
    converted_at: Option<Instant>,
    contact_id: Option<ContactId>,
}

fn bound(reader: &impl ConnectionTrait, sql: &str, value: sea_orm::Value) -> Statement {
    let backend = reader.get_database_backend();
    let mark = if backend == sea_orm::DbBackend::Postgres { "$1" } else { "?1" };
    Statement::from_sql_and_values(backend, sql.replace('@', mark), [value])
}

/// What came from an organization: ever, in the last twelve months, and of those by each of its people.
#[derive(Clone, Debug, Default)]
pub struct FromHere {
    pub ever: Came,
    pub year: Came,
    pub by: HashMap<ContactId, Came>,
}

/// What came from an organization. A request is counted once, by whichever touch, and once for each person who sent it.
pub(super) async fn of(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    id: OrganizationId,
    now: Instant,
) -> Result<FromHere, Error> {
    let sql = "SELECT r.id, r.received_at, r.converted_at, t.contact_id FROM touches t JOIN requests r ON r.id = t.request_id \
               WHERE t.organization_id = @ AND t.ended_at IS NULL \
               AND COALESCE(r.disposition, '') NOT IN ('spam_wrong_number', 'duplicate') AND ";
    let sql = format!("{sql}{}", seen_by(viewer, "r.confidential_to"));
    let rows = Row::find_by_statement(bound(reader, &sql, id.0.into())).all(reader).await?;
    let once = |rows: &mut dyn Iterator<Item = &Row>| {
        let each: BTreeMap<RequestId, _> =
            rows.map(|row| (row.id, (row.received_at, row.converted_at))).collect();
        Came::of(&each.into_values().collect::<Vec<_>>())
    };
    let year: Vec<&Row> = rows.iter().filter(|row| row.received_at > now - YEAR).collect();
    let people: BTreeSet<ContactId> = year.iter().filter_map(|row| row.contact_id).collect();
    let sent_by = |who| once(&mut year.iter().copied().filter(|row| row.contact_id == Some(who)));
    Ok(FromHere {
        ever: once(&mut rows.iter()),
        year: once(&mut year.iter().copied()),
        by: people.into_iter().map(|who| (who, sent_by(who))).collect(),
    })
}

/// What came from each of these organizations in the last twelve months.
pub async fn of_each(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    ids: impl IntoIterator<Item = OrganizationId>,
    now: Instant,
) -> Result<HashMap<OrganizationId, Came>, Error> {
    #[derive(FromQueryResult)]
    struct Of {
        organization_id: OrganizationId,
        id: RequestId,
        received_at: Instant,
        converted_at: Option<Instant>,
    }
    may_see(viewer)?;
    let ids: BTreeSet<OrganizationId> = ids.into_iter().collect();
    let sql = "SELECT t.organization_id, r.id, r.received_at, r.converted_at FROM touches t \
               JOIN requests r ON r.id = t.request_id WHERE r.received_at > @ AND t.organization_id IS NOT NULL \
               AND t.ended_at IS NULL AND COALESCE(r.disposition, '') NOT IN ('spam_wrong_number', 'duplicate') AND ";
    let sql = format!("{sql}{}", seen_by(viewer, "r.confidential_to"));
    let rows = Of::find_by_statement(bound(reader, &sql, (now - YEAR).into())).all(reader).await?;
    // A request is counted once, by whichever touch.
    let mut seen: HashMap<OrganizationId, BTreeMap<RequestId, (Instant, Option<Instant>)>> = HashMap::new();
    for row in rows.into_iter().filter(|row| ids.contains(&row.organization_id)) {
        seen.entry(row.organization_id).or_default().insert(row.id, (row.received_at, row.converted_at));
    }
    let came = |requests: BTreeMap<_, _>| Came::of(&requests.into_values().collect::<Vec<_>>());
    Ok(seen.into_iter().map(|(id, requests)| (id, came(requests))).collect())
}

/// A group of the federal data set, what came of it, and each kind in it.
pub type Group = (Teds, Came, Vec<(SourceKind, Came)>);

/// The requests of the last twelve months by the kind of their first source, in the groups of the federal data set.
/// Those of which nobody knows stand last, and are not left out.
pub async fn by_kind(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    now: Instant,
) -> Result<Vec<Group>, Error> {
    #[derive(FromQueryResult)]
    struct Kinds {
        kind: Option<SourceKind>,
        received_at: Instant,
        converted_at: Option<Instant>,
    }
    may_see(viewer)?;
    let sql = "SELECT t.kind, r.received_at, r.converted_at FROM requests r \
               LEFT JOIN touches t ON t.request_id = r.id AND t.is_primary AND t.ended_at IS NULL \
               WHERE r.received_at > @ AND COALESCE(r.disposition, '') NOT IN ('spam_wrong_number', 'duplicate') AND ";
    let sql = format!("{sql}{}", seen_by(viewer, "r.confidential_to"));
    let rows = Kinds::find_by_statement(bound(reader, &sql, (now - YEAR).into())).all(reader).await?;
    let mut kinds: BTreeMap<SourceKind, Vec<(Instant, Option<Instant>)>> = BTreeMap::new();
    for row in rows {
        let kind = row.kind.unwrap_or(SourceKind::Unknown);
        kinds.entry(kind).or_default().push((row.received_at, row.converted_at));
    }
    let mut groups = Vec::new();
    for group in Teds::ALL {
        let inside: Vec<_> = kinds.iter().filter(|(kind, _)| kind.teds() == *group).collect();
        let all: Vec<_> = inside.iter().flat_map(|(_, rows)| rows.iter().copied()).collect();
        if !all.is_empty() {
            let each = inside.into_iter().map(|(kind, rows)| (*kind, Came::of(rows))).collect();
            groups.push((*group, Came::of(&all), each));
        }
    }
    Ok(groups)
}
