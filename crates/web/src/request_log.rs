//! Every request has a number and a span. What fails in it, also by a panic, is one 500 with a reference that the person
//! reads on the page and that stands in the log beside the route and the number; the process goes on.

use std::panic::AssertUnwindSafe;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use foundation::hex;
use futures::FutureExt;
use tracing::Instrument;

use crate::house::House;

/// The header by which a proxy in front and the log name the same request.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// What is written down of a request: never an address with a token in it, never a name.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestLine {
    number: String,
    method: String,
    /// The pattern, like `/clients/{id}`.
    route: String,
}

impl RequestLine {
    fn of(house: &House, request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>();
        Self {
            number: hex(&house.chance().bytes::<8>()),
            method: request.method().to_string(),
            route: route.map_or_else(|| "no route".to_owned(), |path| path.as_str().to_owned()),
        }
    }

    /// Writes down that the request failed, and returns the reference to look for. The error of a database may quote
    /// what somebody typed, so `failure` names only its kind.
    pub(crate) fn report(&self, house: &House, failure: &str) -> String {
        let reference = house.chance().reference("E");
        let Self { number, method, route } = self;
        tracing::error!(%reference, request = %number, %method, %route, %failure, "a request failed");
        reference
    }
}

/// What a piece of work panicked with is for the panic hook; here it only ended.
pub(crate) struct Panicked;

/// Runs a piece of work whose panic ends the work and nothing else.
pub(crate) async fn catch_panic<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    // Nothing that the work had in its hands is used after a panic: the unit is rolled back, the page is thrown away.
    AssertUnwindSafe(work).catch_unwind().await.map_err(|_| Panicked)
}

/// The outermost layer: numbers the request, and has the last word when a layer itself panics.
pub(crate) async fn follow(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let line = RequestLine::of(&house, &request);
    request.extensions_mut().insert(line.clone());
    let span =
        tracing::info_span!("request", number = %line.number, method = %line.method, route = %line.route);
    let served = catch_panic(next.run(request)).instrument(span).await;
    let mut response = served.unwrap_or_else(|Panicked| last_word(&line.report(&house, "a layer panicked")));
    if let Ok(number) = HeaderValue::from_str(&line.number) {
        response.headers_mut().insert(HEADER, number);
    }
    response
}

/// What is left to say when no page can be made.
pub(crate) fn last_word(reference: &str) -> Response {
    let words = format!(
        "Sorry, there is a problem with the service. If you call us about it, say this number: {reference}"
    );
    (StatusCode::INTERNAL_SERVER_ERROR, words).into_response()
}
