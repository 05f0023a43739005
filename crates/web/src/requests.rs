//! The page of one request and everything staff do with it.

mod comparing;
mod merging;
mod messages;
pub(crate) mod same_person;
mod telling;
mod view;

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, StaffId, read_moment};
use intake::Request;
use intake::request::merging::going_on;
use intake::request::page::{self, Around};
use intake::request::snoozing::{self, Snooze};
use intake::request::{attempting, by_reference, claiming, closing, converting, noting, stepping};
use intake::rules::outcome::Closing;
use intake::rules::words::Outcome;

use crate::failure::Failure;
use crate::form::{Asked, Seen, Typed};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::{ByItself, Me};
use view::RequestPage;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/inbox/{reference}", Access::Staff(Act::OpenRequest), open)
        .act("/inbox/{reference}/claim", Access::Staff(Act::ClaimRequest), claim)
        .act("/inbox/{reference}/release", Access::Staff(Act::ReleaseRequest), release)
        .act("/inbox/{reference}/owner", Access::Staff(Act::GiveRequest), give)
        .act("/inbox/{reference}/attempts", Access::Staff(Act::LogAttempt), attempt)
        .act("/inbox/{reference}/notes", Access::Staff(Act::NoteRequest), note)
        .act("/inbox/{reference}/next-step", Access::Staff(Act::SetNextStep), step)
        .act("/inbox/{reference}/snooze", Access::Staff(Act::SnoozeRequest), snooze)
        .act("/inbox/{reference}/waking", Access::Staff(Act::WakeRequest), wake)
        .act("/inbox/{reference}/check-ins", Access::Staff(Act::LogAttempt), check_in)
        .act("/inbox/{reference}/closing", Access::Staff(Act::CloseRequest), close)
        .act("/inbox/{reference}/reopening", Access::Staff(Act::ReopenRequest), reopen)
        .act("/inbox/{reference}/client", Access::Staff(Act::ConvertRequest), convert)
        .and(merging::routes())
}

type At = Path<String>;

async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    Asked(asked): Asked,
    ByItself(by_itself): ByItself,
) -> Result<Response, Failure> {
    let (typed, faults) = (Typed::default(), Faults::default());
    let seen = Seen { typed: &typed, faults: &faults, before: asked.text("before").parse().ok() };
    shown(&house, &me, &reference, seen, by_itself).await
}

/// The page, recorded as opened before it is shown.
async fn shown(
    house: &House,
    me: &Actor,
    reference: &str,
    seen: Seen<'_>,
    by_itself: bool,
) -> Result<Response, Failure> {
    let staff = Directory::of(house).await?;
    let around = Around { viewer: me, keyring: house.keyring(), staff: &staff, now: house.now() };
    let read = house.look(async |reader| page::page(reader, around, reference, seen.before).await).await?;
    if let Some(on) = read.goes_on_in.as_ref().filter(|_| seen.faults.0.is_empty()) {
        return Ok(sent_on(&here(on), Said::GoesOn, on));
    }
    let subject = read.request.subject();
    if by_itself {
        house.readings().go_on(me, Act::OpenRequest, &subject).await?;
    } else {
        house.readings().record(me, Act::OpenRequest, &subject).await?;
    }
    Ok(show(RequestPage::new(house, me, read, seen.typed, seen.faults).await?))
}

/// Does something to a request and shows its page again, or the page with what must be put right. What is done to one
/// that was merged is done to the one that goes on for it.
async fn act_on(
    house: &House,
    me: &Actor,
    reference: &str,
    typed: &Typed,
    work: impl AsyncFnOnce(&Request) -> Result<(String, Said), Error>,
) -> Result<Response, Failure> {
    let request = by_reference(house.reader(), reference).await?;
    let request = going_on(house.reader(), request.id).await?;
    let reference = request.reference.as_str();
    match work(&request).await {
        Ok((to, said)) => Ok(sent_on(&to, said, reference)),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            shown(house, me, reference, Seen::again(typed, &Failure::from(error).faults()?), false).await
        }
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add(
                "note",
                "Someone changed this request while you were at it. Look again; what you typed is below",
            );
            shown(house, me, reference, Seen::again(typed, &faults), false).await
        }
        Err(other) => Err(other.into()),
    }
}

