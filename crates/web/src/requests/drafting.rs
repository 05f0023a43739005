//! What somebody is still writing at a request: kept while they type, found again by them at any desk and after signing in
//! anew, gone after half a day.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use foundation::drafts::{self, Draft};
use foundation::{Act, Actor, Error};
use intake::request::seen;

use super::At;
use crate::failure::Failure;
use crate::form::Typed;
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::session::Me;

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::default().act("/inbox/{reference}/draft", Access::Staff(Act::NoteRequest), keep)
}

/// What is kept of the page.
const FIELDS: [&str; 4] = ["note", "subject_line", "language", "letter"];

/// A night's work is there in the morning; what nobody went on with is nobody's record.
const KEPT: TimeDelta = TimeDelta::hours(12);

/// Found by whoever writes, and by nobody else: the name of a draft is never sent, it is made here.
fn token(me: &Actor, reference: &str) -> Result<String, Error> {
    let me = me.staff_id().ok_or(Error::Forbidden(Act::NoteRequest))?;
    Ok(format!("at {} by {me}", reference.to_uppercase()))
}

/// What was being written here, as if it were typed now.
pub(super) async fn typed(house: &House, me: &Actor, reference: &str) -> Result<Typed, Error> {
    Ok(Typed::kept(drafts::of(house, &token(me, reference)?).await?.answers))
}

/// Keeps what is being typed; what another form of the page holds stays.
async fn keep(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let request = seen(house.reader(), &me, &reference).await?;
    let token = token(&me, &request.reference)?;
    let mut draft = drafts::of(&house, &token).await?;
    for (name, value) in typed.all().filter(|(name, _)| FIELDS.contains(name)) {
        draft.answers.insert(name.to_owned(), value.to_owned());
    }
    drafts::keep_for(&house, &token, &draft, KEPT).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lets go of what was sent.
pub(super) async fn drop(house: &House, me: &Actor, reference: &str, fields: &[&str]) -> Result<(), Error> {
    let token = token(me, reference)?;
    let mut draft: Draft = drafts::of(house, &token).await?;
    let had = draft.answers.len();
    draft.answers.retain(|name, _| !fields.contains(&name.as_str()));
    match draft.answers.len() {
        now if now == had => Ok(()),
        0 => drafts::discard(house, &token).await,
        _ => drafts::keep_for(house, &token, &draft, KEPT).await,
    }
}
