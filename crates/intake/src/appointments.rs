//! Appointments: who can be met where and when, the times that are booked from that, and what follows when somebody does not
//! come. Free times are computed from hours and never stored.

pub mod arriving;
pub mod booking;
pub mod feed;
pub mod hours;
pub(crate) mod keeping;
pub mod list;
pub mod moving;
pub mod offering;
pub mod sites;
pub mod telling;

use std::collections::HashSet;

use clients::person::shown;
use foundation::{Act, Actor, Error, Instant, Subject, may, refused};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use crate::entity::appointment;
pub use crate::entity::appointment::{AppointmentId, Model as Appointment};
use crate::request::{Request, RequestId, by_reference};
use crate::rules::appointments::{State, ask_at};

impl Appointment {
    /// The appointment as permission and the ledger need it: it is part of its request, and the clinician's own.
    pub fn subject(&self) -> Subject {
        Subject::of("request", self.request_id)
            .concerning(self.person_id)
            .cared_for_by(Some(self.staff_id), None)
    }

    /// Whether it is booked and lies ahead, or nobody has said yet what became of it.
    pub fn is_booked(&self) -> bool {
        self.state == State::Booked
    }

    /// Whether somebody should say by now if they arrived.
    pub fn is_asked(&self, now: Instant) -> bool {
        self.is_booked() && ask_at(self.starts_at) <= now
    }
}

/// The page of the appointment of one request.
#[derive(Clone, Debug)]
pub struct Page {
    pub request: Request,
    /// The person who may need care.
    pub name: String,
    /// The one that counts: booked, or the last one.
    pub appointment: Option<Appointment>,
    /// The ones before it, newest first.
    pub earlier: Vec<Appointment>,
    /// Why no letter about it may leave, in a sentence for staff; `None` when letters may leave.
    pub no_letter: Option<&'static str>,
}

/// The page of the appointment of one request. The caller records the opening of its request.
pub async fn page(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    reference: &str,
    now: Instant,
) -> Result<Page, Error> {
    let request = by_reference(reader, reference).await?;
    if !may(viewer, Act::OpenRequest, &request.subject()) {
        return Err(Error::NotFound);
    }
    let name = shown(&clients::person::name_of(reader, request.asked_as()).await?);
    let mut all = of(reader, request.id).await?.into_iter();
    let no_letter = telling::no_letter(reader, &request, now).await?;
    Ok(Page { request, name, appointment: all.next(), earlier: all.collect(), no_letter })
}

/// Every appointment of a request, the one that counts first: one that is booked, then the newest.
pub async fn of(reader: &impl ConnectionTrait, id: RequestId) -> Result<Vec<Appointment>, Error> {
    let mut all = appointment::Entity::find()
        .filter(appointment::Column::RequestId.eq(id))
        .order_by_desc(appointment::Column::Id)
        .all(reader)
        .await?;
    all.sort_by_key(|one| !one.is_booked());
    Ok(all)
}

/// An appointment with its request, for an act on it from a list.
///
/// # Errors
/// [`Error::NotFound`] when it is not there, or is not one the viewer may say anything about.
pub async fn by_id(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    id: AppointmentId,
) -> Result<(Appointment, Request), Error> {
    let on = appointment::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    if !may(viewer, Act::ViewAppointments, &on.subject()) {
        return Err(Error::NotFound);
    }
    let about = crate::request::merging::going_on(reader, on.request_id).await?;
    if about.subject().is_kept_from(viewer) && viewer.staff_id() != Some(on.staff_id) {
        return Err(Error::NotFound);
    }
    Ok((on, about))
}

/// The requests that have a time ahead of them.
pub async fn booked(reader: &impl ConnectionTrait) -> Result<HashSet<RequestId>, Error> {
    let ids: Vec<RequestId> = appointment::Entity::find()
        .select_only()
        .column(appointment::Column::RequestId)
        .filter(appointment::Column::State.eq(State::Booked))
        .into_tuple()
        .all(reader)
        .await?;
    Ok(ids.into_iter().collect())
}

/// The one that counts.
pub async fn newest(reader: &impl ConnectionTrait, id: RequestId) -> Result<Option<Appointment>, Error> {
    Ok(of(reader, id).await?.into_iter().next())
}

/// The booked one.
pub(crate) async fn booked_of(
    reader: &impl ConnectionTrait,
    id: RequestId,
) -> Result<Option<Appointment>, Error> {
    Ok(newest(reader, id).await?.filter(Appointment::is_booked))
}

/// What somebody is told who acts on one that is booked no more.
fn settled() -> Error {
    refused("settled", "This appointment is not booked any more. Look again at how it stands.")
}
