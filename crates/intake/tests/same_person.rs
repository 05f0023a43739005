//! Who may be the same person, on a real database, told with people.

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use chrono::TimeDelta;
use foundation::Error;
use intake::request::receiving::TypedRequest;
use intake::request::{converting, merging};
use intake::rules::likeness::Reason;
use intake::same_person::{Alike, Asked, Is, like};

fn words(of: &Alike) -> Vec<String> {
    of.reasons.iter().map(Reason::words).collect()
}

fn reference(of: &Alike) -> &str {
    match &of.is {
        Is::Request { reference, .. } | Is::Client { reference, .. } => reference,
    }
}

#[tokio::test]
async fn the_same_number_written_otherwise_is_found_with_its_reason() {
    let (house, cast) = house().await;
    let first = ask(&house, "1", &jo()).await.unwrap();
    let other = TypedRequest { name: "Joanna", phone: "+1 (212) 555-0142", ..jo() };
    let second = ask(&house, "2", &other).await.unwrap();
    ask(&house, "3", &TypedRequest { name: "Nadia Petrov", phone: "212 555 0199", ..jo() }).await.unwrap();
    let page = page_of(&house, &cast.ana, &second.reference).await.unwrap();
    assert_eq!(page.alike.len(), 1);
    assert_eq!(
        (page.alike[0].name.as_str(), reference(&page.alike[0])),
        ("Jo Alvarez", first.reference.as_str())
    );
    assert_eq!(words(&page.alike[0]), ["Same phone number"]);
    house.close().await;
}

#[tokio::test]
async fn a_short_name_a_slip_of_the_pen_and_an_address_are_found() {
    let (house, cast) = house().await;
    let named =
        |name: &'static str, phone: &'static str| TypedRequest { name, phone, for_whom: "self", ..jo() };
    let danny = ask(&house, "1", &named("Danny Ortiz", "212 555 0101")).await.unwrap();
    let slip = ask(&house, "2", &named("Daniel Oritz", "212 555 0102")).await.unwrap();
    let mail = TypedRequest { email: "D.Ortiz@example.com", ..named("D.", "") };
    let mail = ask(&house, "3", &mail).await.unwrap();
    ask(&house, "4", &named("Daniela Ortega", "212 555 0103")).await.unwrap();
    let now = TypedRequest { email: "d.ortiz@example.com", ..named("Daniel Ortiz", "212 555 0104") };
    let now = ask(&house, "5", &now).await.unwrap();
    let page = page_of(&house, &cast.ben, &now.reference).await.unwrap();
    let found: Vec<(&str, Vec<String>)> = page.alike.iter().map(|a| (reference(a), words(a))).collect();
    assert_eq!(
        found,
        [
            (mail.reference.as_str(), vec!["Same e-mail address".to_owned()]),
            (danny.reference.as_str(), vec!["Similar name: Daniel and Danny".to_owned()]),
            (slip.reference.as_str(), vec!["Similar name: Ortiz and Oritz".to_owned()]),
        ]
    );
    house.close().await;
}

#[tokio::test]
async fn the_one_who_may_need_care_is_compared_as_well_as_the_caller() {
    let (house, cast) = house().await;
    let self_ = TypedRequest { for_whom: "self", name: "José Luis García", phone: "212 555 0150", ..jo() };
    let himself = ask(&house, "1", &self_).await.unwrap();
    let sister = ask(&house, "2", &TypedRequest { other_name: "Pepe Garcia", ..jo() }).await.unwrap();
    let page = page_of(&house, &cast.ana, &sister.reference).await.unwrap();
    assert_eq!(reference(&page.alike[0]), himself.reference);
    assert_eq!(words(&page.alike[0]), ["Similar name: Pepe and José"]);
    // And from his side his sister's request is found.
    let page = page_of(&house, &cast.ana, &himself.reference).await.unwrap();
    assert_eq!(reference(&page.alike[0]), sister.reference);
    house.close().await;
}

#[tokio::test]
async fn a_client_is_offered_to_those_alone_who_may_open_the_record() {
    let (house, cast) = house().await;
    let marcus = TypedRequest { for_whom: "self", name: "Marcus Thompson", ..jo() };
    let before = ask(&house, "1", &marcus).await.unwrap();
    let row = request(&house, &before.reference).await;
    write(&house, &cast.ana, async |u| {
        converting::convert(
            u,
            &row,
            converting::ComingIn { counselor: cast.ray.staff_id(), ..Default::default() },
        )
        .await
        .map(|_| ())
    })
    .await;
    house.later(TimeDelta::days(100));
    let again = ask(&house, "2", &TypedRequest { name: "Marcus T.", ..marcus.clone() }).await.unwrap();
    let page = page_of(&house, &cast.ana, &again.reference).await.unwrap();
    // The record, and not also the closed request that led to it.
    assert_eq!(page.alike.len(), 1);
    assert!(matches!(&page.alike[0].is, Is::Client { reference, .. } if reference.starts_with("K-")));
    assert_eq!(words(&page.alike[0]), ["Same phone number", "Similar name: T. and Thompson"]);
    // The front desk opens no records: to it, that he was here does not exist.
    let page = page_of(&house, &cast.ben, &again.reference).await.unwrap();
    assert!(page.alike.is_empty(), "{:?}", page.alike);
    let asked = Asked { phones: vec!["212 555 0142".into()], ..Asked::default() };
    let linus = house.look(async |reader| like(reader, &cast.linus, asked.clone()).await).await;
    assert!(matches!(linus, Err(Error::Forbidden(_))));
    house.close().await;
}

