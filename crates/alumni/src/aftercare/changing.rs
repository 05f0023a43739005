//! Aftercare changes: another track, a pause, going on, an end. Past due days are never brought back, and a letter that
//! waits does not leave into a pause.

use consent::gate::Purpose;
use foundation::center::Center;
use foundation::{Act, Day, Error, News, PersonId, Unit, refused};
use mail::outbox::cancelling::withdraw;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, UpdateMany};
use serde_json::json;

use super::enrolling::Choice;
use super::{Aftercare, AftercareId, CustomDays, EndReason, one};
use crate::caseload::subject;
use crate::entity::aftercare::{Column, Entity};

/// Goes over to another track from today on. [`Error::Stale`] when someone changed it since `version`.
pub async fn change_track(
    unit: &mut Unit,
    id: AftercareId,
    version: i32,
    choice: Choice,
) -> Result<(), Error> {
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    let (before, permit) = permitted(unit, id).await?;
    let (track, days) = choice.parts();
    let update = Entity::update_many()
        .col_expr(Column::Track, Expr::value(track))
        .col_expr(Column::CustomDays, Expr::value(CustomDays(days)))
        .col_expr(Column::CountsFrom, Expr::value(std::cmp::max(before.counts_from, today)))
        .filter(Column::Version.eq(version));
    apply(unit, id, update).await?;
    unit.record(permit, json!({ "track": track, "was": before.track }));
    unit.tell(News::Alumni);
    Ok(())
}

/// Quiet until a day, at the person's wish: nothing falls due before it.
pub async fn pause(unit: &mut Unit, id: AftercareId, version: i32, until: Day) -> Result<(), Error> {
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    if until <= today {
        return Err(refused("paused_until", "Choose a day after today to pause until."));
    }
    let (before, permit) = permitted(unit, id).await?;
    let update = Entity::update_many()
        .col_expr(Column::PausedUntil, Expr::value(Some(until)))
        .col_expr(Column::CountsFrom, Expr::value(until))
        .filter(Column::Version.eq(version));
    apply(unit, id, update).await?;
    let withdrawn =
        withdraw(unit, before.person_id, Some(Purpose::CheckIn), "They asked for a pause.").await?;
    unit.record(permit, json!({ "paused_until": until, "withdrawn": withdrawn }));
    unit.tell(News::Alumni);
    Ok(())
}

/// Goes on today. What would have fallen due in the quiet time is not made up for.
pub async fn resume(unit: &mut Unit, id: AftercareId, version: i32) -> Result<(), Error> {
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    let (before, permit) = permitted(unit, id).await?;
    if before.paused_until.is_none_or(|until| until <= today) {
        return Err(refused("not_paused", "The check-ins are not paused."));
    }
    let update = Entity::update_many()
        .col_expr(Column::PausedUntil, Expr::value(None::<Day>))
        .col_expr(Column::CountsFrom, Expr::value(today))
        .filter(Column::Version.eq(version));
    apply(unit, id, update).await?;
    unit.record(permit, json!({ "fields": ["paused_until"] }));
    unit.tell(News::Alumni);
    Ok(())
}

/// Somebody in aftercare was admitted again: letters that wait do not leave. That nothing falls due while they are in
/// care is read from the open stay, so nothing is written at the aftercare itself.
pub async fn pause_for_care(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    withdraw(unit, person, Some(Purpose::CheckIn), "They are in care again. Check-ins are paused.").await?;
    unit.tell(News::Alumni);
    Ok(())
}

/// Ends aftercare for a reason. It closes the schedule, not the door.
///
/// # Errors
/// A refusal for a death: that is recorded as such, so that everything else ends with it.
pub async fn end(unit: &mut Unit, id: AftercareId, reason: EndReason) -> Result<(), Error> {
    if reason == EndReason::Died {
        return Err(refused("died", "Record the death. Check-ins, letters and calls end with it."));
    }
    let (before, permit) = permitted(unit, id).await?;
    let update = Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(unit.now()))
        .col_expr(Column::EndReason, Expr::value(reason))
        .col_expr(Column::EndedBy, Expr::value(unit.actor().staff_id()));
    apply(unit, id, update).await.map_err(|e| match e {
        Error::Stale => refused("ended", "This aftercare has ended already."),
        other => other,
    })?;
    let withdrawn =
        withdraw(unit, before.person_id, Some(Purpose::CheckIn), "The check-ins have ended.").await?;
    unit.record(permit, json!({ "ended": reason, "withdrawn": withdrawn }));
    unit.tell(News::Alumni);
    Ok(())
}

async fn permitted(unit: &mut Unit, id: AftercareId) -> Result<(Aftercare, foundation::Permit), Error> {
    let before = one(unit.tx(), id).await?;
    let subject = subject(unit.tx(), "aftercare", id, before.person_id).await?;
    let permit = unit.permit(Act::ChangeAftercare, &subject)?;
    Ok((before, permit))
}

/// Writes the change to the one active row, or says that there was none as it was expected.
async fn apply(unit: &Unit, id: AftercareId, update: UpdateMany<Entity>) -> Result<(), Error> {
    let done = update
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 1 { Ok(()) } else { Err(Error::Stale) }
}
