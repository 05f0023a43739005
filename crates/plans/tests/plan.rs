//! Stories of plans: written with Dana, finished for her and for Dr. Park, and what is on neither copy.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on is a failed test")]

use alumni::connection::{Facts, Known, MetAt, NewConnection, ReportedBy, mark_unsafe, record};
use alumni::rules::connection::{Category, Contact, Kind, Stance, Tie, UseStatus};
use clients::person::NewPerson;
use consent::consents::{Aim, NewConsent, Scope, SignedPaper, revoke};
use consent::rules::notice::PROHIBITION;
use foundation::center::Center;
use foundation::holding::Holding;
use foundation::ledger::asking::{Of, entries};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error, PersonId, day};
use plans::holding::Plans;
use plans::rules::audience::Audience;
use plans::rules::section::SectionKey;
use plans::{Plan, Reader, draw, finish, named_reader, page, write_section};

async fn client(house: &House, name: &str, counselor: &Actor) -> PersonId {
    let new = NewPerson::parse(name).unwrap();
    house
        .write(&Actor::House, async |unit| {
            let id = clients::person::add(unit, new.clone(), &[]).await?;
            clients::client::start(unit, id, counselor.staff_id()).await?;
            Ok(id)
        })
        .await
        .unwrap()
}

async fn write(
    house: &House,
    by: &Actor,
    who: PersonId,
    key: SectionKey,
    version: i32,
    text: &str,
) -> Result<i32, Error> {
    house.write(by, async |unit| write_section(unit, who, key, version, text).await).await
}

async fn read(house: &House, viewer: &Actor, who: PersonId) -> Plan {
    page(house.reader(), house.keyring(), viewer, who, house.now()).await.unwrap()
}

async fn tie(
    house: &House,
    by: &Actor,
    who: PersonId,
    label: &str,
    may_be_printed: bool,
) -> alumni::connection::ConnectionId {
    let facts = Facts {
        label: label.into(),
        note: None,
        category: Category::FriendsFamily,
        sub_code: None,
        kind: Kind::Person,
        use_status: UseStatus::InRecovery,
        stance: Stance::EncouragesRecovery,
        contact: Contact::Weekly,
        tie: Tie::Strong,
        nearness: 3,
        reach_any_time: Known::Yes,
        has_current_phone: Known::Yes,
        phone: Some("(212) 555-0143".into()),
        how_met: None,
        reported_by: ReportedBy::Alum,
        since_on: None,
        last_contact_on: None,
        may_be_printed,
        linked_person_id: None,
    };
    let new = NewConnection::parse(facts).unwrap();
    house.write(by, async |unit| record(unit, who, new.clone()).await).await.unwrap()
}

async fn center(house: &House) -> Center {
    Center::load(house.reader()).await.unwrap()
}

/// Dana signs that Dr. Park may read these parts.
async fn allow(house: &House, by: &Actor, who: PersonId, scope: &[Scope]) -> consent::consents::ConsentId {
    let today = day(house.now(), center(house).await.zone);
    let until = today.checked_add_days(chrono::Days::new(90));
    let new = NewConsent::named("Dr. Park", scope, "to plan my care", today, until, today).unwrap();
    let name = consent::name_on_record(house.reader(), who).await.unwrap();
    let new = new.on(SignedPaper::ours(&name, Aim::Care, "in the blue binder"));
    house
        .write(by, async |unit| {
            let care = clients::client::subject(unit.tx(), who).await?;
            consent::consents::record(unit, &care, new.clone()).await
        })
        .await
        .unwrap()
}

async fn for_park(house: &House, who: PersonId) -> Result<Reader, Error> {
    named_reader(house.reader(), who, "dr park", day(house.now(), center(house).await.zone)).await
}

