//! A handler that panics, behind the same layers as every other: no such route is in the program.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use foundation::testing::House as TestHouse;
use mail::delivery::Post;
use mail::{Captured, Postroom};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::*;
use crate::house::Ways;
use crate::routes::Access;

/// The log as an administrator reads it.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A center with two pages that break for whoever is called Zoë.
fn center(test: &TestHouse) -> Router {
    let public_url = "https://cedar-office.example".to_owned();
    let room = Postroom { post: Post::Held, public_url: public_url.clone(), captured: Captured::default() };
    let anchor = "/nowhere".into();
    let links_url = public_url.clone();
    let ways = Ways {
        public_url,
        links_url,
        data: ".".into(),
        anchor,
        factor_required: true,
        demo: false,
        trusted_proxies: vec![],
    };
    let db: &foundation::Db = test;
    let house = House::new(db.clone(), room, ways, None, CancellationToken::new());
    let breaks = async |axum::extract::Path(name): axum::extract::Path<String>| -> Response {
        assert!(name != "zoe", "what {name} typed");
        "well".into_response()
    };
    let routes = Routes::default().page("/people/{name}", Access::Public, breaks).act(
        "/people/{name}",
        Access::Public,
        breaks,
    );
    layered(routes, house)
}

async fn asks(center: &Router, method: &str, path: &str, kind: &str) -> (u16, String) {
    let request = Request::builder().method(method).uri(path).header("accept", kind);
    let request = request.header("sec-fetch-site", "same-origin").body(Body::empty()).unwrap();
    let response = center.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 100_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_panic_is_one_500_with_a_reference_that_stands_in_the_log_and_the_next_visitor_is_served() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let test = TestHouse::new().await;
    let center = center(&test);
    for method in ["GET", "POST"] {
        let (status, page) = asks(&center, method, "/people/zoe", "text/html").await;
        assert_eq!(status, 500, "{method}");
        let reference = page.split("<b class=\"ref\">").nth(1).and_then(|rest| rest.split('<').next());
        let reference = reference.unwrap_or_else(|| panic!("no reference on the page: {page}"));
        let written = log.text();
        let line = written.lines().find(|line| line.contains(reference));
        let line = line.unwrap_or_else(|| panic!("{reference} is not in the log: {written}"));
        for part in ["route=/people/{name}", "request=", &format!("method={method}"), "a handler panicked"] {
            assert!(line.contains(part), "{part} is missing: {line}");
        }
        assert!(!line.contains("zoe"), "the log says who: {line}");
        assert_eq!(asks(&center, method, "/people/tom", "text/html").await, (200, "well".to_owned()));
    }
    // A program is told the same.
    let (status, problem) = asks(&center, "GET", "/people/zoe", "application/json").await;
    let problem: serde_json::Value = serde_json::from_str(&problem).unwrap();
    assert!(status == 500 && log.text().contains(problem["reference"].as_str().unwrap()));
    drop(center);
    test.close().await;
}
