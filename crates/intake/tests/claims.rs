//! Five thousand times somebody takes a request, gives it back, hands it on, gets it by a rule, or is cut off in the middle
//! of it. Nobody ever has what another one has.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a story that cannot go on is a failed test"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use consent::rules::contact::SaidBy;
use foundation::ledger::asking::{Of, entries};
use foundation::testing::{Cast, House, staff_named};
use foundation::{Act, Actor, Db, Error, Role};
use intake::duty::{self, OwnDuty};
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::{by_reference, claiming};
use intake::routing::{self, Change};
use intake::rules::routing::{Rule, TypedRule};
use intake::rules::words::Channel;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const OPERATIONS: u64 = 5_000;
const REQUESTS: usize = 6;
const HANDS: u64 = 8;

async fn asks(house: &House, n: usize) -> String {
    let submission = format!("form-{n}");
    let typed = TypedRequest { phone: "212 555 0142", ..TypedRequest::default() };
    let new = NewRequest::parse(&typed, Channel::Web, SaidBy::Self_).unwrap();
    let received = house.write(&Actor::Visitor, async |unit| receive(unit, &submission, new).await).await;
    received.unwrap().reference
}

#[derive(Clone, Copy)]
enum What {
    Claim,
    Release,
    Give,
    /// The house gives it by a rule, as if it had come in just now.
    Route,
}

/// One operation by one of them, from the request as they saw it. `true` when it was done.
async fn one(db: &Db, who: &Actor, to: &Actor, reference: &str, what: What) -> bool {
    let seen = by_reference(db.reader(), reference).await.unwrap();
    let is_mine = seen.owner_id.is_some() && seen.owner_id == who.staff_id();
    let to = to.staff_id().unwrap();
    let done = match what {
        What::Claim => db.write(who, async |unit| claiming::claim(unit, &seen).await).await,
        What::Release if is_mine => db.write(who, async |unit| claiming::release(unit, &seen).await).await,
        What::Give if is_mine => db.write(who, async |unit| claiming::give(unit, &seen, to).await).await,
        What::Route => {
            let given = db.write(&Actor::House, async |unit| routing::give(unit, seen.id).await).await;
            given.map(|to| to.ok_or(Error::Stale)).and_then(|given| given.map(|_| ()))
        }
        What::Release | What::Give => return false,
    };
    match done {
        Ok(()) => true,
        Err(Error::Stale | Error::Refused(_) | Error::Busy) => false,
        Err(other) => panic!("{other}"),
    }
}

/// A pair of hands that does its share, and is cut off in the middle of every tenth.
async fn hands(db: Db, cast: Arc<[Actor; 3]>, requests: Arc<Vec<String>>, seed: u64, won: Arc<AtomicU64>) {
    let mut chance = StdRng::seed_from_u64(seed);
    for _ in 0..OPERATIONS / HANDS {
        let who = &cast[chance.random_range(0..cast.len())];
        let to = &cast[chance.random_range(0..2)];
        let reference = &requests[chance.random_range(0..requests.len())];
        // Given back as often as taken, so that the rule finds something to give.
        let all = [What::Claim, What::Release, What::Release, What::Give, What::Route, What::Route];
        let what = all[chance.random_range(0..all.len())];
        let work = one(&db, who, to, reference, what);
        if chance.random_ratio(1, 10) {
            let patience = Duration::from_micros(chance.random_range(0..1500));
            let _ = tokio::time::timeout(patience, work).await;
        } else if work.await {
            won.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A rule for every request, and everyone takes them.
async fn rules(house: &House, cast: &Cast, sam: &Actor) {
    let group = [&cast.ana, sam, &cast.mina];
    let typed = TypedRule { name: "Everyone in turn", ..TypedRule::default() };
    let ids = group.iter().map(|who| who.staff_id().unwrap()).collect();
    let rule = Rule::parse(typed, vec![], ids).unwrap();
    house.write(&cast.linus, async |unit| routing::change(unit, 0, Change::Add(rule)).await).await.unwrap();
    for who in group {
        let own = OwnDuty::parse(true, |_| "").unwrap();
        house.write(who, async |unit| duty::set(unit, own).await).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_ever_has_what_another_one_has() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let sam = staff_named(&house, "Sam", &[Role::Intake], None).await;
    let mut requests = Vec::new();
    for n in 0..REQUESTS {
        requests.push(asks(&house, n).await);
    }
    let requests = Arc::new(requests);
    rules(&house, &cast, &sam).await;
    let people = Arc::new([cast.ana.clone(), sam, cast.mina.clone()]);
    let won = Arc::new(AtomicU64::new(0));
    let all: Vec<_> = (0..HANDS)
        .map(|seed| {
            let (db, people, requests, won) =
                ((*house).clone(), Arc::clone(&people), Arc::clone(&requests), Arc::clone(&won));
            tokio::spawn(hands(db, people, requests, seed, won))
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }

    let (mut told, mut by_rule) = (0, 0);
    for reference in requests.iter() {
        let request = by_reference(house.reader(), reference).await.unwrap();
        let history = entries(house.reader(), Of::Subject(request.id.0), None, 20_000).await.unwrap();
        let count = |act| i64::try_from(history.iter().filter(|e| e.act == act).count()).unwrap();
        let (claims, releases, gifts) =
            (count(Act::ClaimRequest), count(Act::ReleaseRequest), count(Act::GiveRequest));
        let routed = count(Act::RouteRequest);
        assert_eq!(
            i64::from(request.version) - 1,
            claims + routed + releases + gifts,
            "{reference}: something was done and not written down, or written down and not done"
        );
        assert_eq!(
            claims + routed - releases,
            i64::from(request.owner_id.is_some()),
            "{reference}: two had it at once ({claims} taken, {routed} given by a rule, {releases} given back)"
        );
        told += claims + routed + releases + gifts;
        by_rule += routed;
    }
    let won = i64::try_from(won.load(Ordering::Relaxed)).unwrap();
    assert!(told >= won && won > 500, "{told} in the ledger, {won} were told that it is theirs");
    assert!(by_rule > 50, "the rule gave {by_rule}");
    println!("{told} operations done, {by_rule} of them by the rule");
    house.close().await;
}
