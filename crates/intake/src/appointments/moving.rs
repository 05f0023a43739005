//! Moving and cancelling, each with its reason. Letters that wait go with the time they were about.

use foundation::{Act, Error, Instant, News, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{EntityTrait, UpdateMany};
use serde_json::json;

use super::booking::{one, promise, step, take};
use super::offering::{Choice, said};
use super::{Appointment, booked_of, settled, telling};
use crate::entity::appointment;
use crate::request::Request;
use crate::rules::appointments::{State, Why};

/// Moves an appointment to another free time. `version` is the one the page was shown with.
///
/// # Errors
/// A refusal when it is booked no more or the new time is not free; [`Error::Stale`] when a colleague changed it.
pub async fn move_to(
    unit: &mut Unit,
    on: &Appointment,
    about: &Request,
    version: i32,
    choice: Choice,
    why: Why,
) -> Result<(), Error> {
    let permit = unit.permit(Act::MoveAppointment, &on.subject())?;
    let now = one(unit, on.id).await?;
    if !now.is_booked() {
        return Err(settled());
    }
    if now.version != version {
        return Err(Error::Stale);
    }
    let offer = take(unit, choice).await?;
    let update = appointment::Entity::update_many()
        .col_expr(appointment::Column::StaffId, Expr::value(choice.staff))
        .col_expr(appointment::Column::SiteId, Expr::value(choice.site))
        .col_expr(appointment::Column::StartsAt, Expr::value(offer.starts_at))
        .col_expr(appointment::Column::EndsAt, Expr::value(offer.ends_at))
        .col_expr(appointment::Column::Zone, Expr::value(offer.zone.name()))
        .col_expr(appointment::Column::Why, Expr::value(Some(why)))
        // Whoever said they will come said it about the other time.
        .col_expr(appointment::Column::ConfirmedAt, Expr::value(Option::<Instant>::None))
        .col_expr(appointment::Column::AskedAt, Expr::value(Option::<Instant>::None));
    settle(unit, on, version, update).await?;
    step(unit, about, &promise(&offer.clinician), offer.starts_at).await?;
    let moved = one(unit, on.id).await?;
    telling::moved(unit, about, &moved).await?;
    unit.record(
        permit,
        json!({ "appointment": on.id, "why": why, "with": said(offer.starts_at, offer.zone) }),
    );
    unit.tell(News::Inbox);
    Ok(())
}

/// Cancels an appointment. Somebody owes the person another word from now on.
pub async fn cancel(
    unit: &mut Unit,
    on: &Appointment,
    about: &Request,
    version: i32,
    why: Why,
) -> Result<(), Error> {
    let permit = unit.permit(Act::CancelAppointment, &on.subject())?;
    if !on.is_booked() {
        return Err(settled());
    }
    settle(unit, on, version, ending(unit, why)).await?;
    if about.is_open() {
        step(unit, about, "Offer another time", unit.now()).await?;
    }
    telling::cancelled(unit, about, on).await?;
    unit.record(permit, json!({ "appointment": on.id, "with": why.words(), "why": why }));
    unit.tell(News::Inbox);
    Ok(())
}

/// A request that is closed keeps no time. The act that closed it is the one that is recorded. Whether there was one.
pub(crate) async fn with_the_request(unit: &mut Unit, about: &Request) -> Result<bool, Error> {
    let Some(on) = booked_of(unit.tx(), about.id).await? else { return Ok(false) };
    settle(unit, &on, on.version, ending(unit, Why::Closed)).await?;
    telling::withdrawn(unit, &on).await?;
    Ok(true)
}

/// A request that becomes a client: who was to come by now has come; a time that lies ahead stays.
pub(crate) async fn with_the_client(unit: &Unit, about: &Request) -> Result<(), Error> {
    appointment::Entity::update_many()
        .col_expr(appointment::Column::State, Expr::value(State::Arrived))
        .col_expr(appointment::Column::SettledAt, Expr::value(Some(unit.now())))
        .col_expr(appointment::Column::Version, Expr::col(appointment::Column::Version).add(1))
        .filter(appointment::Column::RequestId.eq(about.id))
        .filter(appointment::Column::State.eq(State::Booked))
        .filter(appointment::Column::StartsAt.lte(unit.now()))
        .exec(unit.tx())
        .await?;
    Ok(())
}

fn ending(unit: &Unit, why: Why) -> UpdateMany<appointment::Entity> {
    appointment::Entity::update_many()
        .col_expr(appointment::Column::State, Expr::value(State::Cancelled))
        .col_expr(appointment::Column::Why, Expr::value(Some(why)))
        .col_expr(appointment::Column::SettledAt, Expr::value(Some(unit.now())))
}

/// What calendars read changes with it.
async fn settle(
    unit: &Unit,
    on: &Appointment,
    version: i32,
    update: UpdateMany<appointment::Entity>,
) -> Result<(), Error> {
    let done = update
        .col_expr(appointment::Column::ChangedAt, Expr::value(unit.now()))
        .col_expr(appointment::Column::Sequence, Expr::col(appointment::Column::Sequence).add(1))
        .col_expr(appointment::Column::Version, Expr::col(appointment::Column::Version).add(1))
        .filter(appointment::Column::Id.eq(on.id))
        .filter(appointment::Column::Version.eq(version))
        .filter(appointment::Column::State.eq(State::Booked))
        .exec(unit.tx())
        .await;
    match done.map_err(Error::from) {
        Ok(done) if done.rows_affected == 0 => Err(Error::Stale),
        Ok(_) => Ok(()),
        Err(Error::Exists) => {
            Err(refused("taken", "A colleague took this time a moment ago. Choose another one."))
        }
        Err(other) => Err(other),
    }
}
