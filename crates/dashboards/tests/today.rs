//! The numbers of today, counted from people.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

use chrono::TimeDelta;
use consent::rules::contact::SaidBy;
use dashboards::today::{Waited, today};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error};
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::{by_reference, closing, converting};
use intake::rules::outcome::Closing;
use intake::rules::words::Channel;

async fn ask(house: &House, submission: &str) -> intake::Request {
    let typed = TypedRequest { name: "Jo", phone: "212 555 0142", ..TypedRequest::default() };
    let new = NewRequest::parse(&typed, Channel::Web, SaidBy::Self_).unwrap();
    let received =
        house.write(&Actor::Visitor, async |unit| receive(unit, submission, new).await).await.unwrap();
    by_reference(house.reader(), &received.reference).await.unwrap()
}

#[tokio::test]
async fn who_waits_is_counted_by_how_long_and_a_wrong_number_is_nobody() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zone = chrono_tz::America::Chicago;
    let converted = ask(&house, "one").await;
    house
        .write(&cast.ana, async |unit| {
            converting::convert(unit, &converted, converting::ComingIn::default()).await
        })
        .await
        .unwrap();
    let wrong = ask(&house, "two").await;
    house
        .write(&cast.ana, async |unit| {
            closing::close(unit, &wrong, Closing::parse("spam_wrong_number", "", "").unwrap()).await
        })
        .await
        .unwrap();
    ask(&house, "three").await;
    house.later(TimeDelta::minutes(40));
    ask(&house, "four").await;
    let now = today(house.reader(), &cast.mina, house.now(), zone).await.unwrap();
    let bands: Vec<u64> = Waited::ALL.iter().map(|band| now.waiting.of(*band)).collect();
    assert_eq!((bands, now.waiting.all()), (vec![1, 1, 0, 0], 2));
    let month = now.months.last().unwrap();
    assert_eq!((now.months.len(), month.requests, month.admitted), (12, 3, 1));
    assert_eq!((now.clients, now.in_care()), (1, 0));
    let ben = today(house.reader(), &cast.ben, house.now(), zone).await;
    assert!(matches!(ben, Err(Error::Forbidden(Act::ViewDashboards))));
    house.close().await;
}
