//! Booking: a free time becomes the next step of a request. Of two desks that book the same time one wins, and the other
//! learns what is free next.

use foundation::{Act, Error, Instant, News, StaffId, Unit, may, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Query};
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use serde_json::json;

use super::offering::{self, Choice, Offer, said};
use super::{Appointment, AppointmentId, booked_of, sites, telling};
use crate::entity::{appointment, request};
use crate::request::{NEXT_STEP, Request, waiting};
use crate::rules::appointments::{AHEAD, State};
use crate::rules::waiting::EndedHow;

/// Books a time for the person of a request. `words` are what was promised besides; without any the time speaks for itself.
///
/// # Errors
/// A refusal when the request is closed or has a time already, or when somebody else took this one, with the next free ones.
pub async fn book(
    unit: &mut Unit,
    about: &Request,
    choice: Choice,
    words: Option<&str>,
) -> Result<AppointmentId, Error> {
    let permit = unit.permit(Act::BookAppointment, &about.subject())?;
    if !about.is_open() {
        return Err(refused("closed", "This request is closed. Open it again first."));
    }
    if let Some(booked) = booked_of(unit.tx(), about.id).await? {
        let at = said(booked.starts_at, booked.zone());
        return Err(refused("booked", format!("They have a time already: {at}. Move that one instead.")));
    }
    let offer = take(unit, choice).await?;
    let id: AppointmentId = unit.id();
    let row = appointment::ActiveModel {
        id: Set(id),
        request_id: Set(about.id),
        person_id: Set(about.prospective_id),
        staff_id: Set(choice.staff),
        site_id: Set(choice.site),
        starts_at: Set(offer.starts_at),
        ends_at: Set(offer.ends_at),
        zone: Set(offer.zone.name().to_owned()),
        first_starts_at: Set(offer.starts_at),
        booked_at: Set(unit.now()),
        booked_by: Set(unit.actor().staff_id()),
        state: Set(State::Booked),
        why: Set(None),
        confirmed_at: Set(None),
        asked_at: Set(None),
        settled_at: Set(None),
        changed_at: Set(unit.now()),
        sequence: Set(0),
        version: Set(1),
    };
    match unit.insert(row).await {
        Err(Error::Exists) => Err(refused("taken", TAKEN)),
        other => other,
    }?;
    let promise = words.map_or_else(|| promise(&offer.clinician), str::to_owned);
    step(unit, about, &promise, offer.starts_at).await?;
    let on = one(unit, id).await?;
    telling::booked(unit, about, &on).await?;
    unit.record(permit, json!({ "appointment": id, "with": said(offer.starts_at, offer.zone) }));
    unit.tell(News::Inbox);
    Ok(id)
}

const TAKEN: &str = "A colleague took this time a moment ago. Choose another one.";

/// What is promised by an appointment.
pub(crate) fn promise(clinician: &str) -> String {
    format!("Assessment with {clinician}")
}

/// The offer a choice names, if it is still free. Nobody else books with this clinician until the unit is done.
///
/// # Errors
/// A refusal with the next free times.
pub(super) async fn take(unit: &Unit, choice: Choice) -> Result<Offer, Error> {
    held(unit, choice.staff).await?;
    let now = unit.now();
    let all = sites::open(unit.tx()).await?;
    let zone = all.iter().find(|site| site.id == choice.site).map(sites::Site::zone);
    let starts_at = zone.and_then(|zone| choice.starts_at(zone));
    let lead = offering::lead(unit.tx()).await?;
    let is_too_soon = starts_at.is_some_and(|at| now <= at && at < now + lead);
    if let Some(at) = starts_at.filter(|at| now + lead <= *at && *at - now < AHEAD) {
        let minute = chrono::TimeDelta::minutes(1);
        let here = offering::offers(unit.tx(), Some(choice.staff), at, at + minute).await?;
        if let Some(offer) = here.into_iter().find(|offer| offer.choice == choice) {
            return Ok(offer);
        }
    }
    let next = offering::next(unit.tx(), now, 3).await?;
    let told: Vec<String> = next
        .iter()
        .map(|offer| format!("{} with {}", said(offer.starts_at, offer.zone), offer.clinician))
        .collect();
    let why = if is_too_soon {
        format!("This time begins in less than {} minutes", lead.num_minutes())
    } else {
        "This time is not free any more".to_owned()
    };
    Err(refused(
        "taken",
        match told.as_slice() {
            [] => format!("{why}, and none is free in the next two weeks."),
            told => format!("{why}. Free next: {}.", told.join("; ")),
        },
    ))
}

/// Holds the row of a clinician, so that two times which meet and do not begin together cannot both be booked. On SQLite a
/// unit is alone anyway. The table is another room's: it is read and not written.
pub(crate) async fn held(unit: &Unit, staff: StaffId) -> Result<(), Error> {
    let mut ask = Query::select();
    ask.column("id").from("staff").and_where(Expr::col("id").eq(staff));
    if unit.tx().get_database_backend() == sea_orm::DbBackend::Postgres {
        ask.lock(LockType::NoKeyUpdate);
    }
    unit.tx().query_one(&ask).await?;
    Ok(())
}

/// Makes a moment the next step of a request; whoever books keeps it when nobody has it yet.
pub(super) async fn step(unit: &mut Unit, about: &Request, what: &str, at: Instant) -> Result<(), Error> {
    let sealed = unit.seal(about.prospective_id, NEXT_STEP, what).await?;
    let due_at = waiting::over(unit, about, EndedHow::Contact).await?;
    // A clinician who sees who comes in works no requests.
    let me = unit.actor().staff_id().filter(|_| may(unit.actor(), Act::ClaimRequest, &about.subject()));
    let mut update = request::Entity::update_many()
        .col_expr(request::Column::NextStep, Expr::value(Some(sealed)))
        .col_expr(request::Column::NextStepAt, Expr::value(Some(at)))
        .col_expr(request::Column::WokeAt, Expr::value(Option::<Instant>::None))
        .col_expr(request::Column::SnoozedUntil, Expr::value(Option::<Instant>::None))
        .col_expr(request::Column::WaitingUntil, Expr::value(Option::<Instant>::None))
        .col_expr(request::Column::DueAt, Expr::value(due_at))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(about.id))
        // What is promised is sealed for this person.
        .filter(request::Column::ProspectiveId.eq(about.prospective_id))
        .filter(request::Column::ClosedAt.is_null());
    if about.owner_id.is_none() && me.is_some() {
        update = update
            .col_expr(request::Column::OwnerId, Expr::value(me))
            .col_expr(request::Column::ClaimedAt, Expr::value(Some(unit.now())));
    }
    if update.exec(unit.tx()).await?.rows_affected == 0 {
        return Err(Error::Stale);
    }
    Ok(())
}

/// The step that a time which is booked promises: what is left when another one was done. Sealed, with its moment.
pub(crate) async fn promised(
    unit: &mut Unit,
    about: &Request,
) -> Result<(Option<Vec<u8>>, Option<Instant>), Error> {
    let Some(booked) = booked_of(unit.tx(), about.id).await? else { return Ok((None, None)) };
    let clinician = foundation::staff::inviting::member(unit.tx(), booked.staff_id).await?.name;
    let sealed = unit.seal(about.prospective_id, NEXT_STEP, &promise(&clinician)).await?;
    Ok((Some(sealed), Some(booked.starts_at)))
}

pub(super) async fn one(unit: &Unit, id: AppointmentId) -> Result<Appointment, Error> {
    appointment::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)
}
