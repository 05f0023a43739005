//! How many requests each view has: of the rows when they are all there, of the database when there are more.

use foundation::confidential::seen_by;
use foundation::{Actor, Error, Instant, StaffId};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use super::filter::Filter;
use super::{MOST, Row, View};

/// How many rows each view has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Counts {
    pub everyone: i64,
    pub mine: i64,
    pub nobodys: i64,
    pub overdue: i64,
    pub snoozed: i64,
}

/// Counts of the rows of everything that is open; `None` when there are more than fit.
pub fn counts_of(open: &[Row], me: Option<StaffId>, now: Instant) -> Option<Counts> {
    if open.len() >= MOST {
        return None;
    }
    let count = |view: View| i64::try_from(open.iter().filter(|row| view.holds(row, me, now)).count());
    Some(Counts {
        everyone: count(View::Everyone).ok()?,
        mine: count(View::Mine).ok()?,
        nobodys: count(View::Nobodys).ok()?,
        overdue: count(View::Overdue).ok()?,
        snoozed: count(View::Snoozed).ok()?,
    })
}

/// How many wait in each of these filters, in one statement.
pub async fn counts_in(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    filters: &[Filter],
    now: Instant,
) -> Result<Vec<i64>, Error> {
    if filters.is_empty() {
        return Ok(Vec::new());
    }
    let backend = reader.get_database_backend();
    let me = viewer.staff_id().map(|s| s.0);
    let mut values: Vec<Value> = Vec::new();
    let counts = filters.iter().map(|filter| {
        let condition = filter.condition(me, now, |value| {
            values.push(value);
            if backend == DbBackend::Postgres {
                format!("${}", values.len())
            } else {
                format!("?{}", values.len())
            }
        });
        format!("COUNT(CASE WHEN {condition} THEN 1 END)")
    });
    let counts = counts.collect::<Vec<_>>().join(", ");
    let seen = seen_by(viewer, "r.confidential_to");
    let sql = format!("SELECT {counts} FROM requests r WHERE r.closed_at IS NULL AND {seen}");
    let row = reader.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    let Some(row) = row else { return Ok(vec![0; filters.len()]) };
    (0..filters.len()).map(|at| Ok(row.try_get_by_index(at)?)).collect()
}

/// Counts of the open views, in one statement.
pub async fn counts(reader: &impl ConnectionTrait, viewer: &Actor, now: Instant) -> Result<Counts, Error> {
    let backend = reader.get_database_backend();
    let me = viewer.staff_id().map(|s| s.0);
    let mut values: Vec<Value> = Vec::new();
    let views = [View::Everyone, View::Mine, View::Nobodys, View::Overdue, View::Snoozed].map(|view| {
        let condition = view.condition(me, now, |value| {
            values.push(value);
            if backend == DbBackend::Postgres {
                format!("${}", values.len())
            } else {
                format!("?{}", values.len())
            }
        });
        format!("COUNT(CASE WHEN {condition} THEN 1 END) AS {view}")
    });
    let seen = seen_by(viewer, "r.confidential_to");
    let views = views.join(", ");
    let sql = format!("SELECT {views} FROM requests r WHERE r.closed_at IS NULL AND {seen}");
    let found =
        Counts::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).one(reader).await?;
    Ok(found.unwrap_or_default())
}
