//! What somebody is still writing at a request: kept while they type, found again by the same session, gone after an hour.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use foundation::drafts::{self, Draft};
use foundation::{Act, Error};
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

/// Found by what only this session's pages carry.
fn token(form_token: &str, reference: &str) -> String {
    format!("at {} with {form_token}", reference.to_uppercase())
}

/// What was being written here, as if it were typed now.
pub(super) async fn typed(house: &House, form_token: &str, reference: &str) -> Result<Typed, Error> {
    Ok(Typed::kept(drafts::of(house, &token(form_token, reference)).await?.answers))
}

/// Keeps what is being typed; what another form of the page holds stays.
async fn keep(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let request = seen(house.reader(), &me, &reference).await?;
    let token = token(typed.exact("form_token"), &request.reference);
    let mut draft = drafts::of(&house, &token).await?;
    for (name, value) in typed.all().filter(|(name, _)| FIELDS.contains(name)) {
        draft.answers.insert(name.to_owned(), value.to_owned());
    }
    drafts::keep(&house, &token, &draft).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lets go of what was sent.
pub(super) async fn drop(
    house: &House,
    typed: &Typed,
    reference: &str,
    fields: &[&str],
) -> Result<(), Error> {
    let token = token(typed.exact("form_token"), reference);
    let mut draft: Draft = drafts::of(house, &token).await?;
    let had = draft.answers.len();
    draft.answers.retain(|name, _| !fields.contains(&name.as_str()));
    match draft.answers.len() {
        now if now == had => Ok(()),
        0 => drafts::discard(house, &token).await,
        _ => drafts::keep(house, &token, &draft).await,
    }
}
