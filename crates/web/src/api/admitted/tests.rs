//! Who may send, told with people.

use axum::http::HeaderName;
use foundation::testing::{Cast, House as TestHouse};
use intake::api_key::NewKey;
use mail::delivery::Post;
use mail::{Captured, Postroom};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::house::Ways;

const PAGE: &str = "https://cedar.example";

/// A house in earnest, and a key that Linus made in it.
async fn house(test: &TestHouse, origins: &str) -> (House, String) {
    let cast = Cast::on(test).await;
    let new = NewKey::parse("The website", origins).unwrap();
    let secret = test.write(&cast.linus, async |unit| api_key::make(unit, new).await).await.unwrap();
    let public_url = "https://cedar-office.example".to_owned();
    let room = Postroom { post: Post::Held, public_url: public_url.clone(), captured: Captured::default() };
    let ways = Ways {
        links_url: public_url.clone(),
        public_url,
        data: ".".into(),
        anchor: "/nowhere".into(),
        factor_required: true,
        demo: false,
        trusted_proxies: vec![],
    };
    let db: &foundation::Db = test;
    (House::new(db.clone(), room, ways, None, CancellationToken::new()), secret.reveal().to_owned())
}

/// What comes of one who sends: 200 when they may.
async fn sends(house: &House, network: &str, key: &str, origin: Option<&str>) -> u16 {
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &str| headers.insert(name, value.parse().unwrap());
    set(AUTHORIZATION, &format!("Bearer {key}"));
    if let Some(origin) = origin {
        set(ORIGIN, origin);
    }
    match Admitted::by(house, &Network(network.to_owned()), &headers).await {
        Ok(_) => 200,
        Err(refused) => refused.status().as_u16(),
    }
}

#[tokio::test]
async fn who_takes_the_key_off_the_page_does_not_use_it_up_for_jo() {
    let test = TestHouse::new().await;
    let (house, key) = house(&test, PAGE).await;
    // From a terminal it is not a page of ours.
    assert_eq!(sends(&house, "203.0.113.9", &key, None).await, 403);
    assert_eq!(sends(&house, "203.0.113.9", &key, Some("https://evil.example")).await, 403);
    // Made to look like one, it stops at a bound of its own.
    let mut went = 0;
    for _ in 0..1000 {
        went += u32::from(sends(&house, "203.0.113.9", &key, Some(PAGE)).await == 200);
    }
    assert_eq!(went, 30);
    assert_eq!(sends(&house, "198.51.100.7", &key, Some(PAGE)).await, 200, "Jo opens the same page");
    drop(house);
    test.close().await;
}

#[tokio::test]
async fn a_server_sends_for_everyone_who_opens_its_pages_up_to_the_bound_of_its_key() {
    let test = TestHouse::new().await;
    let (house, key) = house(&test, "").await;
    for _ in 0..600 {
        assert_eq!(sends(&house, "192.0.2.1", &key, None).await, 200);
    }
    assert_eq!(sends(&house, "192.0.2.1", &key, None).await, 429);
    assert_eq!(sends(&house, "192.0.2.1", &key, Some(PAGE)).await, 403);
    drop(house);
    test.close().await;
}
