//! Requests given by rules, told with people: in turn, to whoever is there, never away from anyone.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

#[expect(dead_code, reason = "each story uses what it needs of them")]
mod asking;

use asking::{jo, page_of, request, write};
use chrono::TimeDelta;
use consent::rules::contact::SaidBy;
use foundation::jobs::running::Runner;
use foundation::ledger::asking::{Of, entries};
use foundation::staff::closing::{ClosingReason, close};
use foundation::testing::{Cast, House, staff_named};
use foundation::{Act, Actor, Error, Role, StaffId};
use intake::call::beginning;
use intake::duty::{self, OwnDuty};
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::{claiming, converting};
use intake::routing::{self, Change};
use intake::rules::routing::{Rule, TypedRule};
use intake::rules::words::Channel;

async fn house() -> (House, Cast, Actor) {
    let runner =
        Runner::default().with(routing::JOB, |db, payload| async move { routing::work(&db, &payload).await });
    let house = House::with(runner).await;
    let cast = Cast::on(&house).await;
    let sam = staff_named(&house, "Sam Whitfield", &[Role::Intake], None).await;
    (house, cast, sam)
}

fn id(who: &Actor) -> StaffId {
    who.staff_id().unwrap()
}

fn rule(typed: TypedRule<'_>, group: &[&Actor]) -> Rule {
    let group = group.iter().map(|who| id(who)).collect();
    Rule::parse(typed, vec![], group).unwrap()
}

async fn add(house: &House, linus: &Actor, rule: Rule) {
    let (_, version) = routing::rules(house.reader()).await.unwrap();
    write(house, linus, async |unit| routing::change(unit, version, Change::Add(rule)).await).await;
}

async fn takes(house: &House, who: &Actor, taking: bool) {
    let own = OwnDuty::parse(taking, |_| "").unwrap();
    write(house, who, async |unit| duty::set(unit, own).await).await;
}

/// Somebody writes; who has it when the house has done its work.
async fn arrives(house: &House, n: usize, typed: &TypedRequest<'_>) -> (String, Option<StaffId>) {
    let new = NewRequest::parse(typed, Channel::Web, SaidBy::Self_).unwrap();
    let form = format!("form-{n}");
    let received = house.write(&Actor::Visitor, async |unit| receive(unit, &form, new).await).await.unwrap();
    house.run_jobs().await;
    // One after another: the next one comes later.
    house.later(TimeDelta::seconds(20));
    let owner = request(house, &received.reference).await.owner_id;
    (received.reference, owner)
}

#[tokio::test]
async fn requests_go_around_among_those_who_are_there() {
    let (house, cast, sam) = house().await;
    add(
        &house,
        &cast.linus,
        rule(TypedRule { name: "From the web", ..TypedRule::default() }, &[&cast.ana, &sam, &cast.ben]),
    )
    .await;
    // Nobody has said that they take requests: they are nobody's, and on top for everyone.
    assert_eq!(arrives(&house, 0, &jo()).await.1, None);
    takes(&house, &cast.ana, true).await;
    takes(&house, &sam, true).await;
    let mut owners = Vec::new();
    for n in 1..=6 {
        owners.push(arrives(&house, n, &jo()).await.1.unwrap());
    }
    let anas = owners.iter().filter(|owner| **owner == id(&cast.ana)).count();
    assert_eq!(anas, 3, "{owners:?}");
    assert!(owners.windows(2).all(|pair| pair[0] != pair[1]), "in turn: {owners:?}");
    // Ana goes to lunch, Ben comes; whoever is new is next.
    takes(&house, &cast.ana, false).await;
    takes(&house, &cast.ben, true).await;
    assert_eq!(arrives(&house, 7, &jo()).await.1, Some(id(&cast.ben)));
    // An account that is closed gets nothing, whatever its switch says.
    write(&house, &cast.linus, async |unit| close(unit, id(&sam), ClosingReason::Left).await).await;
    for n in 8..11 {
        assert_eq!(arrives(&house, n, &jo()).await.1, Some(id(&cast.ben)));
    }
    house.close().await;
}

#[tokio::test]
async fn the_page_says_by_which_rule_and_the_ledger_knows() {
    let (house, cast, sam) = house().await;
    takes(&house, &cast.ana, true).await;
    takes(&house, &sam, true).await;
    let night = TypedRule { name: "At night", from: "22", until: "6", ..TypedRule::default() };
    add(&house, &cast.linus, rule(night, &[&sam])).await;
    add(&house, &cast.linus, rule(TypedRule { name: "By day", ..TypedRule::default() }, &[&cast.ana])).await;
    // Nine in the morning in Chicago.
    let (reference, owner) = arrives(&house, 1, &jo()).await;
    assert_eq!(owner, Some(id(&cast.ana)));
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!(page.routed.unwrap().rule, "By day");
    let told = entries(house.reader(), Of::Subject(page.request.id.0), None, 20).await.unwrap();
    let given = told.iter().find(|entry| entry.act == Act::RouteRequest).unwrap();
    assert_eq!(
        (given.actor_kind.as_str(), given.details["to"].as_str().unwrap()),
        ("house", id(&cast.ana).to_string().as_str())
    );
    // Given back it is nobody's, and no rule takes hold of it again.
    let seen = request(&house, &reference).await;
    write(&house, &cast.ana, async |unit| claiming::release(unit, &seen).await).await;
    assert!(page_of(&house, &cast.ana, &reference).await.unwrap().routed.is_none());
    house.later(TimeDelta::hours(14));
    assert_eq!(arrives(&house, 2, &jo()).await.1, Some(id(&sam)), "eleven at night");
    house.close().await;
}

