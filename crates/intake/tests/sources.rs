//! Where people come from, told with people: organizations, whom to call there, what came from them.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use chrono::TimeDelta;
use foundation::testing::House;
use foundation::{Actor, Error, PersonId};
use intake::inbox::counting::counts_in;
use intake::inbox::filter::Filter;
use intake::inbox::{Which, rows};
use intake::organization::contacts::{self, NewContact};
use intake::organization::finding::{self, Wanted, alike, list};
use intake::organization::{
    self, NewOrganization, Organization, OrganizationId, counting, ending, recording,
};
use intake::request::converting;
use intake::request::receiving::TypedRequest;
use intake::rules::source::{SourceKind, Teds};
use intake::touch::{self, NewTouch};
use intake::{IntakeHolding, Request};

fn given<'a>(fields: &'a [(&str, &'a str)]) -> impl Fn(&str) -> &'a str {
    |name| fields.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
}

async fn records(house: &House, who: &Actor, fields: &[(&str, &str)]) -> Result<OrganizationId, Error> {
    let new = NewOrganization::parse(given(fields))?;
    house.write(who, async |unit| recording::record(unit, new).await).await
}

async fn organization(house: &House, id: OrganizationId) -> Organization {
    organization::going_on(house.reader(), id).await.unwrap()
}

async fn names(house: &House, who: &Actor, query: &str) -> Vec<String> {
    let wanted = Wanted { query: query.into(), ..Wanted::default() };
    let (found, _) = list(house.reader(), who, &wanted).await.unwrap();
    found.into_iter().map(|one| one.name).collect()
}

async fn came(house: &House, who: &Actor, about: &Request, fields: &[(&str, &str)]) -> Result<(), Error> {
    let new = NewTouch::parse(given(fields))?;
    house.write(who, async |unit| touch::add(unit, about, new).await.map(|_| ())).await
}

const MERCY: [(&str, &str); 4] = [
    ("name", "Mercy Hospital social work"),
    ("kind", "hospital"),
    ("phone", "312 555 0170"),
    ("notes", "Ask for the discharge desk."),
];

#[tokio::test]
async fn a_hospital_is_written_down_once_and_found_by_whoever_works_there() {
    let (house, cast) = house().await;
    let mercy = records(&house, &cast.ana, &MERCY).await.unwrap();
    let row = organization(&house, mercy).await;
    let sealed = row.notes.clone().unwrap();
    assert!(!sealed.windows(9).any(|w| w == b"discharge"), "notes are in the database in plain text");
    let dana = NewContact::parse(given(&[("name", "Dana Whitcomb"), ("position", "social worker")])).unwrap();
    house.write(&cast.ana, async |unit| contacts::add(unit, &row, dana).await).await.unwrap();
    for query in ["mercy", "whitc", "0170", "soc mer"] {
        assert_eq!(names(&house, &cast.ben, query).await, ["Mercy Hospital social work"], "{query}");
    }
    assert!(names(&house, &cast.ana, "harbor").await.is_empty());

    // Written with other letters it is still the same name, and somebody must say that it is another place.
    let again = [("name", "MERCY  hospital, Social Work"), ("kind", "hospital")];
    let no = records(&house, &cast.ana, &again).await;
    assert!(matches!(no, Err(Error::Invalid(ref faults)) if faults.of("another").is_some()), "{no:?}");
    let read = alike(house.reader(), &cast.ana, "mercy hosp", None).await.unwrap();
    assert_eq!(read.len(), 1, "it is offered while the name is typed");
    assert!(alike(house.reader(), &cast.ana, "mercy hosp", Some(mercy)).await.unwrap().is_empty());
    let shorter = alike(house.reader(), &cast.ana, "Mercy Hosp SW", None).await.unwrap();
    assert_eq!(shorter.len(), 1, "also when only the first word is the same");
    assert!(alike(house.reader(), &cast.ana, "me", None).await.unwrap().is_empty());
    let mut other = again.to_vec();
    other.push(("another", "yes"));
    records(&house, &cast.mina, &other).await.unwrap();
    assert_eq!(names(&house, &cast.ana, "mercy").await.len(), 2);
    house.close().await;
}

#[tokio::test]
async fn what_cannot_be_kept_is_said_at_its_field_and_sources_are_for_those_who_work_with_them() {
    let (house, cast) = house().await;
    let long = "x".repeat(161);
    let typed = [("name", long.as_str()), ("kind", "self"), ("phone", "12"), ("email", "nobody@")];
    let no = NewOrganization::parse(given(&typed)).unwrap_err();
    let fields: Vec<&str> = no.0.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["name", "kind", "phone", "email"]);
    assert!(NewContact::parse(given(&[("name", "–")])).unwrap_err().of("name").is_some());
    let touch = NewTouch::parse(given(&[("detail", "x")])).unwrap_err();
    assert!(touch.of("way").is_some() && touch.of("kind").is_some());
    for stranger in [&cast.ben, &cast.ray, &cast.carol, &cast.petra] {
        assert!(matches!(records(&house, stranger, &MERCY).await, Err(Error::Forbidden(_))));
    }
    for stranger in [&cast.ray, &cast.carol, &cast.petra] {
        let no = list(house.reader(), stranger, &Wanted::default()).await;
        assert!(matches!(no, Err(Error::Forbidden(_))));
    }
    house.close().await;
}

#[tokio::test]
async fn jo_heard_from_a_neighbor_and_the_hospital_sent_her_one_of_them_is_the_first() {
    let (house, cast) = house().await;
    let mercy = records(&house, &cast.ana, &MERCY).await.unwrap();
    let row = organization(&house, mercy).await;
    let dana = NewContact::parse(given(&[("name", "Dana Whitcomb")])).unwrap();
    house.write(&cast.ana, async |unit| contacts::add(unit, &row, dana).await).await.unwrap();
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let about = request(&house, &reference).await;
    let said = [("way", "self_reported"), ("kind", "family_friend"), ("detail", "A neighbor told her.")];
    came(&house, &cast.ben, &about, &said).await.unwrap();
    let nobody = [("way", "professional_referrer"), ("from", "Nowhere Clinic")];
    let no = came(&house, &cast.ana, &about, &nobody).await;
    assert!(matches!(no, Err(Error::Invalid(ref faults)) if faults.of("from").is_some()), "{no:?}");
    let sent = [("way", "professional_referrer"), ("from", "dana whitcomb mercy hospital social work")];
    came(&house, &cast.ana, &about, &sent).await.unwrap();

    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    let kinds: Vec<(SourceKind, bool)> =
        page.touches.iter().map(|line| (line.touch.kind, line.touch.is_primary)).collect();
    assert_eq!(kinds, [(SourceKind::FamilyFriend, true), (SourceKind::Hospital, false)]);
    assert_eq!(page.touches[1].contact.as_deref(), Some("Dana Whitcomb"));
    assert_eq!(page.touches[0].detail.as_deref(), Some("A neighbor told her."));

    let hospital = page.touches[1].touch.id;
    house.write(&cast.ana, async |unit| touch::choose(unit, &about, hospital).await).await.unwrap();
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!((page.touches[0].touch.id, page.touches[0].touch.is_primary), (hospital, true));
    assert!(!page.touches[1].touch.is_primary, "there is one first, and never two");
    house.write(&cast.ana, async |unit| touch::remove(unit, &about, hospital).await).await.unwrap();
    let again = house.write(&cast.ana, async |unit| touch::remove(unit, &about, hospital).await).await;
    assert!(matches!(again, Err(Error::Refused(ref no)) if no.code == "gone"), "{again:?}");
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!(page.touches.len(), 1);
    assert!(page.touches[0].touch.is_primary, "what is left takes its place");
    house.close().await;
}

#[tokio::test]
async fn the_inbox_shows_who_was_sent_by_a_hospital_in_memory_and_in_the_database_alike() {
    let (house, cast) = house().await;
    for (n, kind) in ["hospital", "alum", "hospital"].into_iter().enumerate() {
        let reference = ask(&house, &format!("form-{n}"), &jo()).await.unwrap().reference;
        let about = request(&house, &reference).await;
        came(&house, &cast.ana, &about, &[("way", "self_reported"), ("kind", "faith")]).await.unwrap();
        let first = [("way", "professional_referrer"), ("kind", kind), ("primary", "yes")];
        came(&house, &cast.ana, &about, &first).await.unwrap();
    }
    ask(&house, "form-none", &jo()).await.unwrap();
    let now = house.now();
    let open = rows(&house, &cast.ana, Which::Open, None).await.unwrap();
    assert_eq!(open.len(), 4, "nobody is twice in the list for having two sources");
    for (kind, of) in [("hospital", 2), ("alum", 1), ("faith", 0)] {
        let filter = Filter::read(|name| if name == "source" { kind } else { "" });
        let held = open.iter().filter(|row| filter.holds(row, cast.ana.staff_id(), now)).count();
        let listed = rows(&house, &cast.ana, Which::Filtered(filter), None).await.unwrap().len();
        let counted = counts_in(house.reader(), &cast.ana, &[filter], now).await.unwrap();
        assert_eq!((held, listed, counted), (of, of, vec![i64::try_from(of).unwrap()]), "{kind}");
    }
    house.close().await;
}

/// Somebody who asked, came from `from`, and became a client after so many days.
async fn admitted(house: &House, who: &Actor, n: usize, from: &str, days: Option<i64>) {
    let name = format!("Person {n}");
    let typed =
        TypedRequest { for_whom: "self", name: &name, phone: "212 555 0142", ..TypedRequest::default() };
    let reference = ask(house, &format!("form-{n}"), &typed).await.unwrap().reference;
    let about = request(house, &reference).await;
    came(house, who, &about, &[("way", "professional_referrer"), ("from", from)]).await.unwrap();
    let Some(days) = days else { return };
    house.later(TimeDelta::days(days));
    let about = request(house, &reference).await;
    house
        .write(who, async |unit| converting::convert(unit, &about, converting::ComingIn::default()).await)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_came_from_a_hospital_is_counted_and_told_only_as_far_as_it_names_nobody() {
    let (house, cast) = house().await;
    let mercy = records(&house, &cast.ana, &MERCY).await.unwrap();
    for (n, days) in [Some(1), Some(5), None, Some(2)].into_iter().enumerate() {
        admitted(&house, &cast.ana, n, "Mercy Hospital social work", days).await;
    }
    // One of them says who there sent them: it counts for her as well.
    let row = organization(&house, mercy).await;
    let dana = NewContact::parse(given(&[("name", "Dana Whitcomb")])).unwrap();
    house.write(&cast.ana, async |unit| contacts::add(unit, &row, dana).await).await.unwrap();
    let reference = ask(&house, "form-2", &jo()).await.unwrap().reference;
    let about = request(&house, &reference).await;
    let by_dana = [("way", "self_reported"), ("from", "dana whitcomb mercy hospital social work")];
    came(&house, &cast.ana, &about, &by_dana).await.unwrap();
    // Asked of twice it is one request.
    let first = ask(&house, "form-0", &jo()).await.unwrap().reference;
    let about = request(&house, &first).await;
    let twice = [("way", "first_touch"), ("from", "Mercy Hospital social work")];
    came(&house, &cast.ana, &about, &twice).await.unwrap();
    let page =
        organization::page(house.reader(), house.keyring(), &cast.ana, mercy, house.now()).await.unwrap();
    let by: Vec<usize> = page.came.by.values().map(|came| came.inquiries).collect();
    assert_eq!(by, [1], "one was sent by Dana");
    assert_eq!(
        (page.came.ever.inquiries, page.came.ever.admissions, page.came.ever.median_days),
        (4, 3, Some(2))
    );
    assert_eq!(page.came.ever.told(false).inquiries, "fewer than 5");
    assert_eq!(page.came.ever.told(true).inquiries, "4");
    let groups = counting::by_kind(house.reader(), &cast.linus, house.now()).await.unwrap();
    assert_eq!((groups[0].0, groups[0].1.inquiries), (Teds::HealthProvider, 4));
    house.later(TimeDelta::days(400));
    let page =
        organization::page(house.reader(), house.keyring(), &cast.ana, mercy, house.now()).await.unwrap();
    assert_eq!((page.came.ever.inquiries, page.came.year.inquiries), (4, 0));
    house.close().await;
}

#[tokio::test]
async fn two_entries_of_one_place_become_one_and_a_place_that_closed_is_retired() {
    let (house, cast) = house().await;
    let mercy = records(&house, &cast.ana, &MERCY).await.unwrap();
    let double = records(&house, &cast.ana, &[("name", "Mercy SW"), ("kind", "hospital")]).await.unwrap();
    admitted(&house, &cast.ana, 1, "Mercy SW", None).await;
    let merge = async || {
        let (from, into) =
            (finding::named(house.reader(), "Mercy SW").await.unwrap(), organization(&house, mercy).await);
        let from = from.unwrap_or_else(|| into.clone());
        house.write(&cast.ana, async |unit| ending::merge(unit, &from, &into).await).await
    };
    merge().await.unwrap();
    assert!(matches!(merge().await, Err(Error::Refused(ref no)) if no.code == "same"));
    assert_eq!(
        organization(&house, double).await.id,
        mercy,
        "who opens the old one comes to the one that goes on"
    );
    let page =
        organization::page(house.reader(), house.keyring(), &cast.ana, double, house.now()).await.unwrap();
    assert_eq!(page.came.ever.inquiries, 1);

    let row = organization(&house, mercy).await;
    house.write(&cast.ana, async |unit| ending::retire(unit, &row).await).await.unwrap();
    assert!(names(&house, &cast.ana, "").await.is_empty());
    assert!(matches!(
        house.write(&cast.ana, async |unit| ending::retire(unit, &row).await).await,
        Err(Error::Stale)
    ));
    let row = organization(&house, mercy).await;
    house.write(&cast.ana, async |unit| ending::take_up(unit, &row).await).await.unwrap();
    assert_eq!(names(&house, &cast.ana, "").await.len(), 1);
    house.close().await;
}

#[tokio::test]
async fn how_they_came_moves_with_its_person_and_the_words_are_forgotten_with_them() {
    use foundation::holding::Holding;
    let (house, cast) = house().await;
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let about = request(&house, &reference).await;
    let said = [("way", "self_reported"), ("kind", "alum"), ("detail", "His cousin was here.")];
    came(&house, &cast.ana, &about, &said).await.unwrap();
    // His sister said so: it is his only once the privacy officer has decided, and it moves and is forgotten all the same.
    let export = async |person: PersonId| {
        let own = IntakeHolding.export(house.reader(), house.keyring(), person).await.unwrap().to_string();
        assert!(!own.contains("cousin"), "what his sister said, in his own copy: {own}");
        let others = IntakeHolding.said_by_others(house.reader(), house.keyring(), person).await.unwrap();
        others.iter().fold(own, |all, words| all + &words.content.to_string())
    };
    assert!(export(about.prospective_id).await.contains("His cousin was here."));
    let survivor = house
        .write(&cast.ana, async |unit| {
            let new = clients::person::NewPerson::parse("Luis Alvarez")?;
            let survivor = clients::person::add(unit, new, &[]).await?;
            IntakeHolding.move_to(unit, about.prospective_id, survivor).await?;
            Ok::<_, Error>(survivor)
        })
        .await
        .unwrap();
    assert!(export(survivor).await.contains("His cousin was here."));
    write(&house, &cast.ana, async |unit| {
        let permit = unit.permit(foundation::Act::NoteRequest, &about.subject())?;
        IntakeHolding.forget(unit, survivor).await?;
        unit.record(permit, serde_json::json!({}));
        Ok(())
    })
    .await;
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!((page.touches[0].detail.clone(), page.touches[0].touch.kind), (None, SourceKind::Alum));
    house.close().await;
}
