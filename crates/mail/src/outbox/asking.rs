//! What stands in the outbox, for those who look after it. Of the room above, `requests` and `appointments`, it is
//! read who knows of what a letter is about.

use foundation::acts::{Reach, reach_of};
use foundation::confidential::seen_by;
use foundation::{Act, Actor, Error, Instant, PersonId, StaffId, Subject, may};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Order, Query};
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType};

use super::{MessageId, State};
use crate::compose::LetterKind;

/// Rows of one page of the list.
pub const PAGE: usize = 50;

/// How many messages stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting, and leaving at this moment.
    pub waiting: u64,
    pub held: u64,
    pub dead: u64,
    pub sent: u64,
    pub cancelled: u64,
}

/// One message of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: MessageId,
    pub letter: LetterKind,
    pub state: State,
    /// Whom it is to, for a viewer who may know.
    pub to: Option<Reader>,
    /// Why it stands there.
    pub reason: Option<String>,
    pub attempts: i32,
    pub maybe_sent: bool,
    pub queued_at: Instant,
    pub due_at: Instant,
    pub sent_at: Option<Instant>,
}

/// Whom a message is to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    pub person: PersonId,
    pub name: String,
    /// Whether there is a record to open.
    pub is_client: bool,
    /// What the mail server said; it may quote the address.
    pub reply: Option<String>,
}

/// Those whose request meets a condition on `requests r`: a letter is about a request or about a time that was booked in
/// one. What is about neither is nobody's secret.
fn known(condition: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM requests r WHERE NOT {condition} AND (r.id = m.subject_id \
         OR r.id IN (SELECT a.request_id FROM appointments a WHERE a.id = m.subject_id)))"
    )
}

