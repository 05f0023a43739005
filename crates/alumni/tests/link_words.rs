//! Stories of the word before a link.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod people;

use alumni::check_in::open;
use alumni::link_word::{self, Door, Given, NewWord, Tried, give, go_without, load_access, set};
use chrono::TimeDelta;
use clients::person::Identity;
use foundation::links::{self, Link, Purpose};
use foundation::testing::{Cast, House};
use foundation::{Actor, Error, PersonId};

use people::{client, day, enrolled};

/// A link as a letter carries it.
async fn a_link(house: &House, cast: &Cast, zoe: PersonId) -> (String, Link) {
    let aftercare = enrolled(house, cast, zoe, "2026-03-02").await;
    let on = day("2026-03-03");
    let secret = house
        .write(&Actor::House, async |unit| {
            let id = open(unit, aftercare, on).await?;
            links::issue(unit, Purpose::CheckIn, zoe, id.into(), TimeDelta::days(7)).await
        })
        .await
        .unwrap();
    let token = secret.reveal().to_owned();
    let link = links::open(house.reader(), Purpose::CheckIn, &token, house.now()).await.unwrap();
    (token, link)
}

fn word(text: &str) -> Given {
    Given { word: text.into(), birthday: None }
}

#[tokio::test]
async fn five_wrong_words_close_the_link_also_when_they_come_at_once() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let (token, link) = a_link(&house, &cast, zoe).await;
    assert_eq!(link_word::door(house.reader(), zoe).await.unwrap(), Door::Closed, "nothing is known yet");
    let agreed = NewWord::parse("Blue Boat").unwrap();
    house.write(&cast.ray, async |unit| set(unit, zoe, &agreed).await).await.unwrap();
    let asks = Door::Asks { word: true, birthday: false };
    assert_eq!(link_word::door(house.reader(), zoe).await.unwrap(), asks);

    let says = async |text: &str| {
        let given = word(text);
        house.write(&Actor::Alum(zoe), async |unit| give(unit, &link, &given).await).await.unwrap()
    };
    assert_eq!(says("red boat").await, Tried::Wrong(4));
    assert_eq!(says("blue  BOAT").await, Tried::Right, "a right one is no try");
    let at_once =
        tokio::join!(says("a boat"), says("b boat"), says("c boat"), says("d boat"), says("e boat"));
    let at_once = [at_once.0, at_once.1, at_once.2, at_once.3, at_once.4];
    let wrong = at_once.iter().filter(|tried| matches!(tried, Tried::Wrong(_))).count();
    assert_eq!(wrong, 3, "{at_once:?}");
    assert_eq!(says("blue boat").await, Tried::Closed, "closed is closed");

    // It still says where to turn, so it is not gone; and Ray sees why.
    let shut = links::open(house.reader(), Purpose::CheckIn, &token, house.now()).await.unwrap();
    assert!(shut.closed_at.is_some());
    let seen = load_access(house.reader(), house.keyring(), &cast.ray, zoe).await.unwrap();
    assert_eq!(seen.closed_at, shut.closed_at);
    let not_hers = load_access(house.reader(), house.keyring(), &cast.ines, zoe).await;
    assert!(matches!(not_hers, Err(Error::NotFound)));
    house.close().await;
}

#[tokio::test]
async fn the_day_and_month_of_birth_open_it_where_they_are_known() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let born = Identity::parse("Tom", "", "", "1984-03-27", "", house.now().date_naive()).unwrap();
    let tom = house
        .write(&Actor::House, async |unit| {
            let new = clients::person::NewPerson::of(born.clone());
            let id = clients::person::add(unit, new, &[]).await?;
            clients::client::start(unit, id, cast.ray.staff_id()).await?;
            Ok::<_, Error>(id)
        })
        .await
        .unwrap();
    let (_, link) = a_link(&house, &cast, tom).await;
    let says = async |birthday| {
        let given = Given { word: String::new(), birthday: Some(birthday) };
        house.write(&Actor::Alum(tom), async |unit| give(unit, &link, &given).await).await.unwrap()
    };
    assert_eq!(says((3, 27)).await, Tried::Wrong(4), "the month is not the day");
    assert_eq!(says((27, 3)).await, Tried::Right);
    house.close().await;
}

#[tokio::test]
async fn she_does_without_and_it_is_kept_who_said_so() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let nobody = house.write(&cast.ray, async |unit| go_without(unit, zoe, " ").await).await;
    assert!(matches!(nobody, Err(Error::Invalid(_))));
    let not_hers = house.write(&cast.ines, async |unit| go_without(unit, zoe, "Zoë").await).await;
    assert!(matches!(not_hers, Err(Error::Forbidden(_))));
    house.write(&cast.ray, async |unit| go_without(unit, zoe, "Zoë, by phone").await).await.unwrap();
    let seen = load_access(house.reader(), house.keyring(), &cast.ray, zoe).await.unwrap();
    assert_eq!(seen.door, Door::Open);
    assert_eq!(seen.goes_without.map(|(_, who)| who).as_deref(), Some("Zoë, by phone"));
    assert_eq!(seen.changed_by, cast.ray.staff_id());
    let agreed = NewWord::parse("Blue Boat").unwrap();
    house.write(&cast.ray, async |unit| set(unit, zoe, &agreed).await).await.unwrap();
    let seen = load_access(house.reader(), house.keyring(), &cast.ray, zoe).await.unwrap();
    assert_eq!((seen.goes_without, seen.door), (None, Door::Asks { word: true, birthday: false }));
    house.close().await;
}
