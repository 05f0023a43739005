//! The session of a request: a `__Host-` cookie with a random token, looked up before anything else runs.

use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use foundation::staff::{Session, sessions};
use foundation::{Actor, Away, Secret, hash_of, hex};

use crate::failure::Failure;
use crate::house::House;
use crate::shelter::WhoIsUnknown;

/// `__Host-`: only over TLS (or loopback), only this host, the whole path.
pub(crate) const NAME: &str = "__Host-kith";

/// So long the question whose session it is may take.
const PATIENCE: Duration = Duration::from_secs(4);

/// A request whose session has not ended.
#[derive(Clone)]
pub struct SignedIn(pub Session);

/// The member of staff who asks, for handlers of staff routes.
pub struct Me(pub Actor, pub Session);

impl FromRequestParts<House> for Me {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &House) -> Result<Self, Failure> {
        let SignedIn(session) =
            parts.extensions.get::<SignedIn>().cloned().ok_or_else(|| Failure::sign_in(&parts.uri))?;
        Ok(Self(session.actor(), session))
    }
}

/// Whether an open page fetched itself anew, and no person asked.
pub struct ByItself(pub bool);

impl FromRequestParts<House> for ByItself {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &House) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.headers.contains_key("kith-by-itself")))
    }
}

/// Finds the session of a request and notes that a person is at it, unless the page asked by itself.
pub async fn find(State(house): State<House>, mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(house.clone());
    // A font is the same for everyone; nobody is asked who they are for it.
    let asks_who = !request.uri().path().starts_with("/assets/");
    let token = cookie(request.headers(), NAME).filter(|_| asks_who);
    let away = house.standing().borrow().reads.err();
    if let (Some(_), Some(away)) = (&token, away) {
        request.extensions_mut().insert(WhoIsUnknown(away));
    } else if let Some(token) = token {
        let asked = sessions::of(&house, &token, house.ways().factor_required);
        let asked = tokio::time::timeout(PATIENCE, asked).await;
        match asked.unwrap_or(Err(foundation::Error::Away(Away::Silent))) {
            Ok(Some(session)) => {
                let by_itself =
                    request.headers().contains_key("kith-by-itself") || request.uri().path() == "/live";
                // While nothing can be kept nobody waits to hear that.
                let keeps = house.standing().borrow().writes.is_ok();
                if !by_itself && keeps && sessions::touch(&house, &session).await.is_err() {
                    tracing::warn!("activity of a session could not be noted");
                }
                request.extensions_mut().insert(FormToken(form_token(&token)));
                request.extensions_mut().insert(SignedIn(session));
            }
            Ok(None) => {}
            // Without an answer nobody knows who this is: neither let in, nor sent to sign in.
            Err(foundation::Error::Away(away)) => {
                request.extensions_mut().insert(WhoIsUnknown(away));
            }
            // Fails closed: without an answer there is no session.
            Err(e) => tracing::error!(error = %e, "the session could not be looked up"),
        }
    }
    next.run(request).await
}

/// What every form of a session carries: derived from the session's token, so that nothing is stored for it.
#[derive(Clone)]
pub struct FormToken(pub String);

/// The token of the forms of a session.
pub(crate) fn form_token(session_token: &str) -> String {
    hex(&hash_of(&format!("form token of {session_token}")))
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|h| h.to_str().ok())
        .flat_map(|h| h.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// Sets the session cookie of a fresh sign-in.
pub fn set(headers: &mut HeaderMap, token: &Secret) {
    set_cookie(headers, NAME, token.reveal(), None);
}

/// Removes the session cookie.
pub fn unset(headers: &mut HeaderMap) {
    set_cookie(headers, NAME, "", Some(0));
}

/// Sets a cookie of this host alone. `max_age` in seconds; without it the cookie ends with the browser.
pub fn set_cookie(headers: &mut HeaderMap, name: &str, value: &str, max_age: Option<u32>) {
    let age = max_age.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    let text = format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax{age}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(SET_COOKIE, value);
    }
}
