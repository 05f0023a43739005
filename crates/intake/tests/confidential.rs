//! Confidential requests, on a real database, told with people: who is not named never learns that one is there.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use chrono::TimeDelta;
use foundation::testing::{Cast, House};
use foundation::{Actor, Error, StaffId};
use intake::Request;
use intake::inbox::counting::{counts, counts_in};
use intake::inbox::filter::Filter;
use intake::inbox::{View, how_many_untaken, rows};
use intake::request::confiding::{keep, name_one, open_up, overseen};
use intake::request::merging::merge;
use intake::request::receiving::TypedRequest;
use intake::request::{attempting, claiming, newest_of, noting, seen};
use intake::rules::words::Outcome;
use intake::same_person::{self, Asked};

/// A colleague's husband asks; Ana keeps it between herself and Mina.
async fn between_two(house: &House, cast: &Cast) -> Request {
    let marc = TypedRequest { name: "Marc Delacroix", phone: "212 555 0190", for_whom: "self", ..jo() };
    let received = ask(house, "form-1", &marc).await.unwrap();
    let wanted = request(house, &received.reference).await;
    let mina = [cast.mina.staff_id().unwrap()];
    write(house, &cast.ana, async |unit| keep(unit, &wanted, &mina).await).await;
    request(house, &received.reference).await
}

async fn sees_it(house: &House, who: &Actor, wanted: &Request) -> bool {
    let listed = rows(house, who, View::Everyone, None).await.unwrap();
    let in_list = listed.iter().any(|row| row.reference == wanted.reference);
    let counted = counts(house.reader(), who, house.now()).await.unwrap().everyone;
    assert_eq!(counted, i64::try_from(listed.len()).unwrap(), "a count tells of more than the list");
    let filtered = counts_in(house.reader(), who, &[Filter::default()], house.now()).await.unwrap();
    assert_eq!(filtered, [counted]);
    let opened = page_of(house, who, &wanted.reference).await;
    assert_eq!(opened.is_ok(), in_list);
    if let Err(error) = opened {
        assert!(matches!(error, Error::NotFound), "{error:?}");
    }
    let found = seen(house.reader(), who, &wanted.reference).await;
    assert_eq!(found.is_ok(), in_list);
    let people = newest_of(house.reader(), who, &[wanted.caller_id]).await.unwrap();
    assert_eq!(!people.is_empty(), in_list);
    let asked = Asked { phones: vec!["212 555 0190".into()], ..Asked::default() };
    let alike = same_person::like(house.reader(), who, asked).await.unwrap();
    assert_eq!(!alike.is_empty(), in_list, "{alike:?}");
    in_list
}

#[tokio::test]
async fn for_everyone_else_it_never_came_in() {
    let (house, cast) = house().await;
    let wanted = between_two(&house, &cast).await;
    // Whoever keeps something that nobody has takes it, and somebody answers for it.
    assert_eq!(wanted.owner_id, cast.ana.staff_id());
    for (who, knows) in [(&cast.ana, true), (&cast.mina, true), (&cast.ben, false)] {
        assert_eq!(sees_it(&house, who, &wanted).await, knows);
    }
    assert_eq!(how_many_untaken(house.reader()).await.unwrap(), 0);

    // What Ben tries all the same, from a page he had open before, finds nothing there.
    let note = house.write(&cast.ben, async |unit| noting::note(unit, &wanted, "Marc?").await).await;
    let call = house
        .write(&cast.ben, async |unit| attempting::attempt(unit, &wanted, Outcome::NoAnswer).await)
        .await;
    let release = house.write(&cast.ben, async |unit| open_up(unit, &wanted).await).await;
    for tried in [note.map(|_| ()), call.map(|_| ()), release] {
        assert!(matches!(tried, Err(Error::NotFound)), "{tried:?}");
    }

    // Given to Ben, it is known to him.
    write(&house, &cast.ana, async |unit| claiming::give(unit, &wanted, cast.ben.staff_id().unwrap()).await)
        .await;
    let now = request(&house, &wanted.reference).await;
    assert!(sees_it(&house, &cast.ben, &now).await && sees_it(&house, &cast.ana, &now).await);

    write(&house, &cast.mina, async |unit| open_up(unit, &now).await).await;
    assert!(!request(&house, &wanted.reference).await.is_confidential());
    house.close().await;
}