fn code<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result {
        Err(Error::Refused(no)) => no.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn ray_writes_with_dana_and_the_plan_says_what_is_still_open() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana", &cast.ray).await;
    assert_eq!(read(&house, &cast.ray, dana).await.readiness.missing.len(), 7);
    write(&house, &cast.ray, dana, SectionKey::Reasons, 0, "1. My kids\r\n\r\n2. My music\u{7}")
        .await
        .unwrap();
    let plan = read(&house, &cast.ray, dana).await;
    let reasons = plan.section(SectionKey::Reasons).unwrap();
    assert_eq!(reasons.lines().collect::<Vec<_>>(), ["1. My kids", "2. My music"]);
    assert_eq!((reasons.version, reasons.changed_by.as_deref()), (1, Some("Ray Okafor")));
    assert_eq!((plan.readiness.missing.len(), plan.made_with.as_deref()), (6, Some("Ray")));
    let ledger = entries(house.reader(), Of::Person(dana), None, 9).await.unwrap();
    let entry = ledger.iter().find(|entry| entry.act == Act::WritePlan).unwrap();
    assert!(!entry.details.to_string().contains("kids"));
    house.close().await;
}

#[tokio::test]
async fn the_second_to_save_a_section_overwrites_nothing_and_both_texts_are_there() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana", &cast.ray).await;
    let key = SectionKey::Commitments;
    assert_eq!(write(&house, &cast.ray, dana, key, 0, "I go on Tuesday").await.unwrap(), 1);
    assert!(matches!(write(&house, &cast.mina, dana, key, 0, "I go on Friday").await, Err(Error::Stale)));
    assert_eq!(write(&house, &cast.mina, dana, key, 1, "I go on Sunday").await.unwrap(), 2);
    assert!(matches!(write(&house, &cast.ray, dana, key, 1, "I go never").await, Err(Error::Stale)));
    assert_eq!(read(&house, &cast.ray, dana).await.section(key).unwrap().text, "I go on Sunday");
    assert!(matches!(
        write(&house, &cast.ray, dana, SectionKey::Home, 0, " \n ").await,
        Err(Error::Invalid(_))
    ));
    assert!(matches!(
        write(&house, &cast.ray, dana, key, 2, &"x".repeat(4001)).await,
        Err(Error::Invalid(_))
    ));
    house.close().await;
}

#[tokio::test]
async fn another_counselor_neither_reads_nor_writes_danas_plan() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana", &cast.ray).await;
    let seen = page(house.reader(), house.keyring(), &cast.ines, dana, house.now()).await;
    assert!(matches!(seen, Err(Error::NotFound)));
    let written = write(&house, &cast.ines, dana, SectionKey::Home, 0, "With my aunt").await;
    assert!(matches!(written, Err(Error::Forbidden(Act::WritePlan))));
    house.close().await;
}

#[tokio::test]
async fn her_own_copy_has_the_help_box_the_circle_twice_and_no_word_of_the_center() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana Łuczak-Nguyễn", &cast.ray).await;
    tie(&house, &cast.ray, dana, "Łukasz", false).await;
    let plan = read(&house, &cast.ray, dana).await;
    let paper = draw(&plan, &Reader::Own, &center(&house).await).unwrap();
    assert_eq!((paper.title.as_str(), paper.author.as_deref()), ("My plan", None));
    assert_eq!(paper.footer.as_deref(), Some("Made for Dana Łuczak-Nguyễn – 2 March 2026"));
    let said = format!("{:?}", paper.blocks);
    for words in ["call 911", "988", "(212) 555-0100", "My people: Łukasz", "1 April 2026", "can come back"]
    {
        assert!(said.contains(words), "{words}");
    }
    assert!(!said.contains("Cedar") && !said.contains("42 CFR"));
    let circle: Vec<_> = paper.blocks.iter().filter(|b| format!("{b:?}").contains("Łukasz")).collect();
    assert!(circle.iter().any(|b| matches!(b, typeset::Block::Drawing(_))));
    assert!(circle.iter().any(|b| matches!(b, typeset::Block::Table(_))));
    house.close().await;
}

#[tokio::test]
async fn a_copy_for_dr_park_needs_a_consent_and_the_refusal_says_why() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana", &cast.ray).await;
    assert_eq!(code(for_park(&house, dana).await), "gate");
    allow(&house, &cast.ray, dana, &[Scope::Attendance]).await;
    assert_eq!(code(for_park(&house, dana).await), "scope");
    allow(&house, &cast.ray, dana, &[Scope::Medicines]).await;
    let park = for_park(&house, dana).await.unwrap();
    let plan = read(&house, &cast.ray, dana).await;
    assert_eq!(code(draw(&plan, &park, &center(&house).await)), "nothing");
    house.close().await;
}

