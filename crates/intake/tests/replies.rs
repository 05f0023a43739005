//! Replies that are needed often: saved once, found by a part of their name, filled for one person.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use chrono::TimeDelta;
use foundation::Lang;
use foundation::center::Center;
use foundation::testing::House;
use foundation::{Actor, Error, Faults};
use intake::replies::{self, NewReply, Reply, ReplyId, by_name, filled, matching};
use intake::request::receiving::TypedRequest;
use intake::request::stepping::{self, NextStep};

const OFFER: [(&str, &str); 4] = [
    ("reply_name", "Offer a time"),
    ("subject_line", "our_call"),
    ("english", "Hi {name}, it’s {me}. Would {next_time} work? {phone}"),
    ("spanish", "Hola {name}, soy {me}. ¿Le va bien {next_time}? {phone}"),
];

async fn typed(house: &House, fields: &[(&str, &str)], shared: bool) -> Result<NewReply, Faults> {
    let center = Center::load(house.reader()).await.unwrap();
    let text = |name: &str| fields.iter().find(|field| field.0 == name).map_or("", |field| field.1);
    NewReply::parse(text, shared, &center)
}

async fn saves(house: &House, who: &Actor, fields: &[(&str, &str)], shared: bool) -> Result<ReplyId, Error> {
    let new = typed(house, fields, shared).await?;
    house.write(who, async |unit| replies::save(unit, new).await).await
}

async fn all(house: &House) -> Vec<Reply> {
    replies::all(house.reader(), house.keyring()).await.unwrap()
}

#[tokio::test]
async fn a_reply_is_checked_when_it_is_saved() {
    let (house, _) = house().await;
    let with = async |field: &'static str, value: &'static str| {
        let fields = OFFER.map(|(name, was)| (name, if name == field { value } else { was }));
        typed(&house, &fields, false).await.unwrap_err().of(field).map(str::to_owned).unwrap()
    };
    assert!(with("english", "Hi {nam}").await.contains("Did you mean {name}?"));
    assert!(with("spanish", "Hola {phon}").await.contains("Did you mean {phone}?"));
    assert!(with("english", "Your detox begins").await.contains("detox"));
    assert!(with("english", "").await.contains("English"));
    assert!(with("reply_name", "").await.contains("name"));
    assert!(with("subject_line", "Your rehab").await.contains("subject"));
    assert!(typed(&house, &OFFER, false).await.is_ok());
    house.close().await;
}

#[tokio::test]
async fn ones_own_is_nobody_elses_and_what_is_shared_is_for_everyone() {
    let (house, cast) = house().await;
    let own = saves(&house, &cast.ben, &OFFER, false).await.unwrap();
    house.later(chrono::TimeDelta::seconds(1));
    let refused = saves(&house, &cast.ben, &[("reply_name", "B"), OFFER[1], OFFER[2]], true).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))), "the front desk keeps its own: {refused:?}");
    let shared = saves(&house, &cast.ana, &[("reply_name", "Door"), OFFER[1], OFFER[2]], true).await.unwrap();
    let seen = async |who: &Actor| -> Vec<ReplyId> {
        let all = all(&house).await;
        matching(&all, who.staff_id(), "").into_iter().map(|reply| reply.id).collect()
    };
    assert_eq!((seen(&cast.ben).await, seen(&cast.mina).await), (vec![own, shared], vec![shared]));

    let new = typed(&house, &OFFER, false).await.unwrap();
    let theirs = house.write(&cast.ana, async |unit| replies::change(unit, own, 1, new).await).await;
    assert!(matches!(theirs, Err(Error::NotFound)), "{theirs:?}");
    assert!(matches!(
        house.write(&cast.ben, async |unit| replies::end(unit, shared).await).await,
        Err(Error::NotFound)
    ));
    let doubled =
        saves(&house, &cast.ben, &[("reply_name", "offer  A time"), OFFER[1], OFFER[2]], false).await;
    assert!(matches!(doubled, Err(Error::Invalid(_))), "{doubled:?}");

    let new = typed(&house, &OFFER, false).await.unwrap();
    house.write(&cast.ben, async |unit| replies::change(unit, own, 1, new.clone()).await).await.unwrap();
    let stale = house.write(&cast.ben, async |unit| replies::change(unit, own, 1, new.clone()).await).await;
    assert!(matches!(stale, Err(Error::Stale)), "{stale:?}");
    house.write(&cast.mina, async |unit| replies::end(unit, shared).await).await.unwrap();
    assert!(seen(&cast.mina).await.is_empty());
    house.close().await;
}

#[tokio::test]
async fn a_reply_is_filled_for_one_person_or_says_what_is_missing() {
    let (house, cast) = house().await;
    saves(&house, &cast.ana, &OFFER, false).await.unwrap();
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let asked = request(&house, &reference).await;
    let all = all(&house).await;
    let reply = by_name(&all, cast.ana.staff_id(), "a time").unwrap();
    let Err(Error::Invalid(faults)) = filled(house.reader(), "Ana Ruiz", &asked, reply).await else {
        panic!()
    };
    assert_eq!(faults.of("reply"), Some("{next_time} has nothing to say, no next step is set"));

    let at = house.now() + TimeDelta::hours(29);
    let step = NextStep::parse("call", Some(at), house.now()).unwrap();
    write(&house, &cast.ana, async |unit| stepping::step(unit, &asked, asked.version, step).await).await;
    let asked = page_of(&house, &cast.ana, &reference).await.unwrap().request;
    let letter = filled(house.reader(), "Ana Ruiz", &asked, reply).await.unwrap();
    assert_eq!(
        letter.text,
        "Hi Jo Alvarez, it’s Ana. Would Tuesday, March 3, at 2:00 PM work? (212) 555-0100"
    );
    assert_eq!(letter.lang, Lang::English);
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn a_name_that_looks_like_a_placeholder_stays_a_name() {
    let (house, cast) = house().await;
    saves(&house, &cast.ana, &[OFFER[0], OFFER[1], ("english", "Hi {name}.")], false).await.unwrap();
    let typed = TypedRequest { name: "{phone} <script>", ..jo() };
    let reference = ask(&house, "form-1", &typed).await.unwrap().reference;
    let asked = request(&house, &reference).await;
    let all = all(&house).await;
    let reply = by_name(&all, cast.ana.staff_id(), "Offer a time").unwrap();
    let letter = filled(house.reader(), "Ana Ruiz", &asked, reply).await.unwrap();
    assert_eq!(letter.text, "Hi {phone} <script>.");
    assert!(by_name(&all, cast.ben.staff_id(), "Offer a time").is_err(), "Ana keeps it for herself");
    assert!(
        by_name(&all, cast.ana.staff_id(), "").is_err() && by_name(&all, cast.ana.staff_id(), "%").is_err()
    );
    house.run_jobs().await;
    house.close().await;
}
