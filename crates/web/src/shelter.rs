//! While the database is away nothing is asked of it: every page says so at once, with the number to call, nobody is sent to
//! sign in, and what somebody typed stays on the page, ready to be sent again.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use foundation::store::Standing;
use foundation::{Away, Error};
use tokio::sync::watch;

use crate::failure::Failure;
use crate::form::Typed;
use crate::house::House;
use crate::origin;

/// The largest form that is shown again, in bytes.
const LARGEST: usize = 256 * 1024;
/// So long a form may take to arrive.
const SENT_WITHIN: Duration = Duration::from_secs(30);
/// What needs no database: whoever leaves leaves, and whoever watches the machine is told how it stands.
const WITHOUT: [&str; 3] = ["/leave", "/healthz", "/readyz"];

/// Set on a request whose session could not be looked up: nobody is told to sign in for that.
#[derive(Clone, Copy)]
pub struct WhoIsUnknown(pub Away);

/// What somebody sent and nobody took, ready to be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StillHere {
    /// Where it was sent.
    pub path: String,
    /// Every field, with what the form carries along.
    pub fields: Vec<(String, String)>,
}

impl StillHere {
    /// What a person wrote, without what the form carries along.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        let by_itself = ["form_token", "version", "submission", "form"];
        let written = self.fields.iter().filter(move |(name, _)| !by_itself.contains(&name.as_str()));
        written.map(|(_, value)| value.as_str()).filter(|value| value.chars().any(char::is_whitespace))
    }
}

/// Runs the request unless the database is away, and ends the wait when it goes away meanwhile.
pub async fn give(State(house): State<House>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/") || WITHOUT.contains(&path) {
        return next.run(request).await;
    }
    let is_act = request.method() == Method::POST;
    let Some((request, still_here)) = kept_in_hand(request).await else {
        return Failure::Unreadable("The form arrived damaged. Go back and send it again.").into_response();
    };
    let unknown = request.extensions().get::<WhoIsUnknown>().map(|unknown| unknown.0);
    let mut standing = house.standing();
    let away = standing.borrow().reads.err().or(unknown);
    let mut response = if let Some(away) = away {
        Failure::House(Error::Away(away)).into_response()
    } else {
        tokio::select! {
            response = next.run(request) => response,
            away = gone(&mut standing) => {
                Failure::House(if is_act { Error::InDoubt } else { Error::Away(away) }).into_response()
            }
        }
    };
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
        if let Some(still_here) = still_here {
            response.extensions_mut().insert(still_here);
        }
    }
    response
}

/// Ends when the database goes away, and says why.
async fn gone(standing: &mut watch::Receiver<Standing>) -> Away {
    let away =
        standing.wait_for(|now| now.reads.is_err()).await.map(|now| now.reads.err().unwrap_or(Away::Silent));
    match away {
        Ok(away) => away,
        // Nobody asks it any more: the program ends.
        Err(_) => std::future::pending().await,
    }
}

/// The request, and a copy of the form in it; nothing when it does not arrive whole. A form with a password in it is shown
/// to nobody again, and neither is one of another site: its words would stand under our name.
async fn kept_in_hand(request: Request) -> Option<(Request, Option<StillHere>)> {
    if !may_be_kept(&request) {
        return Some((request, None));
    }
    let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let (parts, body) = request.into_parts();
    let bytes = tokio::time::timeout(SENT_WITHIN, to_bytes(body, LARGEST)).await.ok()?.ok()?;
    let still_here = Typed::read(&bytes).ok().and_then(|typed| {
        let fields: Vec<(String, String)> =
            typed.every().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let secret = |name: &str| name.contains("password") || name == "current" || name == "code";
        let is_secret = fields.iter().any(|(name, value)| secret(name) && !value.is_empty());
        (!is_secret).then_some(StillHere { path, fields })
    });
    Some((Request::from_parts(parts, Body::from(bytes)), still_here))
}

fn may_be_kept(request: &Request) -> bool {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let is_form =
        header(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let length = header(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    let is_ours = origin::is_own(request.headers()) && !request.uri().path().starts_with("//");
    request.method() == Method::POST && is_ours && is_form && length.is_some_and(|length| length <= LARGEST)
}
