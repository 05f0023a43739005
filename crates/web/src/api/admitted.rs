//! Who may send: the holder of a key, from a server or from pages the key is for. Browsers ask beforehand (CORS); nothing
//! here looks at a cookie, so no page can send in another one's name.

use axum::extract::State;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, AUTHORIZATION, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use foundation::Error;
use intake::api_key::{self, ApiKey};

use super::problem::Problem;
use crate::address::Network;
use crate::house::House;

/// Somebody with a key.
pub(super) struct Admitted {
    pub(super) key: ApiKey,
    /// The origin of the page that sends, when a browser does.
    origin: Option<HeaderValue>,
}

impl Admitted {
    /// Looks at the key and where it is used; a no is ready to be sent.
    pub(super) async fn by(house: &House, network: &Network, headers: &HeaderMap) -> Result<Self, Response> {
        let origin = headers.get(ORIGIN).cloned();
        let from = origin.as_ref().and_then(|origin| origin.to_str().ok());
        let refuse = |problem: Problem, readable: bool| {
            let response = problem.into_response();
            if readable { allowing(response, origin.as_ref()) } else { varying(response) }
        };
        let of_ours = match from {
            Some(origin) => api_key::any_allows(house.reader(), origin).await,
            None => Ok(origin.is_none()),
        };
        let of_ours = of_ours.map_err(|e| refuse(e.into(), false))?;
        let key = match secret(headers) {
            Some(secret) => api_key::open(house.reader(), secret).await,
            None => Err(Error::NotFound),
        };
        let key = match key {
            Ok(key) => key,
            Err(Error::NotFound) if !house.answers_limit().allows(&network.0, house.now()) => {
                return Err(refuse(Problem::too_many(), of_ours));
            }
            Err(Error::NotFound) => return Err(refuse(Problem::no_key(), of_ours)),
            Err(other) => return Err(refuse(other.into(), of_ours)),
        };
        let for_pages = !key.origins.0.is_empty();
        let allowed = match from {
            Some(origin) => key.origins.allow(origin),
            None => origin.is_none() && !for_pages,
        };
        if !allowed {
            return Err(refuse(Problem::origin(), false));
        }
        // Everyone who opens the page can read its key: one of them must not use it up for all the others.
        if for_pages && !house.page_limit().allows(&network.0, house.now()) {
            return Err(refuse(Problem::too_many(), true));
        }
        if !house.website_limit().allows(&key.id.to_string(), house.now()) {
            return Err(refuse(Problem::too_many(), true));
        }
        Ok(Self { key, origin })
    }

    /// The answer, for the page that asked.
    pub(super) fn answered(&self, response: Response) -> Response {
        allowing(response, self.origin.as_ref())
    }
}

/// What a browser asks before it sends: the key is not with it yet, so any key in use may be meant.
pub(super) async fn preflight(State(house): State<House>, headers: HeaderMap) -> Response {
    let origin = headers.get(ORIGIN);
    let from = origin.and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    let posts = headers.get(ACCESS_CONTROL_REQUEST_METHOD).is_some_and(|method| method == "POST");
    match api_key::any_allows(house.reader(), from).await {
        Ok(true) if posts => {
            let told = [
                (ACCESS_CONTROL_ALLOW_METHODS, "POST"),
                (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, idempotency-key"),
                (ACCESS_CONTROL_MAX_AGE, "600"),
            ];
            allowing((StatusCode::NO_CONTENT, told).into_response(), origin)
        }
        Ok(_) => varying(Problem::origin().into_response()),
        Err(error) => varying(Problem::from(error).into_response()),
    }
}

fn secret(headers: &HeaderMap) -> Option<&str> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let (Some(one), None) = (given.next(), given.next()) else { return None };
    let (kind, secret) = one.to_str().ok()?.split_once(' ')?;
    let secret = secret.trim();
    (kind.eq_ignore_ascii_case("bearer") && (20..200).contains(&secret.len())).then_some(secret)
}

fn varying(mut response: Response) -> Response {
    response.headers_mut().insert(VARY, HeaderValue::from_static("Origin"));
    response
}

fn allowing(response: Response, origin: Option<&HeaderValue>) -> Response {
    let mut response = varying(response);
    if let Some(origin) = origin {
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    response
}

#[cfg(test)]
mod tests;