fn here(reference: &str) -> String {
    format!("/inbox/{reference}")
}

async fn claim(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| claiming::claim(unit, request).await).await?;
        Ok((here(&request.reference), Said::Claimed))
    })
    .await
}

async fn release(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| claiming::release(unit, request).await).await?;
        Ok(("/inbox".into(), Said::Released))
    })
    .await
}

async fn give(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let to: StaffId = typed.text("to").parse().map_err(|_| chosen("to", "Choose a colleague"))?;
        house.write(&me, async |unit| claiming::give(unit, request, to).await).await?;
        Ok((here(&request.reference), Said::Given))
    })
    .await
}

async fn attempt(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let outcome =
            Outcome::parse(typed.text("outcome")).ok_or_else(|| chosen("outcome", "Choose how it went"))?;
        let text = typed.text("note").to_owned();
        house
            .write(&me, async |unit| {
                attempting::attempt(unit, request, outcome).await?;
                if !text.is_empty() {
                    noting::note(unit, request, &text).await?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok((here(&request.reference), Said::AttemptLogged))
    })
    .await
}

async fn note(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let text = typed.text("note").to_owned();
        house.write(&me, async |unit| noting::note(unit, request, &text).await).await?;
        Ok((here(&request.reference), Said::NoteKept))
    })
    .await
}

async fn step(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let zone = Center::of(&house).await?.zone;
        let at = read_moment(typed.text("next_step_at"), zone);
        let step = stepping::NextStep::parse(typed.text("next_step"), at, house.now())?;
        let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
        house.write(&me, async |unit| stepping::step(unit, request, version, step).await).await?;
        Ok((here(&request.reference), Said::StepSet))
    })
    .await
}

/// Put aside until the moment that was typed, or the one of the button that was pressed.
async fn snooze(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let zone = Center::of(&house).await?.zone;
        let until = read_moment(typed.given("quick").unwrap_or_else(|| typed.text("snooze_until")), zone);
        let to = Snooze::parse(until, typed.checked("through"), house.now())?;
        let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
        house.write(&me, async |unit| snoozing::snooze(unit, request, version, to).await).await?;
        Ok(("/inbox".into(), Said::Snoozed))
    })
    .await
}

async fn wake(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| snoozing::wake(unit, request).await).await?;
        Ok((here(&reference), Said::Woken))
    })
    .await
}

/// Somebody who gave permission was asked how it goes.
async fn check_in(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let outcome =
            Outcome::parse(typed.text("asked")).ok_or_else(|| chosen("asked", "Choose how it went"))?;
        house.write(&me, async |unit| attempting::check_in(unit, request, outcome).await).await?;
        Ok((here(&reference), Said::AskedAgain))
    })
    .await
}

async fn close(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let how = Closing::parse(typed.text("disposition"), typed.text("reason"), typed.text("check_in"))?;
        house.write(&me, async |unit| closing::close(unit, request, how).await).await?;
        Ok(("/inbox".into(), Said::Closed))
    })
    .await
}

async fn reopen(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| closing::reopen(unit, request).await).await?;
        Ok((here(&request.reference), Said::Reopened))
    })
    .await
}

async fn convert(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let counselor: Option<StaffId> = typed.given("counselor").and_then(|c| c.parse().ok());
        let person =
            house.write(&me, async |unit| converting::convert(unit, request, counselor).await).await?;
        Ok((format!("/clients/{person}"), Said::Converted))
    })
    .await
}

fn chosen(field: &str, words: &str) -> Error {
    let mut faults = Faults::default();
    faults.add(field, words);
    faults.into()
}
