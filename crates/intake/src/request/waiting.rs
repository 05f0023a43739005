//! Waiting for the caller: the clock stands while the next word is theirs. It ends with their next contact, with our next
//! try, by hand, or by itself at its moment, so that nobody is waited for without an end.

use consent::Reaching;
use consent::rules::contact::Voicemail;
use foundation::center::Center;
use foundation::{Act, Error, Instant, News, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ConnectionTrait, QueryOrder, Set};
use serde_json::json;

use super::{Request, RequestId};
use crate::clocks;
use crate::entity::pause::{self, Model as Pause, PauseId};
use crate::entity::request;
use crate::rules::clock::Stretch;
use crate::rules::waiting::{EndedHow, Wait, WhyWaiting, held, promised};
use crate::rules::words::Urgency;

impl Request {
    /// Whether the first call is still owed: then its clock runs.
    pub fn awaits_first_call(&self) -> bool {
        self.is_open() && self.reached_at.is_none() && self.attempts == 0
    }

    /// Whether we wait for them at a moment.
    pub fn is_waiting(&self, now: Instant) -> bool {
        self.is_open() && self.waiting_until.is_some_and(|until| until > now)
    }
}

/// From now on the next word is theirs. `version` is the one the page was shown with.
///
/// # Errors
/// A refusal while someone may be in danger, while we wait already, and for a voicemail that they do not allow;
/// [`Error::Stale`] when somebody changed the request.
pub async fn wait(unit: &mut Unit, wanted: &Request, version: i32, wait: Wait) -> Result<(), Error> {
    let permit = unit.permit(Act::WaitForCaller, &wanted.subject())?;
    if wanted.urgency == Urgency::Emergency && wanted.reached_at.is_none() {
        return Err(refused("danger", "Someone may be in danger. This request waits for nobody."));
    }
    if wanted.is_waiting(unit.now()) {
        return Err(refused("waits", "This request waits for them already."));
    }
    let rules = Reaching::of(unit.tx(), wanted.caller_id).await?.rules_to_call();
    let allows = rules.as_ref().is_some_and(|rules| rules.voicemail == Voicemail::NameAndNumber);
    if wait.why == WhyWaiting::VoicemailLeft && !allows {
        return Err(refused(
            "voicemail",
            "They have not allowed a voicemail. Choose what else they do next.",
        ));
    }
    // What ended by itself is written down as ended.
    settle(unit, wanted, None).await?;
    let (began, ends) = (unit.now(), wait.until);
    let due_at = due(unit, wanted, wanted.due_at, (began, ends)).await?;
    // A time that is booked stays when it is.
    let booked = crate::appointments::booked_of(unit.tx(), wanted.id).await?.is_some();
    let step_at = wanted.next_step_at.map(|at| if booked { at } else { promised(at, ends) });
    let done = request::Entity::update_many()
        .col_expr(request::Column::WaitingUntil, Expr::value(Some(ends)))
        .col_expr(request::Column::DueAt, Expr::value(due_at))
        .col_expr(request::Column::NextStepAt, Expr::value(step_at))
        .col_expr(request::Column::WokeAt, Expr::value(Option::<Instant>::None))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(wanted.id))
        .filter(request::Column::Version.eq(version))
        .filter(request::Column::ClosedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    let id: PauseId = unit.id();
    let row = pause::ActiveModel {
        id: Set(id),
        request_id: Set(wanted.id),
        why: Set(wait.why),
        began_at: Set(began),
        until_at: Set(ends),
        began_by: Set(unit.actor().staff_id()),
        due_before: Set(wanted.due_at),
        step_before: Set(wanted.next_step_at),
        ended_at: Set(None),
        ended_how: Set(None),
    };
    unit.insert(row).await?;
    unit.record(permit, json!({ "outcome_words": wait.why.words(), "until": ends }));
    unit.tell(News::Inbox);
    Ok(())
}

/// A colleague goes on without waiting.
///
/// # Errors
/// A refusal when nobody waits any more.
pub async fn go_on(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    if !wanted.is_waiting(unit.now()) {
        return Err(refused("waits", "This request does not wait for them any more."));
    }
    end(unit, wanted, EndedHow::ByHand).await
}

/// They called or wrote: it is our turn.
pub(crate) async fn heard_from(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    end(unit, wanted, EndedHow::Contact).await
}

