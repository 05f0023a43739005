//! Ana watches a request and finds on her day what others did there; a colleague who is named in a note finds it on hers.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use chrono::TimeDelta;
use foundation::holding::Holding;
use foundation::staff::Directory;
use foundation::testing::{House, staff_named};
use foundation::{Act, Actor, Error, Role};
use intake::request::mentioning::{self, Named};
use intake::request::receiving::TypedRequest;
use intake::request::watching::{self, Changed};
use intake::request::{attempting, merging, noting};
use intake::rules::words::Outcome;

async fn changed(house: &House, who: &Actor) -> Vec<Changed> {
    let staff = Directory::of(house).await.unwrap();
    house.look(async |reader| watching::changed(reader, who, &staff).await).await.unwrap()
}

async fn named(house: &House, who: &Actor) -> Vec<Named> {
    let staff = Directory::of(house).await.unwrap();
    house.look(async |reader| mentioning::unseen(reader, who, house.keyring(), &staff).await).await.unwrap()
}

/// Opens the page, as the browser does.
async fn opens(house: &House, who: &Actor, reference: &str) {
    let about = request(house, reference).await.subject();
    house.readings().record(who, Act::OpenRequest, &about).await.unwrap();
}

async fn notes(house: &House, who: &Actor, reference: &str, text: &str) -> Result<(), Error> {
    let at = request(house, reference).await;
    house.write(who, async |unit| noting::note(unit, &at, text).await.map(|_| ())).await
}