#[tokio::test]
async fn who_gave_one_word_is_compared_with_those_who_wait_and_gave_one_word() {
    let (house, cast) = house().await;
    let named =
        |name: &'static str, phone: &'static str| TypedRequest { name, phone, for_whom: "self", ..jo() };
    let bill = ask(&house, "1", &named("Bill", "212 555 0101")).await.unwrap();
    ask(&house, "2", &named("William Hale", "212 555 0102")).await.unwrap();
    let asked = Asked { names: vec!["William".into()], ..Asked::default() };
    let found = house.look(async |reader| like(reader, &cast.ben, asked.clone()).await).await.unwrap();
    assert_eq!(found.iter().map(reference).collect::<Vec<_>>(), [bill.reference.as_str()]);
    house.close().await;
}

#[tokio::test]
async fn while_somebody_is_typed_in_half_a_number_finds_nobody() {
    let (house, cast) = house().await;
    ask(&house, "1", &jo()).await.unwrap();
    for (phone, name, count) in
        [("212", "", 0), ("212 555 01", "", 0), ("212 555 0142", "", 1), ("", "jo álvarez", 1), ("", "😀", 0)]
    {
        let asked = Asked { phones: vec![phone.into()], names: vec![name.into()], ..Asked::default() };
        let found = house.look(async |reader| like(reader, &cast.ben, asked.clone()).await).await.unwrap();
        assert_eq!(found.len(), count, "{phone} {name}");
    }
    house.close().await;
}

#[tokio::test]
async fn birth_years_that_are_both_known_and_differ_make_two_people() {
    let (house, cast) = house().await;
    let marcus = TypedRequest { for_whom: "self", name: "Marcus Thompson", ..jo() };
    let born = async |submission: &str, phone: &'static str, born_on: &str| {
        let typed = TypedRequest { phone, ..marcus.clone() };
        let received = ask(&house, submission, &typed).await.unwrap();
        let row = request(&house, &received.reference).await;
        write(&house, &cast.ana, async |u| {
            converting::convert(u, &row, converting::ComingIn::default()).await.map(|_| ())
        })
        .await;
        let page = clients::client::page(house.reader(), &cast.ana, row.prospective_id).await.unwrap();
        let today = "2026-03-02".parse().unwrap();
        let to = clients::person::Identity::parse("Marcus Thompson", "", "", born_on, "en", today).unwrap();
        write(&house, &cast.ana, async |u| {
            clients::person::change(u, &page.subject, page.person.version, to.clone()).await
        })
        .await;
        row
    };
    born("1", "212 555 0101", "1984-03-27").await;
    let same_year = born("2", "212 555 0102", "1991-01-02").await;
    let asks = born("3", "212 555 0103", "1991-02-01").await;
    let asked = Asked { people: vec![asks.caller_id], but: Some(asks.id), ..Asked::default() };
    let found = house.look(async |reader| like(reader, &cast.ana, asked.clone()).await).await.unwrap();
    let others: Vec<_> = found
        .iter()
        .filter_map(|a| match a.is {
            Is::Client { id, .. } if id != asks.caller_id => Some(id),
            _ => None,
        })
        .collect();
    assert_eq!(others, [same_year.prospective_id]);
    house.close().await;
}

#[tokio::test]
async fn what_was_merged_is_offered_no_more() {
    let (house, cast) = house().await;
    let first = ask(&house, "1", &jo()).await.unwrap();
    let second = ask(&house, "2", &jo()).await.unwrap();
    let third = ask(&house, "3", &jo()).await.unwrap();
    let (into, duplicate) =
        (request(&house, &first.reference).await, request(&house, &second.reference).await);
    write(&house, &cast.ana, async |u| merging::merge(u, &duplicate, &into).await.map(|_| ())).await;
    let page = page_of(&house, &cast.ana, &third.reference).await.unwrap();
    assert_eq!(page.alike.iter().map(reference).collect::<Vec<_>>(), [first.reference.as_str()]);
    house.close().await;
}
