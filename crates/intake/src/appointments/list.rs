//! The appointments of some days, as lists show them: everyone's, or a clinician's own.

use chrono::TimeDelta;
use clients::person::shown;
use foundation::acts::{Reach, reach_of};
use foundation::confidential::seen_by;
use foundation::{Act, Actor, Day, Error, Instant, StaffId, Zone};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement, Value};

use super::AppointmentId;
use crate::rules::appointments::State;
use crate::rules::slots::moment;

/// Someone who comes, or did not.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: AppointmentId,
    pub reference: String,
    pub name: String,
    pub staff_id: StaffId,
    pub clinician: String,
    pub site: String,
    zone: String,
    pub starts_at: Instant,
    pub ends_at: Instant,
    pub state: State,
    pub confirmed_at: Option<Instant>,
}

impl Row {
    /// The clock it was agreed on.
    pub fn zone(&self) -> Zone {
        self.zone.parse().unwrap_or(Zone::UTC)
    }

    /// Whether somebody should say by now if they arrived.
    pub fn is_asked(&self, now: Instant) -> bool {
        self.state == State::Booked && crate::rules::appointments::ask_at(self.starts_at) <= now
    }
}

/// Rows shown at once.
const MOST: usize = 500;

const ROWS: &str = "SELECT a.id, r.reference, p.name_used AS name, a.staff_id, s.name AS clinician, t.name AS site, \
    a.zone, a.starts_at, a.ends_at, a.state, a.confirmed_at \
    FROM appointments a JOIN requests r ON r.id = a.request_id JOIN people p ON p.id = COALESCE(r.was_about_id, a.person_id) \
    JOIN staff s ON s.id = a.staff_id JOIN sites t ON t.id = a.site_id \
    WHERE a.state <> 'cancelled' AND a.starts_at >= ";

/// The appointments that begin from one moment until another, by time: everyone's, or the viewer's own where they see no
/// others.
pub async fn rows(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    from: Instant,
    until: Instant,
) -> Result<Vec<Row>, Error> {
    let own = match reach_of(viewer, Act::ViewAppointments) {
        Reach::No => return Err(Error::Forbidden(Act::ViewAppointments)),
        Reach::Everyone => None,
        Reach::Caseload | Reach::Team => Some(viewer.staff_id().ok_or(Error::NotFound)?),
    };
    let backend = reader.get_database_backend();
    let sign = if backend == DbBackend::Postgres { "$" } else { "?" };
    let mut values: Vec<Value> = vec![from.into(), until.into()];
    let mine = own.map(|me| {
        values.push(me.0.into());
        format!(" AND a.staff_id = {sign}3")
    });
    // Whoever meets the person sees it, also when nobody told them what it is about: their calendar says whom.
    values.push(viewer.staff_id().map(|me| me.0).into());
    let seen = format!("({} OR a.staff_id = {sign}{})", seen_by(viewer, "r.confidential_to"), values.len());
    let sql = format!(
        "{ROWS}{sign}1 AND a.starts_at < {sign}2{} AND {seen} ORDER BY a.starts_at, a.id LIMIT {MOST}",
        mine.unwrap_or_default()
    );
    let asked = Statement::from_sql_and_values(backend, sql, values);
    let mut rows = Row::find_by_statement(asked).all(reader).await?;
    for row in &mut rows {
        row.name = shown(&row.name);
    }
    Ok(rows)
}

/// Who comes in on a day of the center, for the day of whoever may see it.
pub async fn of_day(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    on: Day,
    zone: Zone,
) -> Result<Vec<Row>, Error> {
    let (from, until) = bounds(on, on, zone);
    rows(reader, viewer, from, until).await
}

/// From the first moment of one civil day to the last of another.
pub fn bounds(first: Day, last: Day, zone: Zone) -> (Instant, Instant) {
    let midnight = |day: Day| {
        // A day that begins with a skipped hour begins at the next one.
        let at = moment(day, 0, zone).or_else(|| moment(day, 60, zone));
        at.unwrap_or_else(|| day.and_time(chrono::NaiveTime::MIN).and_utc())
    };
    (midnight(first), midnight(last.succ_opt().unwrap_or(last)).max(midnight(first) + TimeDelta::hours(1)))
}
