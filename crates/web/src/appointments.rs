//! Appointments: who comes when, the page of one appointment with everything that is done about it, hours, sites, and the
//! private calendars.

mod calendar;
mod hours;
mod sites;
pub(crate) mod view;
pub(crate) mod week;

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults};
use intake::appointments::offering::{self, Choice};
use intake::appointments::{self, Appointment, Page as Read, arriving, booking, by_id, moving};
use intake::rules::appointments::Why;

use crate::call::safe_contact;
use crate::failure::Failure;
use crate::form::{Asked, Typed, chosen, key};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::{ByItself, Me};
use view::AppointmentPage;

/// Times shown at first, and when somebody asks for more.
const TIMES: usize = 9;
const MORE: usize = 60;

/// The routes of this file.
pub fn routes() -> Routes {
    let see = Access::Staff(Act::ViewAppointments);
    Routes::default()
        .page("/inbox/{reference}/appointment", Access::Staff(Act::BookAppointment), open)
        .act("/inbox/{reference}/appointment", Access::Staff(Act::BookAppointment), book)
        .act("/inbox/{reference}/appointment/moving", Access::Staff(Act::MoveAppointment), move_to)
        .act("/inbox/{reference}/appointment/cancelling", Access::Staff(Act::CancelAppointment), cancel)
        .act("/inbox/{reference}/appointment/confirming", Access::Staff(Act::ConfirmAppointment), confirm)
        .page("/appointments", see, week::open)
        .act("/appointments", Access::Staff(Act::BookAppointment), week::book)
        .act("/appointments/{id}/arrival", Access::Staff(Act::RecordArrival), arrival)
        .and(hours::routes())
        .and(sites::routes())
        .and(calendar::routes())
}

type At = Path<String>;

async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    Asked(asked): Asked,
    ByItself(by_itself): ByItself,
) -> Result<Response, Failure> {
    let more = asked.text("times") == "more";
    shown(&house, &me, &reference, &Typed::default(), &Faults::default(), (by_itself, more)).await
}

/// The page. An appointment is part of its request, so its opening is recorded as one of the request.
async fn shown(
    house: &House,
    me: &Actor,
    reference: &str,
    typed: &Typed,
    faults: &Faults,
    (by_itself, more): (bool, bool),
) -> Result<Response, Failure> {
    let now = house.now();
    let most = if more { MORE } else { TIMES };
    let (read, offers, sites) = house
        .look(async |reader| {
            let read = appointments::page(reader, me, reference, now).await?;
            let offers = offering::next(reader, now, most).await?;
            Ok::<_, Error>((read, offers, appointments::sites::all(reader).await?))
        })
        .await?;
    let subject = read.request.subject();
    if by_itself {
        house.readings().go_on(me, Act::OpenRequest, &subject).await?;
    } else {
        house.readings().record(me, Act::OpenRequest, &subject).await?;
    }
    let staff = Directory::of(house).await?;
    let around = view::Around { staff: &staff, sites: &sites, now };
    let card = safe_contact(house, me, &read.request).await?;
    let mut page = AppointmentPage::new(read, &offers, around, typed, faults);
    page.card = Some(card);
    page.more = !more && offers.len() == most;
    Ok(show(page))
}

/// Does something about an appointment and shows its page again, or the page with what must be put right.
async fn act_on(
    house: &House,
    me: &Actor,
    reference: &str,
    typed: &Typed,
    work: impl AsyncFnOnce(&Read) -> Result<Said, Error>,
) -> Result<Response, Failure> {
    let now = house.now();
    let read = house.look(async |reader| appointments::page(reader, me, reference, now).await).await?;
    match work(&read).await {
        Ok(said) => Ok(sent_on(&here(reference), said, reference)),
        Err(error) => shown(house, me, reference, typed, &told(error)?, (false, false)).await,
    }
}

/// What must be put right, at the field where somebody can.
fn told(error: Error) -> Result<Faults, Failure> {
    let mut about = Faults::default();
    match error {
        Error::Invalid(faults) => about = faults,
        Error::Refused(no) if no.code == "taken" => about.add("slot", no.sentence),
        Error::Refused(no) => about.add("appointment", no.sentence),
        Error::Stale => {
            about.add("appointment", "Someone changed this appointment while you were at it. Look again");
        }
        other => return Err(other.into()),
    }
    Ok(about)
}

fn here(reference: &str) -> String {
    format!("/inbox/{reference}/appointment")
}

fn booked(read: &Read) -> Result<&Appointment, Error> {
    read.appointment.as_ref().ok_or(Error::Stale)
}

fn choice(typed: &Typed) -> Result<Choice, Error> {
    chosen(Choice::parse(typed.text("slot")), "slot", "Choose a time")
}

fn why(typed: &Typed, field: &str) -> Result<Why, Error> {
    let why = Why::choosable().find(|why| why.as_str() == typed.text(field));
    chosen(why, field, "Choose why")
}

fn version(typed: &Typed) -> Result<i32, Error> {
    typed.text("version").parse().map_err(|_| Error::Stale)
}

async fn book(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let (slot, about) = (choice(&typed)?, &read.request);
        house.write(&me, async |unit| booking::book(unit, about, slot, None).await).await?;
        Ok(Said::Booked)
    })
    .await
}

async fn move_to(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let (on, about) = (booked(read)?, &read.request);
        let (slot, why, version) = (choice(&typed)?, why(&typed, "why")?, version(&typed)?);
        house.write(&me, async |unit| moving::move_to(unit, on, about, version, slot, why).await).await?;
        Ok(Said::TimeMoved)
    })
    .await
}

async fn cancel(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let (on, about) = (booked(read)?, &read.request);
        let (why, version) = (why(&typed, "why_off")?, version(&typed)?);
        house.write(&me, async |unit| moving::cancel(unit, on, about, version, why).await).await?;
        Ok(Said::TimeOff)
    })
    .await
}

async fn confirm(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |read| {
        let on = booked(read)?;
        house.write(&me, async |unit| arriving::confirm(unit, on).await).await?;
        Ok(Said::TimeConfirmed)
    })
    .await
}

/// Whether they came: said on the page of the appointment, on the week, or by the clinician, who opens no requests.
async fn arrival(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let (on, about) = house.look(async |reader| by_id(reader, &me, id).await).await?;
    let done = match typed.text("came") {
        "yes" => {
            let came = house.write(&me, async |unit| arriving::arrived(unit, &on, &about).await).await;
            came.map(|()| Said::Arrived)
        }
        "no" => {
            let missed = house.write(&me, async |unit| arriving::not_arrived(unit, &on, &about).await).await;
            missed.map(|()| Said::NotArrived)
        }
        _ => chosen(None, "appointment", "Choose whether they came"),
    };
    let works_requests = foundation::may(&me, Act::OpenRequest, &about.subject());
    match done {
        Ok(Said::NotArrived) if works_requests => {
            Ok(sent_on(&here(&about.reference), Said::NotArrived, &about.reference))
        }
        Ok(said) if typed.text("from") == "week" || !works_requests => {
            Ok(sent_on("/appointments", said, &about.reference))
        }
        Ok(said) => Ok(sent_on(&here(&about.reference), said, &about.reference)),
        Err(error) => {
            let faults = told(error)?;
            if works_requests {
                shown(&house, &me, &about.reference, &typed, &faults, (false, false)).await
            } else {
                week::shown(&house, &me, &typed, &faults).await
            }
        }
    }
}
