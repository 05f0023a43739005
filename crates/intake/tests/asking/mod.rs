//! People who ask, for the stories of this room.

#![expect(clippy::unwrap_used, reason = "a story that cannot be set up is a failed test")]

use consent::rules::contact::SaidBy;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::testing::{Cast, House};
use foundation::{Actor, Error, Unit};
use intake::Request;
use intake::request::receiving::{NewRequest, Received, TypedRequest, receive};
use intake::request::{by_reference, page};
use intake::rules::words::Channel;

pub async fn house() -> (House, Cast) {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    (house, cast)
}

/// Jo writes about her brother.
pub fn jo() -> TypedRequest<'static> {
    TypedRequest {
        danger: "no",
        for_whom: "family",
        relationship: "sister",
        name: "Jo Alvarez",
        phone: "212 555 0142",
        call: "any",
        voicemail: "never",
        answering: "ask_by_name",
        words: "My brother stopped drinking two days ago and is shaking.",
        ..TypedRequest::default()
    }
}

pub async fn ask(house: &House, submission: &str, typed: &TypedRequest<'_>) -> Result<Received, Error> {
    let new = NewRequest::parse(typed, Channel::Web, SaidBy::Self_)?;
    house.write(&Actor::Visitor, async |unit| receive(unit, submission, new).await).await
}

/// A request as it is now.
pub async fn request(house: &House, reference: &str) -> Request {
    by_reference(house.reader(), reference).await.unwrap()
}

pub async fn page_of(house: &House, viewer: &Actor, reference: &str) -> Result<page::Page, Error> {
    let staff = Directory::of(house).await?;
    let around = page::Around::new(house, viewer, &staff, Center::of(house).await?.zone);
    house.look(async |reader| page::page(reader, around, reference, None).await).await
}

/// Something a colleague does, and it works.
pub async fn write(house: &House, who: &Actor, work: impl AsyncFnOnce(&mut Unit) -> Result<(), Error>) {
    house.write(who, work).await.unwrap();
}
