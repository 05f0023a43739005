//! Refuses what another site sends in a person's name. Sec-Fetch-Site first, then Origin; forms of a session carry a
//! token besides (checked in `form.rs`). One-click unsubscribe has neither cookie nor origin (RFC 8058), and a
//! key of the website is no cookie: both are exempt.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;

/// The layer.
pub async fn refuse_foreign(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe
        || ["/u/", "/api/"].iter().any(|path| request.uri().path().starts_with(path))
        || is_own(request.headers())
    {
        next.run(request).await
    } else {
        Failure::Origin.into_response()
    }
}

/// Whether a request that acts came from a page of our own, or from a program that is no browser.
pub(crate) fn is_own(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v: &axum::http::HeaderValue| v.to_str().ok());
    if let Some(site) = text(axum::http::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    match (text(ORIGIN), text(HOST)) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        }
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap())).collect()
    }

    #[test]
    fn a_page_of_another_site_cannot_send_a_form() {
        assert!(!is_own(&headers(&[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://x.example"),
            ("host", "kith")
        ])));
        assert!(!is_own(&headers(&[("sec-fetch-site", "same-site")])));
        assert!(!is_own(&headers(&[("origin", "https://x.example"), ("host", "kith.example")])));
        assert!(!is_own(&headers(&[("origin", "null"), ("host", "kith.example")])));
    }

    #[test]
    fn our_own_pages_can_also_without_a_referrer() {
        assert!(is_own(&headers(&[
            ("sec-fetch-site", "same-origin"),
            ("origin", "null"),
            ("host", "kith.example")
        ])));
        assert!(is_own(&headers(&[("origin", "https://kith.example"), ("host", "kith.example")])));
        assert!(is_own(&headers(&[("host", "kith.example")])));
    }
}
