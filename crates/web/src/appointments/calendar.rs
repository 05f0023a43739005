//! The private calendar of a member of staff: its address, told once, and what a calendar program finds there.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use foundation::center::Center;
use foundation::{Act, Actor, Error, hash_of, hex};
use intake::appointments::feed;
use intake::appointments::offering::said;

use crate::failure::Failure;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::look::Place;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

const HERE: &str = "/account/calendar";

/// The routes of this file.
pub(super) fn routes() -> Routes {
    let own = Access::Staff(Act::ChangeOwnAccount);
    Routes::default()
        .page(HERE, own, open)
        .act(HERE, own, make)
        .act("/account/calendar/ending", own, end)
        .page("/calendar/{file}", Access::Public, calendar)
}

async fn open(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    shown(&house, &me, None).await
}

async fn shown(house: &House, me: &Actor, told: Option<String>) -> Result<Response, Failure> {
    let zone = Center::of(house).await?.zone;
    let me = me.staff_id().ok_or(Error::NotFound)?;
    let since = feed::standing(house.reader(), me).await?;
    Ok(show(CalendarPage { since: since.map(|at| said(at, zone)), told }))
}

async fn make(State(house): State<House>, Me(me, _): Me, _: Typed) -> Result<Response, Failure> {
    let secret = house.write(&me, async |unit| feed::make(unit).await).await?;
    let address = format!("{}/calendar/{}.ics", house.ways().public_url, secret.reveal());
    shown(&house, &me, Some(address)).await
}

async fn end(State(house): State<House>, Me(me, _): Me, _: Typed) -> Result<Response, Failure> {
    match house.write(&me, async |unit| feed::end(unit).await).await {
        // Whoever presses twice wanted it once.
        Ok(()) | Err(Error::Refused(_)) => Ok(sent_on(HERE, Said::CalendarEnded, "")),
        Err(other) => Err(other.into()),
    }
}

/// What a calendar program fetches again and again: the same answer for every wrong address, and nothing sent twice. It
/// opens no record, so nothing is written down about it.
async fn calendar(
    State(house): State<House>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let token = file.strip_suffix(".ics").ok_or(Error::NotFound)?;
    let text = feed::read(house.reader(), token, house.now()).await?;
    let tag = format!("W/\"{}\"", hex(&hash_of(&text)));
    let kept = [(ETAG, tag.clone()), (CACHE_CONTROL, "private, no-cache".to_owned())];
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|one| one.trim() == tag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    Ok((kept, [(CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response())
}

#[derive(Template)]
#[template(path = "pages/appointments/calendar.html")]
struct CalendarPage {
    since: Option<String>,
    /// The address, once.
    told: Option<String>,
}

impl Page for CalendarPage {
    fn title(&self) -> String {
        "Your calendar".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Elsewhere)
    }
}