/// How many messages want a person, held or dead. It is the same number for everyone, so it leaves out what is
/// confidential.
pub async fn how_many_want_someone(reader: &impl ConnectionTrait) -> Result<u64, Error> {
    let mut ask = Query::select();
    ask.from_as("messages", "m").expr_as(Func::count(Expr::col(("m", "id"))), "n");
    ask.and_where(Expr::col(("m", "state")).is_in([State::Held.as_str(), State::Dead.as_str()]));
    ask.and_where(Expr::cust(known("(r.confidential_to IS NULL)")));
    let row = reader.query_one(&ask).await?;
    Ok(row.map(|r| r.try_get::<i64>("", "n")).transpose()?.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
}

#[derive(FromQueryResult)]
struct Counted {
    state: State,
    n: i64,
}

/// How many messages stand where, of everyone of whom the viewer may know: a number names nobody, but it tells that there
/// is somebody.
pub async fn counts(reader: &impl ConnectionTrait, viewer: &Actor) -> Result<Counts, Error> {
    allowed(viewer)?;
    let mut ask = Query::select();
    ask.from_as("messages", "m")
        .column(("m", "state"))
        .expr_as(Func::count(Expr::col(("m", "id"))), "n")
        .and_where(Expr::cust(known(&seen_by(viewer, "r.confidential_to"))))
        .group_by_col(("m", "state"));
    let mut counts = Counts::default();
    for row in reader.query_all(&ask).await? {
        let row = Counted::from_query_result(&row, "")?;
        let n = u64::try_from(row.n).unwrap_or(0);
        match row.state {
            State::AwaitingRelease | State::Queued | State::Sending => counts.waiting += n,
            State::Held => counts.held = n,
            State::Dead => counts.dead = n,
            State::Sent => counts.sent = n,
            State::Cancelled => counts.cancelled = n,
        }
    }
    Ok(counts)
}

#[derive(FromQueryResult)]
struct Row {
    id: MessageId,
    person_id: PersonId,
    letter: LetterKind,
    state: State,
    reason: Option<String>,
    reply: Option<String>,
    attempts: i32,
    maybe_sent: bool,
    queued_at: Instant,
    due_at: Instant,
    sent_at: Option<Instant>,
    name_used: String,
    client_id: Option<PersonId>,
    counselor_id: Option<StaffId>,
    supervisor_id: Option<StaffId>,
    left_at: Option<Instant>,
}

/// The messages in these states, newest first, [`PAGE`] of them, before `before`. Whom a message is to is said only to
/// who may open it, and a letter about a confidential request stands here for those who know of that.
pub async fn lines(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    states: &[State],
    before: Option<MessageId>,
) -> Result<Vec<Line>, Error> {
    allowed(viewer)?;
    let mut ask = Query::select();
    let own = [
        "id",
        "person_id",
        "letter",
        "state",
        "reason",
        "reply",
        "attempts",
        "maybe_sent",
        "queued_at",
        "due_at",
        "sent_at",
    ];
    ask.from_as("messages", "m")
        .columns(own.map(|column| ("m", column)))
        .column(("p", "name_used"))
        .expr_as(Expr::col(("c", "id")), "client_id")
        .column(("c", "counselor_id"))
        .column(("s", "supervisor_id"))
        .expr_as(Expr::col(("s", "disabled_at")), "left_at")
        .join_as(JoinType::InnerJoin, "people", "p", Expr::col(("p", "id")).equals(("m", "person_id")))
        .join_as(JoinType::LeftJoin, "clients", "c", Expr::col(("c", "id")).equals(("m", "person_id")))
        .join_as(JoinType::LeftJoin, "staff", "s", Expr::col(("s", "id")).equals(("c", "counselor_id")))
        .and_where(Expr::cust(known(&seen_by(viewer, "r.confidential_to"))))
        .and_where(Expr::col(("m", "state")).is_in(states.iter().map(|s| s.as_str())))
        .order_by(("m", "id"), Order::Desc)
        .limit(PAGE as u64);
    if let Some(before) = before {
        ask.and_where(Expr::col(("m", "id")).lt(before));
    }
    let rows = reader.query_all(&ask).await?;
    rows.iter().map(|row| Ok(line(viewer, Row::from_query_result(row, "")?))).collect()
}

fn line(viewer: &Actor, row: Row) -> Line {
    let is_without = row.counselor_id.is_none() || row.left_at.is_some();
    let care = Subject::of("message", row.id)
        .concerning(row.person_id)
        .cared_for_by(row.counselor_id, row.supervisor_id)
        .awaiting_counselor(row.client_id.is_some() && is_without);
    let to = may(viewer, Act::OpenMessage, &care).then(|| Reader {
        person: row.person_id,
        name: row.name_used,
        is_client: row.client_id.is_some(),
        reply: row.reply,
    });
    Line {
        id: row.id,
        letter: row.letter,
        state: row.state,
        to,
        reason: row.reason,
        attempts: row.attempts,
        maybe_sent: row.maybe_sent,
        queued_at: row.queued_at,
        due_at: row.due_at,
        sent_at: row.sent_at,
    }
}

/// The letters that wait for a second person, oldest first, as far as the viewer may know of them.
pub async fn awaiting_release(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
) -> Result<Vec<MessageId>, Error> {
    if reach_of(viewer, Act::ReleaseLetter) == Reach::No {
        return Err(Error::Forbidden(Act::ReleaseLetter));
    }
    let mut ask = Query::select();
    ask.from_as("messages", "m")
        .column(("m", "id"))
        .and_where(Expr::col(("m", "state")).eq(State::AwaitingRelease.as_str()))
        .and_where(Expr::cust(known(&seen_by(viewer, "r.confidential_to"))))
        .order_by(("m", "id"), Order::Asc)
        .limit(200);
    let rows = reader.query_all(&ask).await?;
    rows.iter().map(|row| Ok(MessageId(row.try_get("", "id")?))).collect()
}

fn allowed(viewer: &Actor) -> Result<(), Error> {
    if reach_of(viewer, Act::ViewMail) == Reach::No { Err(Error::Forbidden(Act::ViewMail)) } else { Ok(()) }
}