#[tokio::test]
async fn a_rule_takes_nothing_from_anyone() {
    let (house, cast, _) = house().await;
    takes(&house, &cast.ana, true).await;
    add(&house, &cast.linus, rule(TypedRule { name: "All", ..TypedRule::default() }, &[&cast.ana])).await;
    let new = NewRequest::parse(&jo(), Channel::Web, SaidBy::Self_).unwrap();
    let received = house.write(&Actor::Visitor, async |unit| receive(unit, "f", new).await).await.unwrap();
    // Mina is quicker than the house.
    let seen = request(&house, &received.reference).await;
    write(&house, &cast.mina, async |unit| claiming::claim(unit, &seen).await).await;
    house.run_jobs().await;
    assert_eq!(request(&house, &received.reference).await.owner_id, cast.mina.staff_id());
    // Whoever may be in danger stays with everyone, and a caller has whoever is on the phone.
    assert_eq!(arrives(&house, 1, &TypedRequest { danger: "yes", ..jo() }).await.1, None);
    let call =
        house.write(&cast.ben, async |unit| beginning::begin(unit, "sheet", None).await).await.unwrap();
    house.run_jobs().await;
    let on_the_phone = house.look(async |reader| page_by_call(reader, call.request_id).await).await.unwrap();
    assert_eq!(on_the_phone, cast.ben.staff_id());
    house.close().await;
}

async fn page_by_call(
    reader: &impl sea_orm::ConnectionTrait,
    request: intake::request::RequestId,
) -> Result<Option<StaffId>, Error> {
    Ok(intake::request::merging::going_on(reader, request).await?.owner_id)
}

#[tokio::test]
async fn who_was_here_before_comes_to_whoever_knows_them_and_the_desk_reads_no_more_than_it_may() {
    let (house, cast, sam) = house().await;
    takes(&house, &cast.ana, true).await;
    takes(&house, &sam, true).await;
    let back = TypedRule { name: "Alumni who come back", returning: true, ..TypedRule::default() };
    add(&house, &cast.linus, rule(back, &[&sam])).await;
    add(&house, &cast.linus, rule(TypedRule { name: "New", ..TypedRule::default() }, &[&cast.ana])).await;
    let (first, owner) = arrives(&house, 1, &jo()).await;
    assert_eq!(owner, Some(id(&cast.ana)));
    let seen = request(&house, &first).await;
    write(&house, &cast.ana, async |unit| {
        converting::convert(unit, &seen, converting::ComingIn::default()).await.map(|_| ())
    })
    .await;
    // The number of somebody who has no record brings nobody back; the brother's sister gave it for him.
    let again = TypedRequest { for_whom: "self", phone: "212 555 0177", ..jo() };
    let (own, owner) = arrives(&house, 2, &again).await;
    assert_eq!(owner, Some(id(&cast.ana)));
    let seen = request(&house, &own).await;
    write(&house, &cast.ana, async |unit| {
        converting::convert(unit, &seen, converting::ComingIn::default()).await.map(|_| ())
    })
    .await;
    let (back, owner) = arrives(&house, 3, &again).await;
    assert_eq!(owner, Some(id(&sam)));
    let rule_for = async |who: &Actor| page_of(&house, who, &back).await.unwrap().routed.unwrap().rule;
    assert_eq!(rule_for(&sam).await, "Alumni who come back");
    assert_eq!(rule_for(&cast.ben).await, "", "the front desk sees no clients");
    house.close().await;
}

#[tokio::test]
async fn the_order_of_rules_is_kept_and_an_old_page_changes_nothing() {
    let (house, cast, sam) = house().await;
    for (name, who) in [("First", &cast.ana), ("Second", &sam)] {
        add(&house, &cast.linus, rule(TypedRule { name, ..TypedRule::default() }, &[who])).await;
    }
    let (all, version) = routing::rules(house.reader()).await.unwrap();
    let second = all[1].id;
    write(&house, &cast.linus, async |unit| routing::change(unit, version, Change::Raise(second)).await)
        .await;
    let names = |all: &[Rule]| all.iter().map(|rule| rule.name.clone()).collect::<Vec<_>>();
    let (all, newer) = routing::rules(house.reader()).await.unwrap();
    assert_eq!(names(&all), ["Second", "First"]);
    let stale = house
        .write(&cast.linus, async |unit| routing::change(unit, version, Change::Remove(second)).await)
        .await;
    assert!(matches!(stale, Err(Error::Stale)));
    let no =
        house.write(&cast.ana, async |unit| routing::change(unit, newer, Change::Remove(second)).await).await;
    assert!(matches!(no, Err(Error::Forbidden(Act::ChangeSettings))));
    write(&house, &cast.linus, async |unit| routing::change(unit, newer, Change::Remove(second)).await).await;
    assert_eq!(names(&routing::rules(house.reader()).await.unwrap().0), ["First"]);
    house.close().await;
}
