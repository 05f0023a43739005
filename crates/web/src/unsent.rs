//! What someone sent after their session had ended for want of a person. It is kept sealed for an hour, and whoever it
//! belongs to finds it after signing in, with one button to send it: nothing typed is lost, also without script.

use askama::Template;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Redirect, Response};
use foundation::drafts::{self, Draft};
use foundation::staff::sessions;
use foundation::{Act, Error};

use crate::failure::Failure;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::look::Place;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::{self, Me, cookie, set_cookie};

const NAME: &str = "__Host-unsent";
/// As long as a draft is kept, in seconds.
const KEPT: u32 = 3600;
/// The largest form that is kept, in bytes.
const LARGEST: usize = 256 * 1024;
/// What is never kept, not even sealed.
const SECRETS: [&str; 4] = ["form_token", "password", "current", "code"];

/// The routes of this file.
pub fn routes() -> Routes {
    let own = Access::Staff(Act::ChangeOwnAccount);
    Routes::default().page("/unsent", own, page).act("/unsent/discarding", own, discard)
}

/// Answers a request for which nobody is signed in. The form of someone who just was is kept; then they sign in.
pub async fn sign_in_first(house: &House, request: Request) -> Response {
    let back = Failure::sign_in(request.uri());
    // A draft stays on the page that keeps it; what its writer sent is what waits for them.
    if request.method() != Method::POST || request.uri().path().ends_with("/draft") {
        return back.into_response();
    }
    match keep(house, request).await {
        Some(word) => {
            let mut response = Redirect::to("/sign-in?to=%2Funsent").into_response();
            set_cookie(response.headers_mut(), NAME, &word, Some(KEPT));
            response
        }
        // An act has no page of its own to come back to.
        None => Failure::SignIn { back_to: None }.into_response(),
    }
}

/// Keeps the form if it is one of a session that ended a while ago. What cannot be kept is not, and says nothing.
async fn keep(house: &House, request: Request) -> Option<String> {
    let token = cookie(request.headers(), session::NAME)?;
    let staff = sessions::whose_was(house, &token).await.ok()??;
    let path = request.uri().path().to_owned();
    let body = to_bytes(request.into_body(), LARGEST).await.ok()?;
    let typed = Typed::read(&body).ok()?;
    if typed.exact("form_token") != session::form_token(&token) {
        return None;
    }
    let fields: Vec<(String, String)> = typed
        .every()
        .filter(|(name, value)| !SECRETS.contains(name) && !value.trim().is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut draft = Draft::default();
    draft.answers.insert("staff".into(), staff.to_string());
    draft.answers.insert("path".into(), path);
    draft.answers.insert("fields".into(), serde_json::to_string(&fields).ok()?);
    let word = house.chance().secret().reveal().to_owned();
    drafts::keep(house, &word, &draft).await.ok()?;
    Some(word)
}

#[derive(Template)]
#[template(path = "pages/account/unsent.html")]
struct Unsent {
    path: String,
    fields: Vec<(String, String)>,
}

impl Unsent {
    /// What a person wrote, without what a form carries along by itself.
    fn written(&self) -> impl Iterator<Item = (String, &str)> {
        let by_itself = ["version", "submission"];
        let written = self.fields.iter().filter(move |(name, _)| !by_itself.contains(&name.as_str()));
        written.map(|(name, value)| (name.trim_end_matches("[]").replace('_', " "), value.as_str()))
    }
}

impl Page for Unsent {
    fn title(&self) -> String {
        "What you typed is here".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Elsewhere)
    }
}

async fn page(State(house): State<House>, Me(me, _): Me, headers: HeaderMap) -> Result<Response, Failure> {
    let Some(word) = cookie(&headers, NAME) else { return Ok(Redirect::to("/").into_response()) };
    let draft = drafts::of(&house, &word).await?;
    let theirs = me.staff_id().is_some_and(|id| id.to_string() == draft.text("staff"));
    if !theirs {
        return Ok(Redirect::to("/").into_response());
    }
    let fields = serde_json::from_str(draft.text("fields")).map_err(|e| Error::Broken(e.to_string()))?;
    Ok(show(Unsent { path: draft.text("path").to_owned(), fields }))
}

async fn discard(State(house): State<House>, headers: HeaderMap, _: Typed) -> Result<Response, Failure> {
    if let Some(word) = cookie(&headers, NAME) {
        drafts::discard(&house, &word).await?;
    }
    let mut response = Redirect::to("/").into_response();
    set_cookie(response.headers_mut(), NAME, "", Some(0));
    Ok(response)
}
