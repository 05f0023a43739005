//! Arriving: whether somebody came, asked within the same hour, and what follows when they did not (domain reference 2.11).

use consent::Reaching;
use foundation::center::Center;
use foundation::{Act, Actor, Db, Error, Instant, News, Unit, refused};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use serde_json::json;

use super::booking::step;
use super::{Appointment, settled, telling};
use crate::entity::{appointment, request};
use crate::request::{NEXT_STEP, Request};
use crate::rules::appointments::{GRACE, State};
use crate::rules::due::next_allowed;

/// They are here.
///
/// # Errors
/// A refusal when it was cancelled, or lies on another day.
pub async fn arrived(unit: &mut Unit, on: &Appointment, about: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::RecordArrival, &on.subject())?;
    if unit.today(on.zone()) < foundation::day(on.starts_at, on.zone()) {
        return Err(refused("early", "This appointment is on a later day. Move it if they are here now."));
    }
    settle(unit, on, State::Arrived).await?;
    if about.is_open() {
        let what = "They came. Agree on what follows, then make a client record";
        step(unit, about, what, Ord::max(on.ends_at, unit.now())).await?;
    }
    telling::withdrawn(unit, on).await?;
    unit.record(permit, json!({ "appointment": on.id, "with": State::Arrived.words() }));
    unit.tell(News::Inbox);
    Ok(())
}

/// They did not come: somebody calls in this hour, asks whether they are safe, and offers a time within a day.
///
/// # Errors
/// A refusal when it was cancelled, or has not begun.
pub async fn not_arrived(unit: &mut Unit, on: &Appointment, about: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::RecordArrival, &on.subject())?;
    if unit.now() < on.starts_at {
        return Err(refused("early", "This appointment has not begun. Cancel or move it instead."));
    }
    settle(unit, on, State::NotArrived).await?;
    if about.is_open() {
        let zone = Center::load(unit.tx()).await?.zone;
        let hours = Reaching::of(unit.tx(), about.caller_id).await?.hours();
        let at = hours.map_or(unit.now(), |hours| next_allowed(unit.now(), zone, &hours));
        let what = "They did not come. Call, ask if they are safe, offer a time within a day";
        step(unit, about, what, at).await?;
    }
    unit.record(permit, json!({ "appointment": on.id, "with": State::NotArrived.words() }));
    unit.tell(News::Inbox);
    Ok(())
}

/// Nobody is stuck with a slip of the finger: what was said about the arrival can be said anew.
async fn settle(unit: &Unit, on: &Appointment, state: State) -> Result<(), Error> {
    let done = appointment::Entity::update_many()
        .col_expr(appointment::Column::State, Expr::value(state))
        .col_expr(appointment::Column::SettledAt, Expr::value(Some(unit.now())))
        .col_expr(appointment::Column::Version, Expr::col(appointment::Column::Version).add(1))
        .filter(appointment::Column::Id.eq(on.id))
        .filter(appointment::Column::State.ne(State::Cancelled))
        .filter(appointment::Column::State.ne(state))
        .exec(unit.tx())
        .await;
    match done.map_err(Error::from) {
        Ok(done) if done.rows_affected == 0 => Err(settled()),
        Ok(_) => Ok(()),
        Err(Error::Exists) => Err(refused("taken", "Somebody else has this time now.")),
        Err(other) => Err(other),
    }
}

/// They said that they will come.
pub async fn confirm(unit: &mut Unit, on: &Appointment) -> Result<(), Error> {
    let permit = unit.permit(Act::ConfirmAppointment, &on.subject())?;
    let done = appointment::Entity::update_many()
        .col_expr(appointment::Column::ConfirmedAt, Expr::value(Some(unit.now())))
        .col_expr(appointment::Column::Version, Expr::col(appointment::Column::Version).add(1))
        .filter(appointment::Column::Id.eq(on.id))
        .filter(appointment::Column::State.eq(State::Booked))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(settled());
    }
    unit.record(permit, json!({ "appointment": on.id }));
    unit.tell(News::Inbox);
    Ok(())
}

/// Asks about everyone who should be here and of whom nobody has said so: their request is due now. How many. Twice is once.
pub async fn ask_due(db: &Db) -> Result<usize, Error> {
    let due = appointment::Entity::find()
        .filter(appointment::Column::State.eq(State::Booked))
        .filter(appointment::Column::AskedAt.is_null())
        .filter(appointment::Column::StartsAt.lte(db.now() - GRACE))
        .all(db.reader())
        .await?;
    let mut asked = 0;
    for on in due {
        asked += db.write(&Actor::House, async |unit| ask(unit, &on).await).await?;
    }
    Ok(asked)
}

async fn ask(unit: &mut Unit, on: &Appointment) -> Result<usize, Error> {
    let permit = unit.permit(Act::SetNextStep, &on.subject())?;
    let done = appointment::Entity::update_many()
        .col_expr(appointment::Column::AskedAt, Expr::value(Some(unit.now())))
        .filter(appointment::Column::Id.eq(on.id))
        .filter(appointment::Column::StartsAt.eq(on.starts_at))
        .filter(appointment::Column::State.eq(State::Booked))
        .filter(appointment::Column::AskedAt.is_null())
        .exec(unit.tx())
        .await?;
    let about = request::Entity::find_by_id(on.request_id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if done.rows_affected == 1 && about.is_open() {
        let what = question(unit, on, &about).await?;
        step(unit, &about, &what, unit.now()).await?;
        unit.tell(News::Inbox);
    }
    unit.record(permit, json!({ "fields": ["next_step", "next_step_at"], "appointment": on.id }));
    Ok(usize::from(done.rows_affected == 1))
}

/// "Did Jo arrive at 9:00 am?" What a colleague promised besides is not lost by it.
async fn question(unit: &Unit, on: &Appointment, about: &Request) -> Result<String, Error> {
    let name = clients::person::name_of(unit.tx(), about.asked_as()).await?;
    let who = if name == clients::person::shown("") { "they" } else { name.trim() };
    let clock = |at: Instant| at.with_timezone(&on.zone()).format("%-I:%M %P").to_string();
    let ask = format!("Did {who} arrive at {}?", clock(on.starts_at));
    let other = about.next_step_at.filter(|at| *at != on.starts_at).zip(about.next_step.as_ref());
    let Some((at, sealed)) = other else { return Ok(ask) };
    let keyring = unit.db().keyring();
    let promised = keyring.open(unit.tx(), about.prospective_id, NEXT_STEP, sealed).await?;
    let at = at.with_timezone(&on.zone()).format("%a %-d %b, %-I:%M %P");
    Ok(format!("{ask} Promised besides: {promised}, {at}"))
}
