//! Stories of connections: written down, changed, ended, and the harmful tie that is nowhere.

mod people;

use alumni::connection::{EndReason, NewConnection, change, end, mark_unsafe, record};
use alumni::connections::{Confirmation, MapState, confirm, page, say_own_view};
use alumni::holding::Alumni;
use alumni::rules::connection::{Category, Contact, Stance, UseStatus};
use alumni::rules::indicator::Chip;
use foundation::holding::Holding;
use foundation::ledger::asking::{Of, entries};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error, PersonId};

use people::{checked, client, enrolled, relative};

#[expect(clippy::expect_used, reason = "a story that cannot be read should stop")]
async fn exported(house: &House, person: PersonId) -> String {
    Alumni.export(house.reader(), house.keyring(), person).await.expect("exports").to_string()
}

#[tokio::test]
async fn a_tie_is_written_down_with_its_name_sealed() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let elena = checked(relative("Elena"));
    house.write(&cast.ray, async |unit| record(unit, zoe, elena.clone()).await).await.unwrap();
    assert!(exported(&house, zoe).await.contains("Elena"));
    let ledger = entries(house.reader(), Of::Person(zoe), None, 9).await.unwrap();
    let entry = ledger.iter().find(|e| e.act == Act::RecordConnection).expect("recorded");
    assert!(!entry.details.to_string().contains("Elena"));
    let no = house.write(&cast.ines, async |unit| record(unit, zoe, elena.clone()).await).await;
    assert!(matches!(no, Err(Error::Forbidden(Act::RecordConnection))));
    house.close().await;
}

#[tokio::test]
async fn a_tie_without_a_name_or_with_a_date_that_cannot_be_is_not_kept() {
    let mut facts = relative("  \u{7} ");
    facts.nearness = 4;
    facts.since_on = Some(people::day("2026-03-02"));
    facts.last_contact_on = Some(people::day("2026-03-01"));
    let faults = NewConnection::parse(facts).unwrap_err();
    assert_eq!(
        faults.0.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(),
        ["label", "nearness", "last_contact_on"]
    );
}

#[tokio::test]
async fn the_second_to_save_a_tie_loses_nothing_and_overwrites_nothing() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let new = checked(relative("Elena"));
    let id = house.write(&cast.ray, async |unit| record(unit, zoe, new.clone()).await).await.unwrap();
    let rays = checked(relative("Aunt Elena"));
    house.write(&cast.ray, async |unit| change(unit, id, 1, rays.clone()).await).await.unwrap();
    let minas = checked(relative("Helen"));
    let second = house.write(&cast.mina, async |unit| change(unit, id, 1, minas.clone()).await).await;
    assert!(matches!(second, Err(Error::Stale)));
    let kept = exported(&house, zoe).await;
    assert!(kept.contains("Aunt Elena") && !kept.contains("Helen"));
    house.close().await;
}

#[tokio::test]
async fn a_tie_ends_once_and_its_line_stays() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let new = checked(relative("Elena"));
    let id = house.write(&cast.ray, async |unit| record(unit, zoe, new.clone()).await).await.unwrap();
    house.write(&cast.ray, async |unit| end(unit, id, EndReason::LostTouch).await).await.unwrap();
    let again = house.write(&cast.ray, async |unit| end(unit, id, EndReason::Died).await).await;
    assert!(matches!(again, Err(Error::Refused(r)) if r.code == "ended"));
    assert!(exported(&house, zoe).await.contains("lost_touch"));
    house.close().await;
}

