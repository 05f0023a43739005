//! Opening a locked record: the reason is kept and the privacy officer is told before anything is shown.

use std::sync::Arc;

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, Set};

use super::{BreakGlassId, Cause, LASTS, Window, row};
use crate::acts::Act;
use crate::clock::Instant;
use crate::error::{Error, Faults, refused};
use crate::staff::{SessionId, sessions};
use crate::subject::Subject;
use crate::unit::{News, Unit};

pub(super) const REASON: &str = "break_glass.reason";
/// Letters of a reason at the least: a word like "need" is none.
const SHORTEST: usize = 15;
const LONGEST: usize = 2000;

/// A reason that can be reviewed.
#[derive(Clone, Debug)]
pub struct NewBreakGlass {
    cause: Cause,
    reason: String,
}

impl NewBreakGlass {
    /// Reads what was typed.
    pub fn parse(cause: &str, reason: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let cause = Cause::parse(cause);
        if cause.is_none() {
            faults.add("cause", "Choose what happened");
        }
        let letters = reason.chars().filter(|c| c.is_alphanumeric()).count();
        if letters < SHORTEST {
            faults.add("reason", "Write in a sentence why you need this record now");
        } else if reason.chars().count() > LONGEST {
            faults.add("reason", "Write up to 2,000 characters");
        }
        faults.or(|| Self { cause: cause.unwrap_or(Cause::Other), reason: reason.trim().to_owned() })
    }
}

/// Opens the locked record of `care` to a session for [`LASTS`]. A record that is open already stays as it is, so that
/// a form sent twice is one opening.
pub async fn break_glass(
    unit: &mut Unit,
    session: SessionId,
    care: &Subject,
    new: NewBreakGlass,
) -> Result<(), Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    let staff = unit.actor().staff_id().ok_or(Error::Forbidden(Act::BreakGlass))?;
    let now = unit.now();
    if open_to(unit.tx(), session, now).await?.iter().any(|window| window.person == person) {
        return Ok(());
    }
    let id: BreakGlassId = unit.id();
    let subject = Subject { kind: "break_glass", id: id.into(), ..care.clone() };
    let permit = unit.permit(Act::BreakGlass, &subject)?;
    let ends_at = now + LASTS;
    let row = row::ActiveModel {
        id: Set(id),
        staff_id: Set(staff),
        session_id: Set(session),
        person_id: Set(person),
        cause: Set(new.cause),
        reason: Set(unit.seal(person, REASON, &new.reason).await?),
        began_at: Set(now),
        ends_at: Set(ends_at),
        reviewed_at: Set(None),
        reviewed_by: Set(None),
        finding: Set(None),
        remark: Set(None),
    };
    unit.insert(row).await?;
    sessions::glass_until(unit, session, ends_at).await?;
    unit.record(permit, serde_json::json!({ "cause": new.cause, "until": ends_at }));
    unit.tell(News::Privacy);
    Ok(())
}

/// Notes that someone asked for a locked record and named nobody who has one: trying names out leaves its trace too.
pub async fn note_nobody_found(unit: &mut Unit) -> Result<(), Error> {
    let permit = unit.permit(Act::BreakGlass, &Subject::center())?;
    unit.record(permit, serde_json::json!({ "found": false }));
    Ok(())
}

/// Locks again what a session has open: whoever is done need not leave it open for the hour.
pub async fn end(unit: &mut Unit, session: SessionId) -> Result<(), Error> {
    let permit = unit.permit(Act::BreakGlass, &Subject::center())?;
    let now = unit.now();
    let ended = row::Entity::update_many()
        .col_expr(row::Column::EndsAt, Expr::value(now))
        .filter(row::Column::SessionId.eq(session))
        .filter(row::Column::EndsAt.gt(now))
        .exec(unit.tx())
        .await?;
    sessions::glass_until(unit, session, now).await?;
    unit.record(permit, serde_json::json!({ "ended": ended.rows_affected }));
    Ok(())
}

/// What a session has open at `now`.
pub(crate) async fn open_to(
    reader: &impl ConnectionTrait,
    session: SessionId,
    now: Instant,
) -> Result<Arc<[Window]>, Error> {
    let rows = row::Entity::find()
        .filter(row::Column::SessionId.eq(session))
        .filter(row::Column::EndsAt.gt(now))
        .all(reader)
        .await?;
    Ok(rows.into_iter().map(|r| Window { id: r.id, person: r.person_id, ends_at: r.ends_at }).collect())
}

/// The refusal to review what one opened oneself.
pub(super) fn own() -> Error {
    refused("own_break_glass", "You opened this record yourself. Someone else has to review it.")
}
