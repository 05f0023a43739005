//! Undoing the last act: how a request stood is kept for a few minutes, and put back as long as nobody did anything to it
//! since. What cannot be put back whole is not offered.

use chrono::TimeDelta;
use clients::note::{self, NoteId};
use clients::rules::tags::Tagged;
use foundation::confidential::KnownTo;
use foundation::{Act, Db, Error, Instant, News, StaffId, Unit, refused};
use mail::MessageId;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ConnectionTrait, FromJsonQueryResult, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};

use super::{Request, RequestId, attempting, mentioning, watching, writing};
pub use crate::entity::undo::UndoGroup;
use crate::entity::{request, undo};
use crate::rules::outcome::Reason;
use crate::rules::reasons::ReasonId;
use crate::rules::words::Disposition;

/// So long an act can be undone; it is for the slip of a hand.
pub const POSSIBLE_FOR: TimeDelta = TimeDelta::minutes(10);
/// Nobody asks for it after that.
const KEPT_FOR: TimeDelta = TimeDelta::days(1);

/// How a request stood, but for what is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Stood {
    owner_id: Option<StaffId>,
    claimed_at: Option<Instant>,
    snoozed_until: Option<Instant>,
    snoozed_through: bool,
    woke_at: Option<Instant>,
    next_step_at: Option<Instant>,
    closed_at: Option<Instant>,
    disposition: Option<Disposition>,
    disposition_reason: Option<Reason>,
    #[serde(default)]
    own_reason: Option<ReasonId>,
    check_in_at: Option<Instant>,
    /// Who knew of it. Missing in what was remembered before that was kept: then it stays as it is.
    #[serde(default)]
    known_to: Option<Known>,
    /// How often it was tried, in the same way.
    #[serde(default)]
    tried: Option<Tried>,
    /// Its tags, in the same way.
    #[serde(default)]
    tags: Option<Tagged>,
    changed: bool,
}

/// How often somebody was tried, and when they were reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Tried {
    attempts: i32,
    reached_at: Option<Instant>,
}

/// Who knew of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Known {
    Everyone,
    Only(KnownTo),
}

/// What an act did beside the request itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(default)]
pub struct Beside {
    pub notes: Vec<NoteId>,
    pub messages: Vec<MessageId>,
    pub attempts: Vec<Uuid>,
    /// Whether the actor watched the request before.
    pub watched: Option<bool>,
}

/// A request as it stood before an act.
#[must_use = "what was kept in mind is to be remembered after the act"]
pub struct Before(Request);

impl Before {
    /// Whether a try can be taken back whole: one that ended no pause and renewed nothing. It is asked of the request as it
    /// is held.
    #[must_use]
    pub fn can_take_back(&self, tried: &attempting::Try, now: Instant) -> bool {
        attempting::can_be_taken_back(&self.0, tried, now)
    }

    /// The version it had.
    pub(crate) fn version(&self) -> i32 {
        self.0.version
    }
}

/// Keeps in mind how a request stands, and holds it, so that no one else changes it between here and the act.
pub async fn before(unit: &Unit, wanted: &Request) -> Result<Before, Error> {
    held(unit, wanted.id).await.map(Before)
}

async fn held(unit: &Unit, id: RequestId) -> Result<Request, Error> {
    let row = request::Entity::find_by_id(id).lock(LockType::Update).one(unit.tx()).await?;
    row.ok_or(Error::NotFound)
}

/// Writes down how the request stood before what the actor has just done, so that it can be undone.
pub async fn remember(
    unit: &mut Unit,
    group: UndoGroup,
    before: Before,
    beside: Beside,
) -> Result<(), Error> {
    let Before(was) = before;
    let is = held(unit, was.id).await?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::UndoAct))?;
    let stood = Stood {
        owner_id: was.owner_id,
        claimed_at: was.claimed_at,
        snoozed_until: was.snoozed_until,
        snoozed_through: was.snoozed_through,
        woke_at: was.woke_at,
        next_step_at: was.next_step_at,
        closed_at: was.closed_at,
        disposition: was.disposition,
        disposition_reason: was.disposition_reason,
        own_reason: was.own_reason,
        check_in_at: was.check_in_at,
        known_to: Some(was.confidential_to.clone().map_or(Known::Everyone, Known::Only)),
        tried: Some(Tried { attempts: was.attempts, reached_at: was.reached_at }),
        tags: Some(was.tagged()),
        changed: was.version != is.version,
    };
    let row = undo::ActiveModel {
        id: Set(unit.id()),
        group_id: Set(group),
        request_id: Set(was.id),
        person_id: Set(was.prospective_id),
        staff_id: Set(me),
        before: Set(stood),
        next_step: Set(was.next_step),
        beside: Set(beside),
        version: Set(is.version),
        done_at: Set(unit.now()),
        undone_at: Set(None),
    };
    unit.insert(row).await?;
    undo::Entity::delete_many()
        .filter(undo::Column::DoneAt.lt(unit.now() - KEPT_FOR))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// What became of undoing at one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    pub reference: String,
    /// Why it was not undone, if it was not.
    pub why_not: Option<String>,
}

