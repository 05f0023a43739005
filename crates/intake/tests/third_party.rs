//! "Is my brother there?", told with people.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

use foundation::testing::{Cast, House};
use foundation::{Act, Error};
use intake::third_party::{self, Asked};

fn about(name: &'static str) -> Asked {
    Asked::parse(|field| match field {
        "about" => name,
        "name" => "Luis",
        "relationship" => "his brother",
        _ => "",
    })
    .unwrap()
}

#[tokio::test]
async fn what_somebody_asked_is_sealed_linked_to_nobody_and_waits_for_a_counselor() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let asked = about("Danny");
    let id = house.write(&cast.ana, async |unit| third_party::take(unit, &asked).await).await.unwrap();
    let forbidden = third_party::open(house.reader(), house.keyring(), &cast.ana).await;
    assert!(matches!(forbidden, Err(Error::Forbidden(Act::SettleInquiry))), "{forbidden:?}");
    let open = third_party::open(house.reader(), house.keyring(), &cast.ray).await.unwrap();
    assert_eq!(open.iter().map(|one| &one.asked).collect::<Vec<_>>(), [&asked]);
    house.write(&cast.ray, async |unit| third_party::settle(unit, id).await).await.unwrap();
    assert!(third_party::open(house.reader(), house.keyring(), &cast.ray).await.unwrap().is_empty());
    let twice = house.write(&cast.ray, async |unit| third_party::settle(unit, id).await).await;
    assert!(matches!(twice, Err(Error::Refused(ref no)) if no.code == "settled"), "{twice:?}");
    house.close().await;
}

#[test]
fn something_must_have_been_asked() {
    let faults = Asked::parse(|field| if field == "name" { "Luis" } else { "" }).unwrap_err();
    assert!(faults.of("about").is_some(), "{faults}");
    let long = "x".repeat(2001);
    assert!(Asked::parse(|field| if field == "note" { &long } else { "" }).unwrap_err().of("note").is_some());
}