#[tokio::test]
async fn a_harmful_tie_is_in_nothing_that_leaves_and_the_ledger_does_not_tell() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let new = checked(relative("Victor"));
    let id = house.write(&cast.ray, async |unit| record(unit, zoe, new.clone()).await).await.unwrap();
    house.write(&cast.ray, async |unit| mark_unsafe(unit, id).await).await.unwrap();
    assert!(!exported(&house, zoe).await.contains("Victor"));
    let shown = page(house.reader(), house.keyring(), &cast.ray, zoe, house.now()).await.unwrap();
    assert!(shown.inputs.ties.is_empty());
    let lines: Vec<_> = shown.categories.iter().flat_map(|(_, lines)| lines).collect();
    assert!(lines.len() == 1 && lines[0].is_unsafe());
    let ledger = entries(house.reader(), Of::Person(zoe), None, 9).await.unwrap();
    assert!(ledger.iter().all(|e| !e.details.to_string().contains("unsafe")));
    house.close().await;
}

#[tokio::test]
async fn a_violent_partner_marked_unsafe_is_in_no_count_and_staff_are_still_told_to_ask_first() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let mut victor = relative("Victor");
    (victor.use_status, victor.stance) = (UseStatus::UsesHeavily, Stance::EncouragesUse);
    (victor.contact, victor.nearness) = (Contact::Daily, 3);
    let id = house.write(&cast.ray, async |unit| record(unit, zoe, checked(victor)).await).await.unwrap();
    for friend in ["Elena", "Ama", "Ruth"] {
        let new = checked(relative(friend));
        house.write(&cast.ray, async |unit| record(unit, zoe, new).await).await.unwrap();
    }
    house.write(&cast.ray, async |unit| mark_unsafe(unit, id).await).await.unwrap();
    let shown = page(house.reader(), house.keyring(), &cast.ray, zoe, house.now()).await.unwrap();
    assert_eq!(shown.reading.counts.supportive, Some(3));
    assert_eq!(shown.reading.counts.reachable, Some(3), "Victor is nobody to call on a hard night");
    assert_eq!(shown.reading.counts.around_use, Some((0, 3)));
    assert!(shown.reading.chips.contains(&Chip::AskAboutHome));
    assert!(shown.reading.chips.contains(&Chip::SomeoneCloseUses));
    house.close().await;
}

#[tokio::test]
async fn a_friend_from_treatment_counts_as_she_tells_and_his_own_record_is_never_read() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let devonte = client(&house, "Devonte", &cast.ines).await;
    let mut friend = relative("Dev from the house");
    friend.category = Category::TreatmentPeer;
    let plain = checked(friend.clone());
    house.write(&cast.ray, async |unit| record(unit, zoe, plain).await).await.unwrap();
    let read = async || page(house.reader(), house.keyring(), &cast.ray, zoe, house.now()).await.unwrap();
    let before = read().await;
    let id = before.categories.iter().flat_map(|(_, lines)| lines).next().unwrap().row.id;
    friend.linked_person_id = Some(devonte);
    let linked = checked(friend);
    house.write(&cast.ray, async |unit| change(unit, id, 1, linked).await).await.unwrap();
    assert_eq!(read().await.reading.counts, before.reading.counts);
    house.close().await;
}

#[tokio::test]
async fn the_number_of_a_friend_is_sealed_kept_in_the_export_and_must_be_a_number() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let mut half = relative("Elena");
    half.phone = Some("212 55".into());
    let faults = NewConnection::parse(half).unwrap_err();
    assert_eq!(faults.0.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["phone"]);
    let new = checked(relative("Elena"));
    house.write(&cast.ray, async |unit| record(unit, zoe, new).await).await.unwrap();
    assert!(exported(&house, zoe).await.contains("(212) 555-0143"));
    let shown = page(house.reader(), house.keyring(), &cast.ray, zoe, house.now()).await.unwrap();
    let row = &shown.categories.iter().flat_map(|(_, lines)| lines).next().unwrap().row;
    assert!(row.phone.as_ref().is_some_and(|sealed| !String::from_utf8_lossy(sealed).contains("555")));
    house.close().await;
}