/// Somebody tries to reach them: whoever tries does not wait.
pub(crate) async fn tried(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    end(unit, wanted, EndedHow::Tried).await
}

/// The waiting ends with what another act does to the request. Whoever does it writes the row, with when a first call is
/// due now.
pub(crate) async fn over(unit: &Unit, wanted: &Request, how: EndedHow) -> Result<Instant, Error> {
    match settle(unit, wanted, Some(how)).await? {
        Some(pause) => due(unit, wanted, pause.due_before, (pause.began_at, unit.now())).await,
        None => Ok(wanted.due_at),
    }
}

async fn end(unit: &mut Unit, wanted: &Request, how: EndedHow) -> Result<(), Error> {
    // Read as it is in this unit: the caller may have looked at it a while ago.
    let wanted = request::Entity::find_by_id(wanted.id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if !wanted.is_waiting(unit.now()) {
        return Ok(());
    }
    let permit = unit.permit(Act::GoOnWithRequest, &wanted.subject())?;
    let Some(pause) = settle(unit, &wanted, Some(how)).await? else {
        return Err(Error::Broken(format!("{} waits without a pause", wanted.reference)));
    };
    let due_at = due(unit, &wanted, pause.due_before, (pause.began_at, unit.now())).await?;
    // A step that somebody promised since stays as it is.
    let held_until = pause.step_before.map(|at| promised(at, pause.until_at));
    let step_at = match pause.step_before {
        Some(before) if wanted.next_step_at == held_until => Some(promised(before, unit.now())),
        _ => wanted.next_step_at,
    };
    request::Entity::update_many()
        .col_expr(request::Column::WaitingUntil, Expr::value(Option::<Instant>::None))
        .col_expr(request::Column::DueAt, Expr::value(due_at))
        .col_expr(request::Column::NextStepAt, Expr::value(step_at))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(wanted.id))
        .exec(unit.tx())
        .await?;
    unit.record(permit, json!({ "outcome_words": how.words() }));
    unit.tell(News::Inbox);
    Ok(())
}

/// Writes down that the pause that is open ended: at this moment and how, or by itself before it. The one that ended.
async fn settle(unit: &Unit, wanted: &Request, how: Option<EndedHow>) -> Result<Option<Pause>, Error> {
    let open = pause::Entity::find()
        .filter(pause::Column::RequestId.eq(wanted.id))
        .filter(pause::Column::EndedAt.is_null())
        .one(unit.tx())
        .await?;
    let Some(open) = open else { return Ok(None) };
    let early = how.filter(|_| open.until_at > unit.now());
    pause::Entity::update_many()
        .col_expr(pause::Column::EndedAt, Expr::value(Some(Ord::min(open.until_at, unit.now()))))
        .col_expr(pause::Column::EndedHow, Expr::value(early))
        .filter(pause::Column::Id.eq(open.id))
        .exec(unit.tx())
        .await?;
    Ok(Some(open))
}

/// When the first call is due that is held for a stretch; what is owed no more stays as it was.
async fn due(unit: &Unit, wanted: &Request, before: Instant, held_for: Stretch) -> Result<Instant, Error> {
    if !wanted.awaits_first_call() || wanted.urgency == Urgency::Emergency {
        return Ok(wanted.due_at);
    }
    let zone = Center::load(unit.tx()).await?.zone;
    let clocks = clocks::load(unit.tx()).await?;
    let reaching = Reaching::of(unit.tx(), wanted.caller_id).await?;
    let safe = reaching.hours();
    let clock = clocks.clock(zone, (wanted.channel, wanted.urgency), safe.as_ref());
    Ok(held(&clock.read_in(reaching.zone()), before, held_for))
}

/// When a request waited for the caller, oldest first.
pub async fn of(reader: &impl ConnectionTrait, id: RequestId) -> Result<Vec<Pause>, Error> {
    Ok(pause::Entity::find()
        .filter(pause::Column::RequestId.eq(id))
        .order_by_asc(pause::Column::Id)
        .all(reader)
        .await?)
}

/// Who looks at the page of a request learns for what it waits, if it does.
pub async fn open_of(
    reader: &impl ConnectionTrait,
    wanted: &Request,
    now: Instant,
) -> Result<Option<Pause>, Error> {
    if !wanted.is_waiting(now) {
        return Ok(None);
    }
    Ok(of(reader, wanted.id).await?.into_iter().next_back().filter(|pause| pause.ended_at.is_none()))
}
