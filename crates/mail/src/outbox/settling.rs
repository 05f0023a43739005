//! What becomes of a message after the mail server answered, or did not.

use chrono::TimeDelta;
use consent::gate;
use foundation::{Act, Actor, Db, Error, Instant, News, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::json;

use super::capturing::Postroom;
use super::sending::Ready;
use super::{State, send_later, subject};
use crate::delivery::{Outcome, Post};
use crate::entity::message;
use crate::third_party;

/// A server that cannot take a letter now is asked again for so long.
const PATIENCE: TimeDelta = TimeDelta::days(5);
/// While every letter would end the same way, so often.
pub(super) const LANE_STOPPED: TimeDelta = TimeDelta::minutes(15);
/// Pauses between tries, in minutes; the last one repeats.
const PAUSES: [i64; 8] = [1, 5, 15, 30, 60, 120, 240, 480];

/// What a message becomes.
struct Next {
    state: State,
    reason: Option<&'static str>,
    again_in: Option<TimeDelta>,
    maybe_sent: bool,
}

/// The answer's consequence: pure, so that the table can be read. `waited` since it was queued.
fn next(outcome: &Outcome, attempts: i32, waited: TimeDelta, maybe_sent: bool) -> Next {
    let stays = |state, reason| Next { state, reason: Some(reason), again_in: None, maybe_sent };
    let again = |reason, pause| Next {
        state: State::Queued,
        reason: Some(reason),
        again_in: Some(pause),
        maybe_sent,
    };
    match outcome {
        Outcome::Accepted { .. } => Next {
            state: State::Sent,
            reason: maybe_sent
                .then_some("An earlier try broke off. They may have it twice, as the same letter."),
            again_in: None,
            maybe_sent,
        },
        Outcome::TryLater { .. } if waited < PATIENCE => {
            again("The mail server could not take it yet. It is tried again by itself.", pause(attempts))
        }
        Outcome::TryLater { .. } => {
            stays(State::Dead, "The mail server could not take it for five days. Call instead.")
        }
        Outcome::AddressRefused { .. } => stays(
            State::Dead,
            "The address does not exist or takes no mail. Call instead, and ask for another.",
        ),
        Outcome::MessageRefused { .. } => stays(State::Dead, "The mail server refused this letter."),
        Outcome::Configuration { .. } => again(
            "The mail server cannot be used as it is set up. Nothing leaves until that is put right.",
            LANE_STOPPED,
        ),
        Outcome::Unknown { .. } if maybe_sent => stays(
            State::Held,
            "Two tries ended without an answer. It may have arrived; ask before writing again.",
        ),
        Outcome::Unknown { .. } => Next {
            maybe_sent: true,
            ..again(
                "The connection broke at the last moment. It is tried once more, as the same letter.",
                pause(2),
            )
        },
    }
}

fn pause(attempts: i32) -> TimeDelta {
    let at = usize::try_from(attempts - 1).unwrap_or(0).min(PAUSES.len() - 1);
    TimeDelta::minutes(PAUSES.get(at).copied().unwrap_or(480))
}

pub(super) async fn settle(db: &Db, room: &Postroom, ready: Ready, outcome: Outcome) -> Result<(), Error> {
    room.post.learn(&outcome, db.now());
    let settled = db.write(&Actor::House, async |unit| write(unit, &ready, &outcome).await).await?;
    tracing::info!(message = %ready.id, outcome = outcome.name(), "a message was tried");
    if settled && matches!((&room.post, &outcome), (Post::Captured, Outcome::Accepted { .. })) {
        room.captured.keep(ready.id, &ready.letter);
    }
    Ok(())
}

/// `false` when the person was forgotten meanwhile, and the message with them.
async fn write(unit: &mut Unit, ready: &Ready, outcome: &Outcome) -> Result<bool, Error> {
    let Some(row) = message::Entity::find_by_id(ready.id).one(unit.tx()).await? else { return Ok(false) };
    if row.version != ready.version {
        return Ok(false);
    }
    let next = next(outcome, row.attempts, unit.now() - row.queued_at, ready.maybe_sent);
    let act = match next.state {
        State::Sent => Act::SendMessage,
        State::Queued => Act::QueueMessage,
        _ => Act::HoldMessage,
    };
    let permit = unit.permit(act, &subject(row.id, row.person_id))?;
    let due_at = next.again_in.map(|pause| unit.now() + pause);
    store(unit, &row, &next, outcome, due_at).await?;
    if matches!(outcome, Outcome::AddressRefused { .. }) {
        gate::suppress(unit, ready.letter.to_address.as_str(), "refused by its mail server").await?;
    }
    if next.state == State::Dead && !next.maybe_sent {
        third_party::mark_undelivered(unit, row.id).await?;
    }
    unit.record(permit, json!({ "outcome": outcome.name(), "attempts": row.attempts, "state": next.state }));
    if let Some(at) = due_at {
        send_later(unit, row.id, row.version + 1, at).await?;
    }
    unit.tell(News::Mail);
    Ok(true)
}

async fn store(
    unit: &Unit,
    row: &message::Model,
    next: &Next,
    outcome: &Outcome,
    due_at: Option<Instant>,
) -> Result<(), Error> {
    let sent_at = (next.state == State::Sent).then(|| unit.now());
    let stored = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(next.state))
        .col_expr(message::Column::Reason, Expr::value(next.reason.map(str::to_owned)))
        .col_expr(message::Column::Reply, Expr::value(Some(outcome.words().to_owned())))
        .col_expr(message::Column::MaybeSent, Expr::value(next.maybe_sent))
        .col_expr(message::Column::SentAt, Expr::value(sent_at))
        .col_expr(message::Column::DueAt, Expr::value(due_at.unwrap_or(row.due_at)))
        .col_expr(message::Column::Version, Expr::value(row.version + 1))
        .filter(message::Column::Id.eq(row.id))
        .filter(message::Column::Version.eq(row.version))
        .exec(unit.tx())
        .await?;
    if stored.rows_affected == 1 { Ok(()) } else { Err(Error::Stale) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_server_is_asked_again_ever_more_seldom_and_for_five_days() {
        let pauses: Vec<i64> = (1..=9).map(|n| pause(n).num_minutes()).collect();
        assert_eq!(pauses, [1, 5, 15, 30, 60, 120, 240, 480, 480]);
        let busy = Outcome::TryLater { why: "451".into() };
        assert_eq!(next(&busy, 3, TimeDelta::days(4), false).state, State::Queued);
        assert_eq!(next(&busy, 30, TimeDelta::days(5), false).state, State::Dead);
    }

    #[test]
    fn a_wrong_password_stops_nothing_for_good() {
        let wrong = Outcome::Configuration { why: "535".into() };
        let after = next(&wrong, 900, TimeDelta::days(30), false);
        assert_eq!((after.state, after.again_in), (State::Queued, Some(LANE_STOPPED)));
    }
}
