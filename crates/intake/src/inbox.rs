//! The inbox: every open request in its group, one statement for the rows, safety first, then what is due.

use consent::rules::contact::{Permission, Voicemail};
use foundation::{Act, Actor, Error, Instant, StaffId};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Statement};

use crate::entity::request::RequestId;
use crate::rules::standing::{Facts, Group, Stand, group};
use crate::rules::words::{Channel, Disposition, ForWhom, Urgency};

foundation::words! {
    /// Whose requests.
    pub enum View {
        Everyone = "everyone", "Everyone",
        Mine = "mine", "Mine",
        Nobodys = "nobodys", "Nobody’s",
        Closed = "closed", "Closed",
    }
}

/// Rows shown at once. More than this open is a bad day, and the oldest are still on top.
const MOST: u64 = 200;

/// One row.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    pub id: RequestId,
    pub reference: String,
    pub name: String,
    pub for_whom: ForWhom,
    pub channel: Channel,
    pub urgency: Urgency,
    pub received_at: Instant,
    pub due_at: Instant,
    pub reached_at: Option<Instant>,
    pub next_step: Option<String>,
    pub next_step_at: Option<Instant>,
    pub closed_at: Option<Instant>,
    pub disposition: Option<Disposition>,
    pub attempts: i32,
    pub owner_id: Option<StaffId>,
    pub owner: Option<String>,
    pub call: Option<Permission>,
    pub voicemail: Option<Voicemail>,
    pub has_hours: bool,
}

impl Row {
    /// The group it stands in.
    pub fn group(&self) -> Group {
        group(&Facts {
            urgency: self.urgency,
            reached: self.reached_at.is_some(),
            attempts: self.attempts,
            next_step_at: self.next_step_at,
            closed: self.closed_at.is_some(),
        })
    }
}

const ROWS: &str = "SELECT r.id, r.reference, p.name_used AS name, r.for_whom, r.channel, r.urgency, r.received_at, \
    r.due_at, r.reached_at, r.next_step, r.next_step_at, r.closed_at, r.disposition, r.attempts, r.owner_id, \
    s.name AS owner, c.call, c.voicemail, (c.call_hours IS NOT NULL AND CAST(c.call_hours AS TEXT) <> 'null') AS has_hours \
    FROM requests r JOIN people p ON p.id = r.caller_id LEFT JOIN staff s ON s.id = r.owner_id \
    LEFT JOIN contact_rules c ON c.person_id = r.caller_id ";

/// The rows of a view, in working order: group, urgency, what is due first.
pub async fn rows(reader: &impl ConnectionTrait, viewer: &Actor, view: View) -> Result<Vec<Row>, Error> {
    if foundation::acts::reach_of(viewer, Act::ViewInbox) == foundation::acts::Reach::No {
        return Err(Error::Forbidden(Act::ViewInbox));
    }
    let backend = reader.get_database_backend();
    let me = viewer.staff_id().map(|s| s.0);
    let mine = if backend == DbBackend::Postgres { "$1" } else { "?" };
    let (which, values): (String, Vec<sea_orm::Value>) = match view {
        View::Everyone => ("WHERE r.closed_at IS NULL".into(), vec![]),
        View::Mine => (format!("WHERE r.closed_at IS NULL AND r.owner_id = {mine}"), vec![me.into()]),
        View::Nobodys => ("WHERE r.closed_at IS NULL AND r.owner_id IS NULL".into(), vec![]),
        View::Closed => ("WHERE r.closed_at IS NOT NULL".into(), vec![]),
    };
    let order = if view == View::Closed { "r.closed_at DESC, r.id DESC" } else { "r.due_at, r.id" };
    let sql = format!("{ROWS}{which} ORDER BY {order} LIMIT {MOST}");
    let mut rows =
        Row::find_by_statement(Statement::from_sql_and_values(backend, sql, values)).all(reader).await?;
    if view != View::Closed {
        rows.sort_by_key(|r| (r.group(), r.urgency.rank(), r.next_step_at.unwrap_or(r.due_at), r.id));
    }
    Ok(rows)
}

/// How many rows each view has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Counts {
    pub everyone: i64,
    pub mine: i64,
    pub nobodys: i64,
}

/// Counts of the open views, in one statement.
pub async fn counts(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Counts, Error> {
    let backend = reader.get_database_backend();
    let mine = if backend == DbBackend::Postgres { "$1" } else { "?" };
    let sql = format!(
        "SELECT COUNT(*) AS everyone, COUNT(CASE WHEN owner_id = {mine} THEN 1 END) AS mine, \
         COUNT(CASE WHEN owner_id IS NULL THEN 1 END) AS nobodys FROM requests WHERE closed_at IS NULL"
    );
    let me: sea_orm::Value = viewer.staff_id().map(|s| s.0).into();
    let found =
        Counts::find_by_statement(Statement::from_sql_and_values(backend, sql, [me])).one(reader).await?;
    Ok(found.unwrap_or_default())
}

/// How the inbox stands, of the rows of everyone.
pub fn stand(rows: &[Row]) -> Stand {
    let of = |g: Group| rows.iter().filter(move |r| r.group() == g);
    let longest = of(Group::FirstCall).min_by_key(|r| r.received_at);
    Stand {
        safety: of(Group::Safety).count(),
        first_call: of(Group::FirstCall).count(),
        promised: of(Group::Promised).count(),
        longest: longest.map(|r| (clients::person::shown(&r.name), r.received_at)),
    }
}

/// The request that should be worked next by this viewer: the first that is nobody's or the viewer's own.
pub fn next_for(rows: &[Row], me: Option<StaffId>) -> Option<&Row> {
    rows.iter().find(|r| r.owner_id.is_none() || r.owner_id == me)
}

/// The sentence under the title, of the rows of everyone.
pub fn sentence_of(rows: &[Row], now: Instant) -> (String, String) {
    crate::rules::standing::sentence(&stand(rows), now)
}
