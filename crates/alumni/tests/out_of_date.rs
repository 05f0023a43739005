//! Stories of a map that gets old, and of one that changes.

mod people;

use alumni::connection::{ConnectionId, EndReason, end, record};
use alumni::connections::{Confirmation, ConnectionsPage, confirm, page};
use alumni::rules::indicator::{Band, Chip, Standing};
use alumni::worklist::{standings, worklist};
use chrono::TimeDelta;
use foundation::PersonId;
use foundation::testing::{Cast, House};

use people::{checked, client, day, enrolled, relative};

/// Aunt Elena is on Zoë's map, and it was gone through with her on the day she went home, Monday 2 March.
#[expect(clippy::expect_used, reason = "a story that cannot be set up should stop")]
async fn gone_through(house: &House, cast: &Cast, zoe: PersonId) -> ConnectionId {
    let elena = checked(relative("Elena"));
    let id =
        house.write(&cast.ray, async |unit| record(unit, zoe, elena.clone()).await).await.expect("records");
    confirmed(house, cast, zoe).await;
    id
}

#[expect(clippy::expect_used, reason = "a story that cannot be set up should stop")]
async fn confirmed(house: &House, cast: &Cast, zoe: PersonId) {
    let five = Confirmation::parse(false, Some(5), None).expect("five group sessions");
    house.write(&cast.ray, async |unit| confirm(unit, zoe, five.clone()).await).await.expect("confirms");
}

#[expect(clippy::expect_used, reason = "a story that cannot be read should stop")]
async fn shown(house: &House, cast: &Cast, zoe: PersonId) -> ConnectionsPage {
    page(house.reader(), house.keyring(), &cast.ray, zoe, house.now()).await.expect("a page")
}

/// What the list of the day says of her map on a day.
#[expect(clippy::expect_used, reason = "a story that cannot be read should stop")]
async fn said_of_the_map(house: &House, cast: &Cast, on: &str) -> Vec<String> {
    let list = worklist(house.reader(), &cast.ray, day(on)).await.expect("a list");
    let lines = list.groups.into_iter().flat_map(|(_, lines)| lines);
    lines.flat_map(|line| line.reasons).filter(|reason| reason.contains("map")).collect()
}

#[tokio::test]
async fn in_the_first_ninety_days_a_map_is_read_for_thirty_days_and_then_says_that_it_is_old() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    enrolled(&house, &cast, zoe, "2026-03-02").await;
    gone_through(&house, &cast, zoe).await;

    house.later(TimeDelta::days(30));
    assert_eq!(shown(&house, &cast, zoe).await.reading.band, Some(Band::Some));
    assert_eq!(said_of_the_map(&house, &cast, "2026-04-01").await, Vec::<String>::new());

    house.later(TimeDelta::days(1));
    let old = shown(&house, &cast, zoe).await.reading;
    assert_eq!((old.standing, old.band, old.heading()), (Standing::OutOfDate, None, "Out of date"));
    assert_eq!(
        said_of_the_map(&house, &cast, "2026-04-02").await,
        ["The map is 31 days old, too old to read."]
    );
    let line = standings(house.reader(), &cast.ray, day("2026-04-02")).await.unwrap().remove(0);
    assert_eq!((line.map.band, line.map.out_of_date), (None, true), "no list shows a band that is too old");

    confirmed(&house, &cast, zoe).await;
    assert_eq!(shown(&house, &cast, zoe).await.reading.band, Some(Band::Some));
    assert_eq!(said_of_the_map(&house, &cast, "2026-04-02").await, Vec::<String>::new());
    house.close().await;
}

#[tokio::test]
async fn after_ninety_days_a_map_is_read_for_a_hundred() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    enrolled(&house, &cast, zoe, "2025-11-03").await;
    gone_through(&house, &cast, zoe).await;
    house.later(TimeDelta::days(100));
    assert_eq!(shown(&house, &cast, zoe).await.reading.standing, Standing::Current);
    house.later(TimeDelta::days(1));
    assert_eq!(shown(&house, &cast, zoe).await.reading.standing, Standing::OutOfDate);
    house.close().await;
}

#[tokio::test]
async fn when_the_only_one_who_supports_her_is_gone_the_page_says_that_it_changed() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    enrolled(&house, &cast, zoe, "2026-03-02").await;
    let elena = gone_through(&house, &cast, zoe).await;
    assert!(!shown(&house, &cast, zoe).await.reading.chips.contains(&Chip::Changed));

    house.later(TimeDelta::days(3));
    house.write(&cast.ray, async |unit| end(unit, elena, EndReason::MovedAway).await).await.unwrap();
    house.later(TimeDelta::days(2));
    let after = shown(&house, &cast, zoe).await;
    assert!(after.reading.chips.contains(&Chip::Changed), "{:?}", after.reading);
    assert_eq!(after.reading.band, Some(Band::Alone));
    let kept = after.snapshots.first().expect("kept when she moved away");
    assert_eq!(kept.taken_on, day("2026-03-05"));
    assert!(kept.result.to_string().contains("changed"));
    house.close().await;
}
