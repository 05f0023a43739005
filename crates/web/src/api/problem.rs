//! What went wrong, for a program to read and for the person who wrote it (RFC 9457).

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use foundation::{Error, Faults};
use serde_json::json;

use crate::page::Parked;

/// One thing that went wrong.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    title: &'static str,
    detail: &'static str,
    errors: Faults,
    header: Option<(HeaderName, &'static str)>,
    /// Whether it is ours to mend, and the log must know.
    is_ours: bool,
}

impl Problem {
    fn new(status: StatusCode, title: &'static str, detail: &'static str) -> Self {
        Self { status, title, detail, errors: Faults::default(), header: None, is_ours: false }
    }

    pub(super) fn no_key() -> Self {
        let detail =
            "Send the key of the website as “Authorization: Bearer …”. One that ended opens nothing.";
        let problem = Self::new(StatusCode::UNAUTHORIZED, "A key is needed", detail);
        Self { header: Some((WWW_AUTHENTICATE, "Bearer")), ..problem }
    }

    pub(super) fn origin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Not from this page", "The key is not for pages of this origin.")
    }

    pub(super) fn too_many() -> Self {
        let detail = "Too much was sent at once. Wait a little and send the same again.";
        let problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "Wait a little", detail);
        Self { header: Some((RETRY_AFTER, "60")), ..problem }
    }

    pub(super) fn no_idempotency_key() -> Self {
        let detail = "Send one Idempotency-Key of 16 to 255 visible characters, a new one for each request and the same \
                      one when you try again.";
        Self::new(StatusCode::BAD_REQUEST, "An idempotency key is needed", detail)
    }

    pub(super) fn other_body() -> Self {
        let detail = "This Idempotency-Key came with another body before. Nothing was written.";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "This key was used before", detail)
    }

    pub(super) fn not_json() -> Self {
        let detail = "Send a body of the type application/json.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Not JSON", detail)
    }

    pub(super) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Too large", "A request has 32 KB at the most.")
    }

    pub(super) fn unreadable(detail: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "This could not be read", detail)
    }

    pub(super) fn busy() -> Self {
        let detail = "Nothing was written. Send the same again in a moment.";
        let problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, "Very busy right now", detail);
        Self { header: Some((RETRY_AFTER, "2")), ..problem }
    }

    pub(super) fn of_faults(errors: Faults) -> Self {
        let detail = "Some fields must be put right. Nothing was written.";
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "There is a problem", detail) }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(faults) => Self::of_faults(faults),
            Error::Busy | Error::Away(_) => Self::busy(),
            Error::InDoubt => Self {
                detail: "We could not tell whether it was written. Send the same again, with the same Idempotency-Key.",
                ..Self::busy()
            },
            _ => {
                let detail = "Nothing was written. Send the same again later.";
                let title = "Sorry, there is a problem with the service";
                Self { is_ours: true, ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, title, detail) }
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if self.is_ours {
            // Written down where it is rendered, with the reference that the answer carries. A database may quote values:
            // only that it failed is written down.
            let fault = "a request of the website could not be received".to_owned();
            let parked = Parked::failure(self.title, self.detail.to_owned(), Some(fault));
            return (self.status, parked).into_response();
        }
        let errors = self.errors.0.iter().map(|f| json!({ "field": f.field, "detail": f.words }));
        let errors: Vec<serde_json::Value> = errors.collect();
        let (status, title, detail) = (self.status.as_u16(), self.title, self.detail);
        let told = if errors.is_empty() {
            json!({ "title": title, "status": status, "detail": detail })
        } else {
            json!({ "title": title, "status": status, "detail": detail, "errors": errors })
        };
        let mut response =
            (self.status, [(CONTENT_TYPE, "application/problem+json")], told.to_string()).into_response();
        if let Some((name, value)) = self.header {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}
