//! The waitlist on a real database, told with people.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

use chrono::TimeDelta;
use clients::episode::LevelOfCare;
use consent::rules::contact::SaidBy;
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error};
use intake::request::receiving::{NewRequest, TypedRequest, receive};
use intake::request::{by_reference, claiming, closing, converting, merging};
use intake::rules::outcome::Closing;
use intake::rules::waitlist::{Class, Interim, WhyLeft};
use intake::rules::words::Channel;
use intake::waitlist::{self, NewWait, Wait, adding, leaving, list};
use intake::{IntakeHolding, Request, waiting_on};

async fn house() -> (House, Cast) {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    (house, cast)
}

async fn asks(house: &House, name: &str) -> Request {
    let typed = TypedRequest {
        danger: "no",
        for_whom: "self",
        name,
        phone: "212 555 0142",
        ..TypedRequest::default()
    };
    let new = NewRequest::parse(&typed, Channel::Web, SaidBy::Self_).unwrap();
    let form = format!("form-{name}");
    let received = house.write(&Actor::Visitor, async |unit| receive(unit, &form, new).await).await.unwrap();
    by_reference(house.reader(), &received.reference).await.unwrap()
}

fn given<'a>(fields: &'a [(&str, &'a str)]) -> impl Fn(&str) -> &'a str {
    |name| fields.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
}

fn wish(level: &str, class: &str, interim: &[Interim]) -> NewWait {
    NewWait::parse(given(&[("level", level), ("class", class)]), interim.to_vec()).unwrap()
}

async fn waits(house: &House, who: &Actor, about: &Request, level: &str, class: &str) -> Result<Wait, Error> {
    let new = wish(level, class, &[]);
    house.write(who, async |unit| adding::add(unit, about, new).await).await?;
    waitlist::open_of(house.reader(), about.id).await?.ok_or(Error::NotFound)
}

async fn names(house: &House, who: &Actor) -> Vec<(String, usize)> {
    list::rows(house, who).await.unwrap().into_iter().map(|row| (row.name, row.place)).collect()
}

async fn page(house: &House, who: &Actor, about: &Request) -> Result<waitlist::Page, Error> {
    let now = house.now();
    house.look(async |reader| waitlist::page(reader, house.keyring(), who, &about.reference, now).await).await
}

#[tokio::test]
async fn the_list_has_an_order_that_explains_itself_for_each_level() {
    let (house, cast) = house().await;
    for (name, level, class) in [
        ("Abe", "3.5", "other"),
        ("Bea", "3.5", "not_asked"),
        ("Cleo", "2.1", "other"),
        ("Dot", "3.5", "pregnant"),
    ] {
        let about = asks(&house, name).await;
        let wait = waits(&house, &cast.ana, &about, level, class).await.unwrap();
        assert!(
            !wait.details.windows(8).any(|w| w == b"pregnant"),
            "the class is in the database in plain text"
        );
        house.later(TimeDelta::hours(1));
    }
    let rows = list::rows(&house, &cast.mina).await.unwrap();
    let (bold, rest) = list::sentence(&rows, house.now());
    assert_eq!(
        (bold.as_str(), rest.as_str()),
        ("Four people wait for a place.", "One is owed help while they wait.")
    );
    let places: Vec<(&str, usize)> = rows.iter().map(|row| (row.name.as_str(), row.place)).collect();
    assert_eq!(places, [("Cleo", 1), ("Dot", 1), ("Abe", 2), ("Bea", 3)]);
    assert_eq!(rows[2].why, "After those who come first by law: pregnant.");
    assert_eq!(rows[3].why, "After those who have waited longer.");
    assert!(matches!(list::rows(&house, &cast.carol).await, Err(Error::Forbidden(_))));
    house.close().await;
}

#[tokio::test]
async fn someone_waits_once_and_keeps_their_time_when_it_is_put_right() {
    let (house, cast) = house().await;
    let about = asks(&house, "Abe").await;
    let wait = waits(&house, &cast.ana, &about, "3.5", "not_asked").await.unwrap();
    let twice = waits(&house, &cast.ana, &about, "3.5", "other").await;
    assert!(matches!(twice, Err(Error::Refused(ref no)) if no.code == "waits"), "{twice:?}");
    house.later(TimeDelta::days(2));
    let change = async |version| {
        let new = wish("3.7", "injecting", &[Interim::Naloxone]);
        house.write(&cast.ana, async |unit| adding::change(unit, &wait, &about, version, new).await).await
    };
    change(1).await.unwrap();
    assert!(matches!(change(1).await, Err(Error::Stale)));
    let (now, details) = page(&house, &cast.ana, &about).await.unwrap().wait.unwrap();
    assert_eq!((now.level, now.added_at), (LevelOfCare::ManagedResidential, wait.added_at));
    assert_eq!((details.class, details.interim), (Class::Injecting, vec![Interim::Naloxone]));
    house.close().await;
}

#[tokio::test]
async fn a_place_that_was_declined_is_kept_with_its_reason_and_the_week_begins_anew() {
    let (house, cast) = house().await;
    let about = asks(&house, "Abe").await;
    let wait = waits(&house, &cast.ana, &about, "3.5", "other").await.unwrap();
    house.later(TimeDelta::days(3));
    let no = house.write(&cast.ana, async |unit| adding::declined(unit, &wait, &about, " ").await).await;
    assert!(matches!(no, Err(Error::Invalid(ref faults)) if faults.of("because").is_some()), "{no:?}");
    let why = "His mother is ill until Friday.";
    house.write(&cast.ana, async |unit| adding::declined(unit, &wait, &about, why).await).await.unwrap();
    let (now, details) = page(&house, &cast.ana, &about).await.unwrap().wait.unwrap();
    assert_eq!((now.contacted_at, details.declined[0].because.as_str()), (Some(house.now()), why));
    house.write(&cast.ana, async |unit| adding::kept_in_touch(unit, &now, &about).await).await.unwrap();
    house.close().await;
}

#[tokio::test]
async fn waiting_ends_with_the_request_and_tells_how_long_it_took() {
    let (house, cast) = house().await;
    let (abe, bea, cleo) = (asks(&house, "Abe").await, asks(&house, "Bea").await, asks(&house, "Cleo").await);
    for about in [&abe, &bea, &cleo] {
        waits(&house, &cast.ana, about, "3.5", "other").await.unwrap();
    }
    assert_eq!(page(&house, &cast.ana, &abe).await.unwrap().expected, None, "nobody yet is no number");
    house.later(TimeDelta::days(6));
    house
        .write(&cast.ana, async |unit| converting::convert(unit, &abe, converting::ComingIn::default()).await)
        .await
        .unwrap();
    let declined = Closing::parse("declined_by_person", "not_ready", "no").unwrap();
    house.write(&cast.ana, async |unit| closing::close(unit, &bea, declined).await).await.unwrap();
    assert_eq!(names(&house, &cast.ana).await, [("Cleo".to_owned(), 1)]);
    let left = page(&house, &cast.ana, &cleo).await.unwrap();
    assert_eq!((left.expected, left.list.len()), (Some((6, 1)), 1));
    let (wait, _) = left.wait.unwrap();
    let leave = async || {
        house
            .write(&cast.ana, async |unit| leaving::leave(unit, &wait, &cleo, WhyLeft::Elsewhere).await)
            .await
    };
    leave().await.unwrap();
    assert!(matches!(leave().await, Err(Error::Stale)));
    assert!(names(&house, &cast.ana).await.is_empty());
    let late = waits(
        &house,
        &cast.ana,
        &by_reference(house.reader(), &bea.reference).await.unwrap(),
        "3.5",
        "other",
    )
    .await;
    assert!(matches!(late, Err(Error::Refused(ref no)) if no.code == "closed"), "{late:?}");
    house.close().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_the_list_is_for_those_who_work_it() {
    let (house, cast) = house().await;
    let typed = [("earliest_on", "soon"), ("contact_days", "30")];
    let no = NewWait::parse(given(&typed), vec![]).unwrap_err();
    let fields: Vec<&str> = no.0.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["level", "earliest_on", "contact_days"]);
    let about = asks(&house, "Abe").await;
    for stranger in [&cast.ben, &cast.ray, &cast.linus] {
        assert!(matches!(waits(&house, stranger, &about, "3.5", "other").await, Err(Error::Forbidden(_))));
        assert!(matches!(page(&house, stranger, &about).await, Err(Error::NotFound)));
    }
    house.close().await;
}

#[tokio::test]
async fn a_place_moves_with_its_person_and_is_forgotten_with_them() {
    use foundation::holding::Holding;
    let (house, cast) = house().await;
    let about = asks(&house, "Abe").await;
    waits(&house, &cast.ana, &about, "3.5", "injecting").await.unwrap();
    let export = IntakeHolding.export(house.reader(), house.keyring(), about.prospective_id).await.unwrap();
    assert!(export.to_string().contains("injecting"));
    let survivor = house
        .write(&cast.ana, async |unit| {
            let new = clients::person::NewPerson::parse("Abel Sandoval")?;
            let survivor = clients::person::add(unit, new, &[]).await?;
            let permit = unit.permit(Act::NoteRequest, &about.subject())?;
            IntakeHolding.move_to(unit, about.prospective_id, survivor).await?;
            unit.record(permit, serde_json::json!({}));
            Ok::<_, Error>(survivor)
        })
        .await
        .unwrap();
    let kept = page(&house, &cast.ana, &about).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.wait.unwrap().1.class), ("Abel Sandoval", Class::Injecting));
    house
        .write(&cast.ana, async |unit| {
            let permit = unit.permit(Act::NoteRequest, &about.subject())?;
            IntakeHolding.forget(unit, survivor).await?;
            unit.record(permit, serde_json::json!({}));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    assert_eq!(page(&house, &cast.ana, &about).await.unwrap().wait.unwrap().1.class, Class::NotAsked);
    house.close().await;
}

#[tokio::test]
async fn a_place_on_the_list_is_settled_before_its_request_goes_on_in_another() {
    let (house, cast) = house().await;
    let (first, second) = (asks(&house, "Abe").await, asks(&house, "Abraham").await);
    waits(&house, &cast.ana, &second, "3.5", "other").await.unwrap();
    let merge = async |from: &Request, into: &Request| {
        house.write(&cast.ana, async |unit| merging::merge(unit, from, into).await).await
    };
    let refused = merge(&second, &first).await;
    assert!(matches!(refused, Err(Error::Refused(ref no)) if no.code == "waits"), "{refused:?}");
    // The other way round nothing is lost: the one that waits goes on.
    merge(&first, &second).await.unwrap();
    assert_eq!(names(&house, &cast.ana).await, [("Abraham".to_owned(), 1)]);
    house.close().await;
}

#[tokio::test]
async fn who_waits_for_a_place_stands_on_the_day_of_whoever_has_the_request() {
    let (house, cast) = house().await;
    let abe = asks(&house, "Abe").await;
    house.write(&cast.ana, async |unit| claiming::claim(unit, &abe).await).await.unwrap();
    waits(&house, &cast.ana, &abe, "3.5", "others").await.unwrap();
    let places = waiting_on::of(house.reader(), &cast.ana).await.unwrap().places;
    assert_eq!((places[0].name.as_str(), places[0].level), ("Abe", LevelOfCare::HighIntensityResidential));
    let abe = by_reference(house.reader(), &abe.reference).await.unwrap();
    house.write(&cast.ana, async |unit| claiming::release(unit, &abe).await).await.unwrap();
    assert!(waiting_on::of(house.reader(), &cast.ana).await.unwrap().places.is_empty());
    house.close().await;
}
