//! `/api/v1`: how the center's own website sends a request, with a key of its own and never with a cookie. What went wrong
//! is `application/problem+json` (RFC 9457); whether somebody is known is in no answer. `docs/api.md` tells how to use it.

mod admitted;
mod fields;
mod problem;

use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use consent::rules::contact::SaidBy;
use foundation::{Actor, Error};
use intake::api_key::submitting::{Submission, Submitted, submit};
use intake::request::receiving::{NewRequest, TypedRequest};
use intake::rules::words::Channel;

use crate::address::Network;
use crate::house::House;
use crate::routes::{Access, Routes};
use admitted::{Admitted, preflight};
use problem::Problem;

/// The largest body: the longest words there may be, four bytes each, and room for the rest.
pub(crate) const LARGEST: usize = 32 * 1024;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .act("/api/v1/requests", Access::Key, send)
        .options("/api/v1/requests", Access::Public, preflight)
        .page("/api/v1/openapi.json", Access::Public, described)
}

async fn described() -> Response {
    ([(CONTENT_TYPE, "application/json")], include_str!("api/openapi.json")).into_response()
}

async fn send(
    State(house): State<House>,
    network: Network,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    match Admitted::by(&house, &network, &headers).await {
        Ok(admitted) => {
            let answer = match body {
                Ok(body) => received(&house, &admitted, &headers, &body).await,
                Err(_) => Err(Problem::too_large()),
            };
            admitted.answered(answer.unwrap_or_else(IntoResponse::into_response))
        }
        Err(refused) => refused,
    }
}

async fn received(
    house: &House,
    admitted: &Admitted,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Response, Problem> {
    let idempotency_key = idempotency_key(headers)?;
    let body = readable(headers, body)?;
    let sent = Submission::new(house.keyring(), admitted.key.clone(), &idempotency_key, body);
    // What was answered before is answered again, whatever is asked of a body meanwhile.
    if let Some(before) = sent.before(house.reader()).await? {
        return answer(before);
    }
    let fields = fields::read(body)?;
    let typed = TypedRequest::read(|name| fields.text(name));
    let new = NewRequest::parse(&typed, Channel::Website, SaidBy::Self_).map_err(Problem::of_faults)?;
    match house.write(&Actor::Visitor, async |unit| submit(unit, &sent, new).await).await {
        Ok(submitted) => answer(submitted),
        // Sent twice at the same moment: the other one has written it.
        Err(Error::Exists) => match sent.before(house.reader()).await? {
            Some(before) => answer(before),
            None => Err(Problem::busy()),
        },
        Err(Error::NotFound) => Err(Problem::no_key()),
        Err(other) => Err(other.into()),
    }
}

/// The same for a request that was received now and one that was received before.
fn answer(submitted: Submitted) -> Result<Response, Problem> {
    let Submitted::Reference(reference) = submitted else { return Err(Problem::other_body()) };
    let told = serde_json::json!({
        "reference": reference,
        // For the page that thanks: these come first, whoever asks (domain reference 2.5).
        "help_now": { "emergency": "911", "crisis_line": "988" },
    });
    Ok((StatusCode::CREATED, axum::Json(told)).into_response())
}

/// RFC draft-ietf-httpapi-idempotency-key-header: a quoted string; the bare one that most send is taken too.
fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut given = headers.get_all("idempotency-key").iter();
    let (Some(one), None) = (given.next(), given.next()) else { return Err(Problem::no_idempotency_key()) };
    let text = one.to_str().map_err(|_| Problem::no_idempotency_key())?.trim();
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    let fits = (16..=255).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_graphic() && b != b'"');
    if fits { Ok(bare.to_owned()) } else { Err(Problem::no_idempotency_key()) }
}

fn readable<'a>(headers: &HeaderMap, body: &'a Bytes) -> Result<&'a str, Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/json") {
        return Err(Problem::not_json());
    }
    if body.len() > LARGEST {
        return Err(Problem::too_large());
    }
    std::str::from_utf8(body).map_err(|_| Problem::unreadable("The body is not UTF-8."))
}