#[tokio::test]
async fn dr_park_gets_what_dana_allowed_with_the_notice_and_it_is_in_the_accounting() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana", &cast.ray).await;
    write(&house, &cast.ray, dana, SectionKey::Medicines, 0, "Naltrexone, 1 a day").await.unwrap();
    write(&house, &cast.ray, dana, SectionKey::Commitments, 0, "I promise myself").await.unwrap();
    tie(&house, &cast.ray, dana, "Lee", true).await;
    let consent = allow(&house, &cast.ray, dana, &[Scope::Medicines]).await;
    let park = for_park(&house, dana).await.unwrap();
    let paper = draw(&read(&house, &cast.ray, dana).await, &park, &center(&house).await).unwrap();
    assert_eq!(paper.footer.as_deref(), Some(PROHIBITION));
    let said = format!("{:?}", paper.blocks);
    assert!(
        said.contains("Naltrexone") && said.contains("Cedar Recovery Center") && said.contains("Dr. Park")
    );
    assert!(!said.contains("I promise myself") && !said.contains("Lee") && !said.contains("555-0100"));
    let plan = read(&house, &cast.ray, dana).await;
    let number =
        house.write(&cast.ray, async |unit| finish(unit, &plan, &park, b"%PDF").await).await.unwrap();
    let told = consent::disclosures::of(house.reader(), dana).await.unwrap();
    assert_eq!((number, told.len(), told[0].consent_id), (1, 1, Some(consent)));
    let edition = read(&house, &cast.ray, dana).await.editions.remove(0);
    assert_eq!((edition.audience, edition.consent, edition.hash.len()), (Audience::Named, Some(consent), 32));
    house.close().await;
}

#[tokio::test]
async fn eight_who_finish_at_once_get_eight_editions() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana", &cast.ray).await;
    write(&house, &cast.ray, dana, SectionKey::Commitments, 0, "I promise myself").await.unwrap();
    let plan = read(&house, &cast.ray, dana).await;
    let finishing = (0..8).map(|_| {
        let (house, plan, ray) = (&house, &plan, &cast.ray);
        async move { house.write(ray, async |unit| finish(unit, plan, &Reader::Own, b"%PDF").await).await }
    });
    let mut numbers: Vec<i32> =
        futures::future::join_all(finishing).await.into_iter().map(Result::unwrap).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
    house.close().await;
}

#[tokio::test]
async fn a_consent_taken_back_while_the_copy_was_drawn_stops_it_and_leaves_no_trace() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana", &cast.ray).await;
    let consent = allow(&house, &cast.ray, dana, &[Scope::Plan]).await;
    let park = for_park(&house, dana).await.unwrap();
    let plan = read(&house, &cast.ray, dana).await;
    house
        .write(&cast.ray, async |unit| {
            let care = clients::client::subject(unit.tx(), dana).await?;
            revoke(unit, &care, consent, "by phone").await
        })
        .await
        .unwrap();
    assert_eq!(
        code(house.write(&cast.ray, async |unit| finish(unit, &plan, &park, b"%PDF").await).await),
        "gate"
    );
    assert!(read(&house, &cast.ray, dana).await.editions.is_empty());
    assert!(consent::disclosures::of(house.reader(), dana).await.unwrap().is_empty());
    allow(&house, &cast.ray, dana, &[Scope::Medicines]).await;
    let replaced = house.write(&cast.ray, async |unit| finish(unit, &plan, &park, b"%PDF").await).await;
    assert_eq!(code(replaced), "consent_changed");
    assert!(consent::disclosures::of(house.reader(), dana).await.unwrap().is_empty());
    house.close().await;
}

#[tokio::test]
async fn a_tie_marked_harmful_while_the_copy_was_drawn_stops_it() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana", &cast.ray).await;
    let victor = tie(&house, &cast.ray, dana, "Victor", true).await;
    let drawn = read(&house, &cast.ray, dana).await;
    house.write(&cast.ray, async |unit| mark_unsafe(unit, victor).await).await.unwrap();
    let kept = house.write(&cast.ray, async |unit| finish(unit, &drawn, &Reader::Own, b"%PDF").await).await;
    assert_eq!(code(kept), "plan_changed");
    // So does a section that a colleague wrote meanwhile.
    let drawn = read(&house, &cast.ray, dana).await;
    write(&house, &cast.ray, dana, SectionKey::Medicines, 0, "Naltrexone, 1 a day").await.unwrap();
    let kept = house.write(&cast.ray, async |unit| finish(unit, &drawn, &Reader::Own, b"%PDF").await).await;
    assert_eq!(code(kept), "plan_changed");
    assert!(read(&house, &cast.ray, dana).await.editions.is_empty());
    house.close().await;
}