#[tokio::test]
async fn truly_nobody_is_an_answer_of_its_own_and_not_the_same_as_not_asked() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let as_it_is = Confirmation::parse(false, Some(2), None).unwrap();
    let empty = house.write(&cast.ray, async |unit| confirm(unit, zoe, as_it_is.clone()).await).await;
    assert!(matches!(empty, Err(Error::Refused(r)) if r.code == "empty"));
    let nobody = Confirmation::parse(true, None, None).unwrap();
    house.write(&cast.ray, async |unit| confirm(unit, zoe, nobody.clone()).await).await.unwrap();
    let shown = page(house.reader(), house.keyring(), &cast.ray, zoe, house.now()).await.unwrap();
    assert_eq!((shown.state, shown.categories.len()), (MapState::TrulyNone, 7));
    let new = checked(relative("Elena"));
    house.write(&cast.ray, async |unit| record(unit, zoe, new.clone()).await).await.unwrap();
    let begun = page(house.reader(), house.keyring(), &cast.ray, zoe, house.now()).await.unwrap();
    assert_eq!((begun.state, begun.snapshots.len(), begun.inputs.ties.len()), (MapState::Begun, 2, 1));
    assert!(matches!(
        page(house.reader(), house.keyring(), &cast.ines, zoe, house.now()).await,
        Err(Error::NotFound)
    ));
    let again = house.write(&cast.ray, async |unit| confirm(unit, zoe, nobody.clone()).await).await;
    assert!(matches!(again, Err(Error::Refused(r)) if r.code == "not_none"));
    assert!(Confirmation::parse(false, Some(-1), Some(10)).is_err());
    house.close().await;
}

#[tokio::test]
async fn a_merge_moves_everything_and_it_can_be_read_with_the_survivors_key() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let twin = client(&house, "Zoe", &cast.ray).await;
    let new = checked(relative("Elena"));
    house.write(&cast.ray, async |unit| record(unit, twin, new.clone()).await).await.unwrap();
    house
        .write(&cast.ray, async |unit| say_own_view(unit, twin, "The group needs nobody to be fine.").await)
        .await
        .unwrap();
    enrolled(&house, &cast, twin, "2026-03-02").await;
    enrolled(&house, &cast, zoe, "2026-01-05").await;
    house
        .write(&Actor::House, async |unit| {
            let subject = foundation::Subject::of("client", zoe).concerning(zoe);
            let permit = unit.permit(Act::ChangeClient, &subject)?;
            Alumni.move_to(unit, twin, zoe).await?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await
        .unwrap();
    let kept = exported(&house, zoe).await;
    assert!(kept.contains("Elena") && kept.contains("nobody to be fine"));
    assert!(!exported(&house, twin).await.contains("Elena"));
    let read = page(house.reader(), house.keyring(), &cast.ray, zoe, house.now()).await.unwrap();
    assert_eq!(read.snapshots[0].inputs["ties"].as_array().map(Vec::len), Some(1), "read anew with her tie");
    let rows = alumni::aftercare::of(house.reader(), &cast.ray, zoe).await.unwrap();
    let active: Vec<_> = rows.iter().filter(|r| r.ended_at.is_none()).map(|r| r.discharged_on).collect();
    assert_eq!(active, [people::day("2026-03-02")]);
    house.close().await;
}

#[tokio::test]
async fn who_is_forgotten_leaves_no_row_behind() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let zoe = client(&house, "Zoë", &cast.ray).await;
    let new = checked(relative("Elena"));
    house.write(&cast.ray, async |unit| record(unit, zoe, new.clone()).await).await.unwrap();
    enrolled(&house, &cast, zoe, "2026-03-02").await;
    house
        .write(&Actor::House, async |unit| {
            let subject = foundation::Subject::of("client", zoe).concerning(zoe);
            let permit = unit.permit(Act::ChangeClient, &subject)?;
            Alumni.forget(unit, zoe).await?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await
        .unwrap();
    let left = exported(&house, zoe).await;
    assert!(!left.contains("Elena") && !left.contains("2026-03-02"));
    house.close().await;
}