/// Undoes everything of a group, each request in a unit of its own.
///
/// # Errors
/// [`Error::NotFound`] when there is nothing of this group that the actor did.
pub async fn undo(db: &Db, actor: &foundation::Actor, group: UndoGroup) -> Result<Vec<Undone>, Error> {
    let rows = of(db.reader(), group, actor.staff_id()).await?;
    if rows.is_empty() {
        return Err(Error::NotFound);
    }
    let mut all = Vec::new();
    for row in rows {
        let wanted =
            request::Entity::find_by_id(row.request_id).one(db.reader()).await?.ok_or(Error::NotFound)?;
        // What they must not know of any more is not told of, and stays as it is.
        if wanted.subject().is_kept_from(actor) {
            continue;
        }
        let done = db.write(actor, async |unit| one(unit, &row).await).await;
        let why_not = match done {
            Ok(()) => None,
            Err(Error::Refused(no)) => Some(no.sentence),
            Err(Error::Stale) => Some(SINCE.to_owned()),
            Err(other) => return Err(other),
        };
        all.push(Undone { reference: wanted.reference, why_not });
    }
    Ok(all)
}

const SINCE: &str = "Somebody did something at this request since. Nothing was undone.";

async fn of(
    reader: &impl ConnectionTrait,
    group: UndoGroup,
    me: Option<StaffId>,
) -> Result<Vec<undo::Model>, Error> {
    Ok(undo::Entity::find()
        .filter(undo::Column::GroupId.eq(group))
        .filter(undo::Column::StaffId.eq(me))
        .order_by_asc(undo::Column::Id)
        .all(reader)
        .await?)
}

async fn one(unit: &mut Unit, row: &undo::Model) -> Result<(), Error> {
    let is = held(unit, row.request_id).await?;
    let permit = unit.permit(Act::UndoAct, &is.subject())?;
    if unit.now() - row.done_at > POSSIBLE_FOR {
        return Err(refused("late", "This was done more than ten minutes ago. Nothing was undone."));
    }
    let first = undo::Entity::update_many()
        .col_expr(undo::Column::UndoneAt, Expr::value(Some(unit.now())))
        .col_expr(undo::Column::NextStep, Expr::value(Option::<Vec<u8>>::None))
        .filter(undo::Column::Id.eq(row.id))
        .filter(undo::Column::UndoneAt.is_null())
        .exec(unit.tx())
        .await?;
    if first.rows_affected == 0 {
        return Err(refused("undone", "This was undone already."));
    }
    if row.before.changed {
        put_back(unit, &is, row).await?;
    }
    beside(unit, &is, &row.beside).await?;
    unit.record(permit, serde_json::json!({}));
    unit.tell(News::Inbox);
    Ok(())
}

/// As it stood, unless it moved on since.
async fn put_back(unit: &Unit, is: &Request, row: &undo::Model) -> Result<(), Error> {
    if is.version != row.version || is.prospective_id != row.person_id {
        return Err(refused("since", SINCE));
    }
    let was = &row.before;
    let known_to = match &was.known_to {
        Some(Known::Everyone) => None,
        Some(Known::Only(known_to)) => Some(known_to.clone()),
        None => is.confidential_to.clone(),
    };
    let tried = was.tried.unwrap_or(Tried { attempts: is.attempts, reached_at: is.reached_at });
    let tagged = was.tags.clone().unwrap_or_else(|| is.tagged());
    let tagged = Some(tagged).filter(|tagged| !tagged.0.is_empty());
    let done = request::Entity::update_many()
        .col_expr(request::Column::Tags, Expr::value(tagged))
        .col_expr(request::Column::Attempts, Expr::value(tried.attempts))
        .col_expr(request::Column::ReachedAt, Expr::value(tried.reached_at))
        .col_expr(request::Column::ConfidentialTo, Expr::value(known_to))
        .col_expr(request::Column::OwnerId, Expr::value(was.owner_id))
        .col_expr(request::Column::ClaimedAt, Expr::value(was.claimed_at))
        .col_expr(request::Column::SnoozedUntil, Expr::value(was.snoozed_until))
        .col_expr(request::Column::SnoozedThrough, Expr::value(was.snoozed_through))
        .col_expr(request::Column::WokeAt, Expr::value(was.woke_at))
        .col_expr(request::Column::NextStep, Expr::value(row.next_step.clone()))
        .col_expr(request::Column::NextStepAt, Expr::value(was.next_step_at))
        .col_expr(request::Column::ClosedAt, Expr::value(was.closed_at))
        .col_expr(request::Column::Disposition, Expr::value(was.disposition))
        .col_expr(request::Column::DispositionReason, Expr::value(was.disposition_reason))
        .col_expr(request::Column::OwnReason, Expr::value(was.own_reason))
        .col_expr(request::Column::CheckInAt, Expr::value(was.check_in_at))
        .col_expr(request::Column::Version, Expr::value(is.version + 1))
        .filter(request::Column::Id.eq(is.id))
        .filter(request::Column::Version.eq(row.version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

async fn beside(unit: &mut Unit, is: &Request, beside: &Beside) -> Result<(), Error> {
    for id in &beside.messages {
        writing::call_back(unit, is, *id).await?;
    }
    for id in &beside.attempts {
        attempting::take_back(unit, is, *id).await?;
    }
    for id in &beside.notes {
        mentioning::unmention(unit, *id).await?;
        note::take_back(unit, Act::TakeNoteBack, &is.subject(), *id).await?;
    }
    match beside.watched {
        Some(true) => watching::watch(unit, is).await.map(|_| ()),
        Some(false) => watching::unwatch(unit, is).await.map(|_| ()),
        None => Ok(()),
    }
}

/// What was kept of a request is of no use once it is about somebody else.
pub(crate) async fn forget_of(unit: &Unit, id: RequestId) -> Result<(), Error> {
    undo::Entity::delete_many().filter(undo::Column::RequestId.eq(id)).exec(unit.tx()).await?;
    Ok(())
}