#[tokio::test]
async fn a_harmful_tie_is_on_neither_copy_and_typed_by_hand_it_stops_both() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana", &cast.ray).await;
    tie(&house, &cast.ray, dana, "Lee", true).await;
    tie(&house, &cast.ray, dana, "Marisol", false).await;
    let victor = tie(&house, &cast.ray, dana, "Victor", true).await;
    house.write(&cast.ray, async |unit| mark_unsafe(unit, victor).await).await.unwrap();
    allow(&house, &cast.ray, dana, &[Scope::SupportNetwork, Scope::Plan]).await;
    let (park, center) = (for_park(&house, dana).await.unwrap(), center(&house).await);
    let plan = read(&house, &cast.ray, dana).await;
    assert_eq!(plan.circle.len(), 2);
    let theirs = format!("{:?}", draw(&plan, &park, &center).unwrap());
    let hers = format!("{:?}", draw(&plan, &Reader::Own, &center).unwrap());
    assert!(hers.contains("Lee") && hers.contains("Marisol") && !hers.contains("Victor"));
    assert!(theirs.contains("Lee") && !theirs.contains("Marisol") && !theirs.contains("Victor"));
    assert!(!theirs.contains("in recovery"));
    write(&house, &cast.ray, dana, SectionKey::HelpNow, 0, "VICTOR 555-0101").await.unwrap();
    let plan = read(&house, &cast.ray, dana).await;
    assert_eq!(code(draw(&plan, &Reader::Own, &center)), "harmful");
    assert_eq!(code(draw(&plan, &park, &center)), "harmful");
    house.close().await;
}

/// Somebody Dana met in treatment, whom she would like to see printed.
async fn peer(house: &House, by: &Actor, who: PersonId, label: &str, category: Category, met: Option<MetAt>) {
    let facts = Facts {
        label: label.into(),
        note: None,
        category,
        sub_code: None,
        kind: Kind::Person,
        use_status: UseStatus::InRecovery,
        stance: Stance::EncouragesRecovery,
        contact: Contact::Weekly,
        tie: Tie::Strong,
        nearness: 3,
        reach_any_time: Known::Yes,
        has_current_phone: Known::Yes,
        phone: None,
        how_met: met,
        reported_by: ReportedBy::Alum,
        since_on: None,
        last_contact_on: None,
        may_be_printed: true,
        linked_person_id: None,
    };
    let new = NewConnection::parse(facts).unwrap();
    house.write(by, async |unit| record(unit, who, new.clone()).await).await.unwrap();
}

#[tokio::test]
async fn joss_from_the_house_is_on_no_copy_for_others_whatever_dana_ticked_and_signed() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana", &cast.ray).await;
    tie(&house, &cast.ray, dana, "Lee", true).await;
    peer(&house, &cast.ray, dana, "Joss from the house", Category::TreatmentPeer, None).await;
    peer(&house, &cast.ray, dana, "Wanda", Category::FriendsFamily, Some(MetAt::InTreatment)).await;
    write(&house, &cast.ray, dana, SectionKey::Coping, 0, "I call Joss.\nI walk with wanda.\nI make tea.")
        .await
        .unwrap();
    allow(&house, &cast.ray, dana, &[Scope::SupportNetwork, Scope::Plan]).await;
    let (park, center) = (for_park(&house, dana).await.unwrap(), center(&house).await);
    let plan = read(&house, &cast.ray, dana).await;
    let theirs = format!("{:?}", draw(&plan, &park, &center).unwrap());
    for patient in ["Joss", "Wanda", "wanda"] {
        assert!(!theirs.contains(patient), "{patient} is a patient too: {theirs}");
    }
    // That there is a kind of which nobody stands here says that somebody was left out.
    assert!(!theirs.contains("treatment · 0") && !theirs.contains("· 0"), "{theirs}");
    assert!(theirs.contains("Lee") && theirs.contains("I make tea."), "{theirs}");
    assert!(theirs.contains("are left out of this copy"), "{theirs}");
    let hers = format!("{:?}", draw(&plan, &Reader::Own, &center).unwrap());
    assert!(hers.contains("Joss from the house") && hers.contains("I walk with wanda."), "{hers}");
    house.close().await;
}

