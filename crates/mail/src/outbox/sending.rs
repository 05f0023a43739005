//! Sending one message: claimed and asked about in one unit, delivered outside of any, settled in another.

use chrono::TimeDelta;
use consent::gate::{self, Answer};
use foundation::jobs::Failure;
use foundation::restored::{self, Restored};
use foundation::{Act, Actor, Db, Error, Instant, News, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use super::capturing::Postroom;
use super::{MessageId, State, send_later, settling, subject};
use crate::compose::{self, Kept};
use crate::delivery::Post;
use crate::entity::message;
use crate::letter::{Letter, Written};
use crate::third_party;

/// As long as a job's lease: a message that is still leaving after this was left by a worker that died.
const LEFT_BEHIND: TimeDelta = TimeDelta::minutes(4);

/// A letter that was on its way in so many crashes goes once more, as the same letter; then somebody looks at it.
const CRASHES: i32 = 2;

/// A message on the doorstep.
pub(super) struct Ready {
    pub(super) id: MessageId,
    pub(super) version: i32,
    /// An earlier try of it may have arrived.
    pub(super) maybe_sent: bool,
    pub(super) letter: Letter,
    written: Written,
}

/// The worker of [`super::JOB`]. Safe to run twice; a message that does not wait any more is left alone.
///
/// # Errors
/// [`Failure::Again`] when the database failed; every answer of the mail server is settled in the message itself.
pub async fn send(db: &Db, room: &Postroom, payload: &Json) -> Result<(), Failure> {
    let named = payload.get("message").and_then(Json::as_str).and_then(|id| id.parse().ok());
    let Some(id) = named else { return Err(Failure::GiveUp("the job names no message".into())) };
    // Without a mail server it stays queued as it is; `waking` finds it once there is one.
    if matches!(room.post, Post::Held) {
        return Ok(());
    }
    let ready = db.write(&Actor::House, async |unit| claim(unit, room, id).await).await?;
    let Some(ready) = ready else { return Ok(()) };
    let outcome = room.post.deliver(&ready.written).await;
    settling::settle(db, room, ready, outcome).await?;
    Ok(())
}

/// Takes a message, or finds out that it may not leave.
async fn claim(unit: &mut Unit, room: &Postroom, id: MessageId) -> Result<Option<Ready>, Error> {
    let Some(row) = message::Entity::find_by_id(id).one(unit.tx()).await? else { return Ok(None) };
    let interrupted = match row.state {
        State::Queued if row.due_at <= unit.now() => false,
        State::Sending if row.due_at + LEFT_BEHIND <= unit.now() => true,
        State::Sending => return Err(Error::Busy),
        _ => return Ok(None),
    };
    if interrupted && row.interruptions >= CRASHES {
        hold(unit, &row, "Three tries broke off. It may have arrived; ask before writing again.").await?;
        return Ok(None);
    }
    if Restored::on_hold(unit.tx()).await?.is_some() {
        wait(unit, &row, unit.now() + settling::LANE_STOPPED, restored::WAITS).await?;
        return Ok(None);
    }
    let decision = gate::decide(unit, row.person_id, row.purpose, id.0).await?;
    if let Some(at) = decision.not_before {
        wait(unit, &row, at, Answer::NotNow.words()).await?;
        return Ok(None);
    }
    let Some(address) = decision.address.filter(|_| decision.answer == Answer::Allow) else {
        hold(unit, &row, decision.answer.words()).await?;
        return Ok(None);
    };
    let cleared = match third_party::clear(unit, &row).await? {
        Ok(cleared) => cleared,
        Err(no) => {
            hold(unit, &row, no.words()).await?;
            return Ok(None);
        }
    };
    let letter = match compose::letter(unit, room, &row, &address, cleared.as_ref()).await? {
        Ok(letter) => letter,
        Err(Kept::ByItself(why)) => {
            hold(unit, &row, &why).await?;
            return Ok(None);
        }
        Err(Kept::BySetting(why)) => {
            wait(unit, &row, unit.now() + settling::LANE_STOPPED, &why).await?;
            return Ok(None);
        }
    };
    let Ok(written) = letter.write() else {
        hold(unit, &row, "The letter could not be put together.").await?;
        return Ok(None);
    };
    if let Some(cleared) = cleared {
        third_party::account(unit, &row, cleared).await?;
    }
    take(unit, &row, &letter, interrupted).await?;
    let maybe_sent = row.maybe_sent || interrupted;
    Ok(Some(Ready { id, version: row.version + 1, maybe_sent, letter, written }))
}

async fn take(unit: &Unit, row: &message::Model, letter: &Letter, interrupted: bool) -> Result<(), Error> {
    let taken = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Sending))
        .col_expr(message::Column::DueAt, Expr::value(unit.now()))
        .col_expr(message::Column::Attempts, Expr::value(row.attempts + 1))
        .col_expr(message::Column::MaybeSent, Expr::value(row.maybe_sent || interrupted))
        .col_expr(message::Column::Interruptions, Expr::value(row.interruptions + i32::from(interrupted)))
        .col_expr(message::Column::LetterVersion, Expr::value(row.letter.version()))
        .col_expr(message::Column::MessageId, Expr::value(Some(letter.message_id.to_string())))
        .col_expr(message::Column::BodyHash, Expr::value(Some(foundation::hash_of(&letter.text))))
        .col_expr(message::Column::Version, Expr::value(row.version + 1))
        .filter(message::Column::Id.eq(row.id))
        .filter(message::Column::Version.eq(row.version))
        .exec(unit.tx())
        .await?;
    if taken.rows_affected == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Lets a message lie until an hour that is safe for them, or until a setting is put right.
async fn wait(unit: &mut Unit, row: &message::Model, at: Instant, why: &str) -> Result<(), Error> {
    let permit = unit.permit(Act::QueueMessage, &subject(row.id, row.person_id))?;
    let waits = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Queued))
        .col_expr(message::Column::Reason, Expr::value(Some(why.to_owned())))
        .col_expr(message::Column::DueAt, Expr::value(at))
        .col_expr(message::Column::Version, Expr::value(row.version + 1))
        .filter(message::Column::Id.eq(row.id))
        .filter(message::Column::Version.eq(row.version))
        .exec(unit.tx())
        .await?;
    if waits.rows_affected != 1 {
        return Err(Error::Stale);
    }
    send_later(unit, row.id, row.version + 1, at).await?;
    unit.record(permit, json!({ "letter": row.letter, "not_before": at }));
    unit.tell(News::Mail);
    Ok(())
}

/// Sets a message aside until a person looks at it.
async fn hold(unit: &mut Unit, row: &message::Model, why: &str) -> Result<(), Error> {
    let permit = unit.permit(Act::HoldMessage, &subject(row.id, row.person_id))?;
    let held = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Held))
        .col_expr(message::Column::Reason, Expr::value(Some(why.to_owned())))
        .col_expr(message::Column::Version, Expr::value(row.version + 1))
        .filter(message::Column::Id.eq(row.id))
        .filter(message::Column::Version.eq(row.version))
        .exec(unit.tx())
        .await?;
    if held.rows_affected != 1 {
        return Err(Error::Stale);
    }
    unit.record(permit, json!({ "letter": row.letter }));
    unit.tell(News::Mail);
    Ok(())
}
