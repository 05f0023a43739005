//! What the requests of one person of staff wait for that others do: a benefits check, a place. Told on the day of the
//! owner, so that nothing rests unseen.

use clients::episode::LevelOfCare;
use clients::person::shown;
use foundation::confidential::seen_by;
use foundation::{Act, Actor, Error, Instant};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};

use crate::call::CallId;

/// Rows shown of each kind.
const MOST: usize = 20;

/// A benefits check that is not answered yet.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Check {
    pub reference: String,
    /// The person who may need care.
    pub name: String,
    pub due_at: Instant,
    /// Who has it; nobody yet when it is missing.
    pub taker: Option<String>,
}

/// A place on the waitlist.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Place {
    pub reference: String,
    /// The person who may need care.
    pub name: String,
    pub level: LevelOfCare,
    pub added_at: Instant,
    /// When somebody talked with them last, and how often it should be.
    pub contacted_at: Option<Instant>,
    pub contact_days: i32,
}

/// A call that was begun and neither parked nor finished.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OpenCall {
    pub id: CallId,
    pub name: String,
    pub began_at: Instant,
}

/// What rests with others, and what rests with oneself.
#[derive(Clone, Debug, Default)]
pub struct WaitingOn {
    pub checks: Vec<Check>,
    pub places: Vec<Place>,
    pub calls: Vec<OpenCall>,
}

const CHECKS: &str = "SELECT r.reference, p.name_used AS name, b.due_at, s.name AS taker FROM benefit_checks b \
    JOIN requests r ON r.id = b.request_id JOIN people p ON p.id = COALESCE(r.was_about_id, b.person_id) LEFT JOIN staff s ON s.id = b.taken_by \
    WHERE b.answered_at IS NULL AND r.closed_at IS NULL AND r.owner_id = $1 AND {seen} ORDER BY b.due_at, b.id";

const PLACES: &str = "SELECT r.reference, p.name_used AS name, w.level, w.added_at, w.contacted_at, w.contact_days \
    FROM waits w JOIN requests r ON r.id = w.request_id JOIN people p ON p.id = COALESCE(r.was_about_id, w.person_id) \
    WHERE w.left_at IS NULL AND r.closed_at IS NULL AND r.owner_id = $1 AND {seen} ORDER BY w.added_at, w.id";

const CALLS: &str = "SELECT c.id, p.name_used AS name, c.began_at FROM calls c JOIN requests r ON r.id = c.request_id JOIN people p ON p.id = COALESCE(r.was_about_id, c.person_id) \
    WHERE c.ended_at IS NULL AND c.parked_at IS NULL AND c.staff_id = $1 AND {seen} ORDER BY c.began_at, c.id";

/// What the requests of the viewer wait for, and which of their calls are open. Empty for whoever works no request.
pub async fn of(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<WaitingOn, Error> {
    let Some(me) = viewer.staff_id() else { return Ok(WaitingOn::default()) };
    if foundation::acts::reach_of(viewer, Act::ViewInbox) == foundation::acts::Reach::No {
        return Ok(WaitingOn::default());
    }
    let backend = reader.get_database_backend();
    let seen = seen_by(viewer, "r.confidential_to");
    let asked = |sql: &str| {
        let sql = format!("{} LIMIT {MOST}", sql.replace("{seen}", &seen));
        let sql = if backend == DbBackend::Postgres { sql } else { sql.replace("$1", "?1") };
        Statement::from_sql_and_values(backend, sql, [me.0.into()])
    };
    let mut found = WaitingOn {
        checks: Check::find_by_statement(asked(CHECKS)).all(reader).await?,
        places: Place::find_by_statement(asked(PLACES)).all(reader).await?,
        calls: OpenCall::find_by_statement(asked(CALLS)).all(reader).await?,
    };
    let checks = found.checks.iter_mut().map(|row| &mut row.name);
    let places = found.places.iter_mut().map(|row| &mut row.name);
    for name in checks.chain(places).chain(found.calls.iter_mut().map(|row| &mut row.name)) {
        *name = shown(name);
    }
    Ok(found)
}