#[tokio::test]
async fn what_others_did_since_she_looked_stands_on_her_day_and_her_own_acts_do_not() {
    let (house, cast) = house().await;
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let at = request(&house, &reference).await;
    house.later(TimeDelta::minutes(5));
    write(&house, &cast.ana, async |unit| watching::watch(unit, &at).await.map(|_| ())).await;
    assert!(changed(&house, &cast.ana).await.is_empty(), "what was there before is no news");
    house.later(TimeDelta::minutes(5));
    notes(&house, &cast.ana, &reference, "Mine.").await.unwrap();
    opens(&house, &cast.ben, &reference).await;
    assert!(changed(&house, &cast.ana).await.is_empty(), "nor what she does, nor that somebody looks");
    write(&house, &cast.ben, async |unit| {
        attempting::attempt(unit, &at, Outcome::NoAnswer).await.map(|_| ())
    })
    .await;
    let news = changed(&house, &cast.ana).await;
    assert_eq!(
        (news.len(), news[0].reference.as_str(), news[0].name.as_str()),
        (1, reference.as_str(), "Jo Alvarez")
    );
    assert_eq!((news[0].told[0].0.as_str(), news[0].told[0].1), ("Ben Kealoha", "logged a contact attempt"));
    assert!(changed(&house, &cast.ben).await.is_empty() && changed(&house, &cast.linus).await.is_empty());

    house.later(TimeDelta::minutes(5));
    opens(&house, &cast.ana, &reference).await;
    assert!(changed(&house, &cast.ana).await.is_empty(), "she looked");
    house.later(TimeDelta::minutes(1));
    for _ in 0..5 {
        notes(&house, &cast.ben, &reference, "Still nobody.").await.unwrap();
    }
    let news = changed(&house, &cast.ana).await;
    assert_eq!((news[0].told.len(), news[0].more), (3, 2));
    write(&house, &cast.ana, async |unit| watching::unwatch(unit, &at).await.map(|_| ())).await;
    assert!(changed(&house, &cast.ana).await.is_empty());
    let refused = house.write(&cast.ray, async |unit| watching::watch(unit, &at).await).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "who may not see it does not watch it");
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn a_watched_request_that_was_merged_is_watched_where_it_goes_on() {
    let (house, cast) = house().await;
    let one = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let two = ask(&house, "form-2", &jo()).await.unwrap().reference;
    let (a, b) = (request(&house, &one).await, request(&house, &two).await);
    write(&house, &cast.ana, async |unit| watching::watch(unit, &b).await.map(|_| ())).await;
    house.later(TimeDelta::minutes(1));
    write(&house, &cast.mina, async |unit| merging::merge(unit, &b, &a).await.map(|_| ())).await;
    let news = changed(&house, &cast.ana).await;
    assert_eq!(news.iter().map(|one| one.reference.as_str()).collect::<Vec<_>>(), [one.as_str()]);
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn whoever_is_named_finds_the_beginning_of_the_note_until_she_says_that_she_saw_it() {
    let (house, cast) = house().await;
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    notes(
        &house,
        &cast.mina,
        &reference,
        "@Ana.Ruiz <b>can</b> you call her?\nCC @ben, and @mina.castellanos.",
    )
    .await
    .unwrap();
    let hers = named(&house, &cast.ana).await;
    assert_eq!((hers.len(), hers[0].by.as_str()), (1, "Mina Castellanos"));
    assert_eq!(hers[0].opening, "@Ana.Ruiz <b>can</b> you call her? CC @ben, and @mina.castellanos.");
    assert_eq!(named(&house, &cast.ben).await.len(), 1);
    assert!(named(&house, &cast.mina).await.is_empty(), "whoever names herself needs no telling");
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    let asked: Vec<_> = page.history.events.iter().filter(|e| e.event.act == Act::NameColleague).collect();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().any(|e| e.event.detail.as_deref() == Some("Ana Ruiz")));

    let id = hers[0].id;
    let others = house.write(&cast.ben, async |unit| mentioning::see(unit, id).await).await;
    assert!(matches!(others, Err(Error::NotFound)), "{others:?}");
    for _ in 0..2 {
        write(&house, &cast.ana, async |unit| mentioning::see(unit, id).await).await;
    }
    assert!(named(&house, &cast.ana).await.is_empty());
    assert_eq!(named(&house, &cast.ben).await.len(), 1);
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn a_name_that_is_nobodys_or_that_may_not_see_it_is_a_fault_and_the_note_is_not_kept() {
    let (house, cast) = house().await;
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    staff_named(&house, "Ana Lopez", &[Role::Intake], None).await;
    let fault = async |text: &str| {
        let Err(Error::Invalid(faults)) = notes(&house, &cast.mina, &reference, text).await else {
            panic!("{text}")
        };
        faults.of("note").unwrap().to_owned()
    };
    assert!(fault("@bne please").await.contains("Nobody here is called @bne. Did you mean @ben.kealoha?"));
    assert!(fault("@ana please").await.contains("More than one here is called @ana"));
    assert!(fault("@ray please").await.contains("Ray Okafor cannot see requests"));
    let crowd = "@a @b @c @d @e @f @g @h @i @j @k";
    assert!(fault(crowd).await.contains("up to 10"));
    let page = page_of(&house, &cast.mina, &reference).await.unwrap();
    assert!(page.history.events.iter().all(|e| e.event.note.is_none()));
    notes(&house, &cast.mina, &reference, "Her address is jo@example.org, cost @ 5.").await.unwrap();
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn when_two_people_become_one_the_note_is_still_found_and_when_one_is_forgotten_it_is_gone() {
    let (house, cast) = house().await;
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let other = ask(&house, "form-2", &TypedRequest { name: "Joanna", ..jo() }).await.unwrap().reference;
    notes(&house, &cast.mina, &reference, "@ben look here").await.unwrap();
    let (from, to) =
        (request(&house, &reference).await.prospective_id, request(&house, &other).await.prospective_id);
    let both: [&dyn Holding; 2] = [&clients::ClientHolding, &intake::IntakeHolding];
    let moved = house.write(&Actor::House, async |unit| {
        let permit = unit.permit(Act::ReceiveRequest, &foundation::Subject::center())?;
        for holding in both {
            holding.move_to(unit, from, to).await?;
        }
        unit.record(permit, serde_json::json!({}));
        Ok::<_, Error>(())
    });
    moved.await.unwrap();
    assert_eq!(named(&house, &cast.ben).await[0].opening, "@ben look here");
    let forgotten = house.write(&Actor::House, async |unit| {
        let permit = unit.permit(Act::ReceiveRequest, &foundation::Subject::center())?;
        for holding in [both[1], both[0]] {
            holding.forget(unit, to).await?;
        }
        unit.record(permit, serde_json::json!({}));
        Ok::<_, Error>(())
    });
    forgotten.await.unwrap();
    assert!(named(&house, &cast.ben).await.is_empty());
    house.run_jobs().await;
    house.close().await;
}