#[tokio::test]
async fn only_whoever_works_requests_can_be_named() {
    let (house, cast) = house().await;
    let wanted = between_two(&house, &cast).await;
    for nobody in [cast.ray.staff_id().unwrap(), StaffId(uuid())] {
        let tried = house.write(&cast.ana, async |unit| keep(unit, &wanted, &[nobody]).await).await;
        let Err(Error::Invalid(faults)) = tried else { panic!("{tried:?}") };
        assert_eq!(faults.of("known_to"), Some("Choose colleagues who work requests here now"));
    }
    house.close().await;
}

fn uuid() -> sea_orm::prelude::Uuid {
    sea_orm::prelude::Uuid::from_u128(7)
}

#[tokio::test]
async fn the_privacy_officer_sees_that_it_is_there_and_lets_one_more_know() {
    let (house, cast) = house().await;
    let wanted = between_two(&house, &cast).await;
    let found = overseen(house.reader(), &cast.petra).await.unwrap();
    assert_eq!((found.len(), found[0].reference.as_str()), (1, wanted.reference.as_str()));
    assert!(matches!(page_of(&house, &cast.petra, &wanted.reference).await, Err(Error::NotFound)));
    assert!(matches!(overseen(house.reader(), &cast.ben).await, Err(Error::Forbidden(_))));

    let ben = cast.ben.staff_id().unwrap();
    let tried = house.write(&cast.ben, async |unit| name_one(unit, wanted.id, ben).await).await;
    assert!(tried.is_err(), "Ben names himself");
    write(&house, &cast.petra, async |unit| name_one(unit, wanted.id, ben).await).await;
    assert!(page_of(&house, &cast.ben, &wanted.reference).await.is_ok());
    // What everyone knows of is nothing to oversee.
    write(&house, &cast.ana, async |unit| open_up(unit, &request(&house, &wanted.reference).await).await)
        .await;
    let tried = house.write(&cast.petra, async |unit| name_one(unit, wanted.id, ben).await).await;
    assert!(matches!(tried, Err(Error::NotFound)), "{tried:?}");
    assert!(overseen(house.reader(), &cast.petra).await.unwrap().is_empty());
    house.close().await;
}

#[tokio::test]
async fn a_merge_tells_nobody_more() {
    let (house, cast) = house().await;
    let wanted = between_two(&house, &cast).await;
    house.later(TimeDelta::minutes(5));
    let again = TypedRequest { name: "Marc D.", phone: "212 555 0190", for_whom: "self", ..jo() };
    let other = request(&house, &ask(&house, "form-2", &again).await.unwrap().reference).await;
    for (duplicate, into) in [(&wanted, &other), (&other, &wanted)] {
        let tried = house.write(&cast.ana, async |unit| merge(unit, duplicate, into).await).await;
        assert!(matches!(tried, Err(Error::Refused(ref no)) if no.code == "confidential"), "{tried:?}");
    }
    // Known to the same people, they become one; and who is named later knows of both.
    let mina = [cast.mina.staff_id().unwrap()];
    write(&house, &cast.ana, async |unit| keep(unit, &other, &mina).await).await;
    let other = request(&house, &other.reference).await;
    write(&house, &cast.ana, async |unit| merge(unit, &other, &wanted).await.map(|_| ())).await;
    let ben = [cast.ben.staff_id().unwrap()];
    let now = request(&house, &wanted.reference).await;
    write(&house, &cast.ana, async |unit| keep(unit, &now, &ben).await).await;
    for reference in [&wanted.reference, &other.reference] {
        assert!(page_of(&house, &cast.ben, reference).await.is_ok());
        assert!(matches!(page_of(&house, &cast.mina, reference).await, Err(Error::NotFound)));
    }
    house.close().await;
}
