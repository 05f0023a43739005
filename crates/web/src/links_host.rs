//! The host that links in letters lead to. Whoever shortens such an address must not learn what it is about: on that host
//! there are the pages of private links and nothing else, and the first page says nothing.

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;
use crate::house::House;

/// What is served there: private pages, the way out, what they are drawn with, and whether the program is well.
const SERVED: [&str; 5] = ["/c/", "/u/", "/p/", "/assets/", "/leave"];
const HEALTH: [&str; 2] = ["/healthz", "/readyz"];

/// The layer.
pub async fn keep_apart(State(house): State<House>, request: Request, next: Next) -> Response {
    let Some(links_host) = links_host(&house.ways().links_url, &house.ways().public_url) else {
        return next.run(request).await;
    };
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).or(request.uri().host());
    if !host.is_some_and(|host| is_same(host, links_host)) {
        return next.run(request).await;
    }
    let path = request.uri().path();
    if path == "/" && matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::OK, "There is nothing here.\n").into_response();
    }
    if HEALTH.contains(&path) || SERVED.iter().any(|served| path.starts_with(served)) {
        return next.run(request).await;
    }
    Failure::House(foundation::Error::NotFound).into_response()
}

/// The host of links, when it is another one than the center's own.
fn links_host<'a>(links_url: &'a str, public_url: &str) -> Option<&'a str> {
    let host = |url: &'a str| url.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or(rest));
    let links = host(links_url)?;
    let own = public_url.split_once("://").map_or("", |(_, rest)| rest.split('/').next().unwrap_or(rest));
    (!is_same(links, own)).then_some(links)
}

/// Whether two hosts are the same; a default port is no difference.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |host: &str| {
        let host = host.strip_suffix(":443").or_else(|| host.strip_suffix(":80")).unwrap_or(host);
        host.trim_end_matches('.').to_ascii_lowercase()
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_links_stands_apart_only_when_it_is_another_one() {
        let own = "https://kith.cedar-recovery.example";
        assert_eq!(links_host("https://note.example", own), Some("note.example"));
        assert_eq!(links_host(own, own), None);
        assert_eq!(links_host("https://KITH.cedar-recovery.example:443/", own), None);
        assert_eq!(links_host("", own), None);
        assert!(is_same("Note.example:443", "note.example") && !is_same("note.example:8443", "note.example"));
    }

    /// What an address answers on a host of a center whose links have a host of their own.
    async fn answer(test: &foundation::testing::House, host: &str, path: &str) -> (u16, String) {
        let room = mail::Postroom {
            post: mail::delivery::Post::Held,
            public_url: "https://note.example".into(),
            captured: mail::Captured::default(),
        };
        let ways = crate::house::Ways {
            public_url: "https://kith.example".into(),
            links_url: "https://note.example".into(),
            data: ".".into(),
            anchor: "/nowhere".into(),
            factor_required: true,
            demo: false,
            trusted_proxies: vec![],
        };
        let db: &foundation::Db = test;
        let closing = tokio_util::sync::CancellationToken::new();
        let house = House::new(db.clone(), room, ways, None, closing);
        let request = Request::get(path).header(HOST, host).body(axum::body::Body::empty()).unwrap();
        let response = tower::ServiceExt::oneshot(crate::app::app(house), request).await.unwrap();
        let status = response.status().as_u16();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8_lossy(&body).to_lowercase())
    }

    #[tokio::test]
    async fn who_shortens_the_address_in_her_letter_reads_nothing_of_treatment() {
        let test = foundation::testing::House::new().await;
        foundation::testing::Cast::on(&test).await;
        let nothing = answer(&test, "note.example", "/").await;
        assert_eq!(nothing, (200, "there is nothing here.\n".into()));
        for path in
            ["/referral", "/consultation", "/sign-in", "/setup", "/inbox", "/clients", "/api/v1/requests"]
        {
            let (status, page) = answer(&test, "Note.example", path).await;
            assert_eq!(status, 404, "{path}");
            for telling in ["treatment", "substance", "recovery", "sign in", "42 cfr"] {
                assert!(!page.contains(telling), "{path} says {telling}");
            }
        }
        // A letter's own pages are there, and the center's host is as it was.
        assert!(
            answer(&test, "note.example", "/u/a-token").await.1.contains("would you rather not get these")
        );
        assert!(answer(&test, "note.example", "/c/a-token").await.1.contains("does not open anything"));
        assert_eq!(answer(&test, "note.example", "/healthz").await.0, 200);
        assert_eq!(answer(&test, "kith.example", "/referral").await.0, 200);
        test.close().await;
    }
}
