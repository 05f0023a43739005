//! The people of the stories of this room: clients in the caseloads of Ray and Ines.
#![expect(clippy::expect_used, reason = "a story that cannot be set up should stop")]

use clients::person::NewPerson;
use clients::{client, person};
use foundation::testing::{Cast, House};
use foundation::{Actor, Day, PersonId, Subject};

/// A house with everyone in it.
pub async fn house() -> (House, Cast) {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    (house, cast)
}

/// A person with a record, carried by `counselor`.
pub async fn client_of(house: &House, name: &str, counselor: &Actor) -> PersonId {
    let new = NewPerson::parse(name).expect("a name");
    house
        .write(&Actor::House, async |unit| {
            let id = person::add(unit, new.clone(), &[]).await?;
            client::start(unit, id, counselor.staff_id()).await?;
            Ok(id)
        })
        .await
        .expect("a client")
}

/// What permission needs to know of a client.
pub async fn care(house: &House, person: PersonId) -> Subject {
    client::subject(house.reader(), person).await.expect("a client")
}

/// A civil date.
pub fn day(text: &str) -> Day {
    text.parse().expect("a date")
}