#[tokio::test]
async fn the_familys_copy_has_911_988_and_the_naloxone_steps_and_nobodys_number() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let dana = client(&house, "Dana", &cast.ray).await;
    tie(&house, &cast.ray, dana, "Del", true).await;
    tie(&house, &cast.ray, dana, "Ruben", false).await;
    let wrote = [
        (SectionKey::HelpNow, "Del, (212) 555-0107"),
        (SectionKey::Triggers, "If Ruben offers a drink, I leave.\nPaydays: I go home first."),
        (SectionKey::Medicines, "Naltrexone, 1 a day"),
    ];
    for (key, text) in wrote {
        write(&house, &cast.ray, dana, key, 0, text).await.unwrap();
    }
    allow(&house, &cast.ray, dana, &[Scope::Plan]).await;
    let (family, center) = (for_park(&house, dana).await.unwrap(), center(&house).await);
    let plan = read(&house, &cast.ray, dana).await;
    let theirs = format!("{:?}", draw(&plan, &family, &center).unwrap());
    for words in
        ["call 911", "988", "Give naloxone: one spray", "Give naloxone again", "Turn them on their side"]
    {
        assert!(theirs.contains(words), "{words}: {theirs}");
    }
    for words in ["Del", "555-0107", "Ruben", "Naltrexone"] {
        assert!(!theirs.contains(words), "{words} is no part of what Dana allowed: {theirs}");
    }
    assert!(theirs.contains("Paydays: I go home first."), "{theirs}");
    // With her circle allowed, Del, whom she wants printed, and the lines about him go along; Ruben does not.
    allow(&house, &cast.ray, dana, &[Scope::Plan, Scope::SupportNetwork]).await;
    let family = for_park(&house, dana).await.unwrap();
    let theirs = format!("{:?}", draw(&plan, &family, &center).unwrap());
    assert!(theirs.contains("Del, (212) 555-0107") && !theirs.contains("Ruben"), "{theirs}");
    house.close().await;
}

#[tokio::test]
async fn two_records_of_dana_become_one_plan_with_every_word_and_forgetting_takes_all() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (dana, twin) = (client(&house, "Dana", &cast.ray).await, client(&house, "Dana L.", &cast.ray).await);
    write(&house, &cast.ray, dana, SectionKey::Home, 0, "With my aunt").await.unwrap();
    write(&house, &cast.ray, twin, SectionKey::Home, 0, "On Elm Street").await.unwrap();
    write(&house, &cast.ray, twin, SectionKey::Faith, 0, "Sunday choir").await.unwrap();
    for who in [dana, twin, twin] {
        let plan = read(&house, &cast.ray, who).await;
        house.write(&cast.ray, async |unit| finish(unit, &plan, &Reader::Own, b"%PDF").await).await.unwrap();
    }
    house
        .write(&cast.ray, async |unit| {
            let permit = unit.permit(Act::WritePlan, &plans::subject(unit.tx(), dana).await?)?;
            Plans.move_to(unit, twin, dana).await?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await
        .unwrap();
    let plan = read(&house, &cast.ray, dana).await;
    assert_eq!(plan.section(SectionKey::Home).unwrap().text, "With my aunt\n\nOn Elm Street");
    assert_eq!(plan.section(SectionKey::Faith).unwrap().text, "Sunday choir");
    assert_eq!(plan.editions.iter().map(|e| e.number).collect::<Vec<_>>(), [3, 2, 1]);
    let kept = Plans.export(house.reader(), house.keyring(), dana).await.unwrap().to_string();
    assert!(kept.contains("Sunday choir"));
    house
        .write(&cast.ray, async |unit| {
            let permit = unit.permit(Act::WritePlan, &plans::subject(unit.tx(), dana).await?)?;
            Plans.forget(unit, dana).await?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await
        .unwrap();
    let plan = read(&house, &cast.ray, dana).await;
    assert!(plan.editions.is_empty() && plan.sections.iter().all(|s| s.version == 0));
    house.close().await;
}
