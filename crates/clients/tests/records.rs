//! Who has a record, who may see it, and how it is found, told with people.

mod people;

use clients::client::{self, ListQuery, Sought, handing_over};
use clients::person::{self, Identity, NewPerson, find};
use clients::timeline::{self, Knot, Look};
use clients::{ClientHolding, note};
use foundation::holding::Holding;
use foundation::ledger::asking::{Of, entries};
use foundation::staff::{Directory, closing};
use foundation::testing::staff_named;
use foundation::{Act, Actor, Error, Role};
use people::{care, client_of, day, house};

fn all(limit: u64) -> ListQuery {
    ListQuery { limit, ..ListQuery::default() }
}

#[tokio::test]
async fn a_counselor_sees_the_own_caseload_and_the_supervisor_the_teams() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë", &cast.ray).await;
    let tom = client_of(&house, "Tom", &cast.ines).await;
    let names = async |viewer: &Actor| {
        let lines = client::list(house.reader(), viewer, &all(50)).await.unwrap();
        lines.into_iter().map(|line| line.name_used).collect::<Vec<_>>()
    };
    assert_eq!(names(&cast.ray).await, ["Zoë"]);
    assert_eq!(names(&cast.mina).await, ["Zoë"]);
    assert_eq!(names(&cast.ines).await, ["Tom"]);
    assert_eq!(names(&cast.carol).await, ["Tom", "Zoë"]);
    assert!(names(&cast.linus).await.is_empty() && names(&Actor::Visitor).await.is_empty());
    assert_eq!(client::counts(house.reader(), &cast.ray).await.unwrap(), (1, 0));
    // What one may not see is not there, and nobody can tell the two apart.
    assert!(client::page(house.reader(), &cast.ray, zoe).await.is_ok());
    assert!(matches!(client::page(house.reader(), &cast.ray, tom).await, Err(Error::NotFound)));
    assert!(matches!(client::page(house.reader(), &cast.linus, zoe).await, Err(Error::NotFound)));
    house.close().await;
}

#[tokio::test]
async fn a_locked_record_is_found_by_its_number_or_by_full_name_with_date_of_birth_and_never_by_less() {
    let (house, cast) = house().await;
    let born = |born_on: &str, legal: &str| {
        Identity::parse("Tom", legal, "", born_on, "en", day("2026-03-02")).unwrap()
    };
    let mut toms = Vec::new();
    for (birth, legal) in [("1988-03-02", "Thomas Brönner"), ("1990-07-11", "Thomas Brönner")] {
        let tom = client_of(&house, "Tom", &cast.ray).await;
        let theirs = care(&house, tom).await;
        house
            .write(&cast.ray, async |unit| person::change(unit, &theirs, 1, born(birth, legal)).await)
            .await
            .unwrap();
        toms.push(tom);
    }
    let by = async |reference: &str, name: &str, born_on: &str| {
        let sought = Sought::parse(reference, name, born_on).unwrap();
        client::locked(house.reader(), &sought).await.ok()
    };
    let number = client::reference_of(house.reader(), toms[0]).await.unwrap();
    assert_eq!(by(&number.to_lowercase(), "", "").await, Some(toms[0]));
    assert_eq!(by("", "thomas bronner", "1988-03-02").await, Some(toms[0]));
    assert_eq!(by("", "Tom", "1990-07-11").await, Some(toms[1]));
    assert_eq!(by("", "Thomas", "1988-03-02").await, None, "half a name is none");
    assert_eq!(by("", "Thomas Brönner", "1988-03-03").await, None);
    assert_eq!(by("K-00000", "", "").await, None);
    for (name, born_on, at) in
        [("", "", "reference"), ("Tom", "March", "born_on"), ("", "1988-03-02", "name")]
    {
        assert!(Sought::parse("", name, born_on).unwrap_err().of(at).is_some(), "{at}");
    }
    // Of two with one name and one day of birth nobody is guessed.
    let twin = client_of(&house, "Tom", &cast.ines).await;
    let theirs = care(&house, twin).await;
    house
        .write(&cast.ines, async |unit| person::change(unit, &theirs, 1, born("1988-03-02", "")).await)
        .await
        .unwrap();
    assert_eq!(by("", "Tom", "1988-03-02").await, None);
    house.close().await;
}

#[tokio::test]
async fn the_list_goes_on_where_the_page_before_ended() {
    let (house, cast) = house().await;
    for name in ["Zoë", "álvaro", "Tom", "Tom", "李", "Bea"] {
        client_of(&house, name, &cast.ray).await;
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let query = ListQuery { after: after.clone(), ..all(2) };
        let lines = client::list(house.reader(), &cast.ray, &query).await.unwrap();
        let Some(last) = lines.last() else { break };
        after = Some((foundation::search::fold(&last.name_used), last.id));
        seen.extend(lines.into_iter().map(|line| line.id));
    }
    let whole = client::list(house.reader(), &cast.ray, &all(50)).await.unwrap();
    assert_eq!(seen, whole.iter().map(|line| line.id).collect::<Vec<_>>());
    assert_eq!(seen.len(), 6, "nobody is missed, nobody twice");
    assert_eq!(whole[0].name_used, "álvaro", "sorted as people read, not by bytes");
    house.close().await;
}

#[tokio::test]
async fn rays_one_tom_is_found_behind_two_hundred_of_others() {
    let (house, cast) = house().await;
    house
        .write(&Actor::House, async |unit| {
            for n in 0..210 {
                let new = NewPerson::parse(&format!("Tom {n}")).unwrap();
                let id = person::add(unit, new, &[]).await?;
                client::start(unit, id, cast.ines.staff_id()).await?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let his = client_of(&house, "Tom Ortega", &cast.ray).await;
    let query = ListQuery { find: "tom".into(), ..all(50) };
    let found = client::list(house.reader(), &cast.ray, &query).await.unwrap();
    assert_eq!(found.iter().map(|line| line.id).collect::<Vec<_>>(), [his]);
    assert_eq!(person::find(house.reader(), &cast.ray, "tom", 8).await.unwrap().len(), 1);
    assert_eq!(client::list(house.reader(), &cast.ana, &query).await.unwrap().len(), 50);
    house.close().await;
}

#[tokio::test]
async fn a_search_finds_only_whom_the_one_who_searches_may_know_of() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë Nguyễn", &cast.ray).await;
    let caller = NewPerson::parse("Zoe Lindgren").unwrap();
    house.write(&cast.ana, async |u| person::add(u, caller.clone(), &["2125550142"]).await).await.unwrap();
    let names = async |viewer: &Actor, query: &str| {
        let found = find(house.reader(), viewer, query, 20).await.unwrap();
        found.into_iter().map(|f| f.name_used).collect::<Vec<_>>()
    };
    assert_eq!(names(&cast.ana, "zoe").await, ["Zoe Lindgren", "Zoë Nguyễn"]);
    assert_eq!(names(&cast.ray, "zoe ngu").await, ["Zoë Nguyễn"]);
    assert_eq!(names(&cast.ben, "zoe").await, ["Zoe Lindgren"], "the front desk opens no records");
    assert!(names(&cast.ines, "zoe").await.is_empty());
    assert!(names(&cast.linus, "zoe").await.is_empty());
    assert!(names(&cast.ana, " %_ ").await.is_empty());
    assert_eq!(names(&cast.ana, "2125550142").await, ["Zoe Lindgren"]);
    let reference = client::page(house.reader(), &cast.ray, zoe).await.unwrap().client.reference;
    assert_eq!(names(&cast.ray, &reference).await, ["Zoë Nguyễn"]);
    assert_eq!(client::by_reference(house.reader(), &reference.to_lowercase()).await.unwrap(), zoe);
    house.close().await;
}

#[tokio::test]
async fn ana_and_mina_save_at_once_and_the_second_is_told() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë", &cast.ray).await;
    let hers = care(&house, zoe).await;
    let to =
        |name| Identity::parse(name, "Zoë Marie Nguyễn", "she/her", "1990-05-17", "vi", day("2026-03-02"));
    let (first, second) = (to("Zoë N.").unwrap(), to("Zoé").unwrap());
    house.write(&cast.ana, async |u| person::change(u, &hers, 1, first.clone()).await).await.unwrap();
    let late = house.write(&cast.mina, async |u| person::change(u, &hers, 1, second.clone()).await).await;
    assert!(matches!(late, Err(Error::Stale)));
    assert_eq!(person::name_of(house.reader(), zoe).await.unwrap(), "Zoë N.");
    let found = find(house.reader(), &cast.ray, "marie", 5).await.unwrap();
    assert_eq!(found.len(), 1, "the legal name finds too");
    let no = house.write(&cast.ines, async |u| person::change(u, &hers, 2, second.clone()).await).await;
    assert!(matches!(no, Err(Error::Forbidden(Act::ChangeClient))));
    house.close().await;
}

#[tokio::test]
async fn zoe_goes_to_another_counselor_but_not_to_one_who_left() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë", &cast.ray).await;
    let hers = care(&house, zoe).await;
    let gone = staff_named(&house, "Gil Moreau", &[Role::Counselor], None).await.staff_id().unwrap();
    house
        .write(&cast.linus, async |unit| closing::close(unit, gone, closing::ClosingReason::Left).await)
        .await
        .unwrap();
    let to_gil = house.write(&cast.mina, async |u| client::assign(u, &hers, gone).await).await;
    assert!(matches!(to_gil, Err(Error::Refused(r)) if r.code == "counselor"));
    let ines = cast.ines.staff_id().unwrap();
    house.write(&cast.mina, async |u| client::assign(u, &hers, ines).await).await.unwrap();
    assert!(client::page(house.reader(), &cast.ines, zoe).await.is_ok());
    assert!(client::page(house.reader(), &cast.ray, zoe).await.is_err());
    house.close().await;
}

#[tokio::test]
async fn a_record_that_no_counselor_carries_is_every_supervisors_in_every_list_and_no_counselors() {
    let (house, cast) = house().await;
    let sue = staff_named(&house, "Sue Adeyemi", &[Role::Supervisor], None).await;
    let zoe = client_of(&house, "Zoë", &cast.carol).await;
    let sees = async |viewer: &Actor| {
        let listed = client::list(house.reader(), viewer, &all(50)).await.unwrap().len();
        let only = ListQuery { without_counselor: true, ..all(50) };
        let without = client::list(house.reader(), viewer, &only).await.unwrap().len();
        let counted = client::counts(house.reader(), viewer).await.unwrap().0;
        let found = find(house.reader(), viewer, "zoe", 5).await.unwrap().len();
        let opened = client::page(house.reader(), viewer, zoe).await.is_ok();
        (listed, without, counted, found, opened)
    };
    // Carried by somebody of another team, she is none of Sue's.
    assert_eq!(sees(&sue).await, (0, 0, 0, 0, false));
    let ines = cast.ines.staff_id().unwrap();
    let carol = cast.carol.staff_id().unwrap();
    let hand_over = async |from, to| {
        house.write(&cast.linus, async |unit| handing_over::hand_over(unit, from, to).await).await.unwrap()
    };
    assert_eq!(hand_over(carol, None).await, 1);
    assert_eq!(sees(&sue).await, (1, 1, 1, 1, true));
    assert_eq!(sees(&cast.mina).await, (1, 1, 1, 1, true));
    assert_eq!(sees(&cast.ray).await, (0, 0, 0, 0, false));
    let hers = care(&house, zoe).await;
    house.write(&sue, async |u| client::assign(u, &hers, ines).await).await.unwrap();
    assert_eq!(sees(&sue).await, (0, 0, 0, 0, false), "Ines has nobody above her");
    // Whoever left carries nobody, whatever the row says.
    house
        .write(&cast.linus, async |u| closing::close(u, ines, closing::ClosingReason::Left).await)
        .await
        .unwrap();
    assert_eq!(sees(&sue).await, (1, 1, 1, 1, true));
    let ray = cast.ray.staff_id().unwrap();
    assert_eq!(hand_over(ines, Some(ray)).await, 1);
    assert_eq!(sees(&cast.ray).await, (1, 0, 1, 1, true));
    let told = entries(house.reader(), Of::Person(zoe), None, 20).await.unwrap();
    assert_eq!(told.iter().filter(|entry| entry.act == Act::HandOverWork).count(), 2);
    house.close().await;
}

#[tokio::test]
async fn the_timeline_tells_who_did_what_with_the_notes_in_their_places() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë", &cast.ray).await;
    let hers = care(&house, zoe).await;
    house.later(chrono::TimeDelta::minutes(1));
    let text = "She slept through for the first time.";
    house.write(&cast.ray, async |u| note::write(u, Act::NoteClient, &hers, text).await).await.unwrap();
    let empty = house.write(&cast.ray, async |u| note::write(u, Act::NoteClient, &hers, " \n ").await).await;
    assert!(matches!(empty, Err(Error::Invalid(_))));
    let me = cast.mina.staff_id();
    let staff = Directory::of(&house).await.unwrap();
    let look =
        Look { of: Of::Person(zoe), without: &[], person: zoe, before_that: None, before: None, limit: 1 };
    // Her record is opened more often than anything happens in it.
    for _ in 0..5 {
        house.readings().record(&cast.ray, Act::OpenClient, &hers).await.unwrap();
    }
    let newer = timeline::of(house.reader(), house.keyring(), &staff, me, look).await.unwrap();
    assert!(newer.events.len() == 1 && newer.older.is_some());
    let newest = newer.events.first().unwrap();
    assert_eq!((newest.who.as_str(), newest.did, newest.knot), ("Ray Okafor", "wrote a note", Knot::Note));
    assert_eq!(newest.note.as_deref(), Some(text));
    let look = Look { before: newer.older, limit: 50, ..look };
    let older = timeline::of(house.reader(), house.keyring(), &staff, me, look).await.unwrap();
    assert!(older.events.iter().all(|event| event.note.is_none() && !newer.events.contains(event)));
    assert!(!older.events.is_empty() && older.older.is_none());
    let ledger = entries(house.reader(), Of::Person(zoe), None, 99).await.unwrap();
    assert!(!ledger.iter().any(|e| e.details.to_string().contains("slept")), "no free text in the ledger");
    house.close().await;
}

#[tokio::test]
async fn forgotten_zoe_is_not_found_and_her_notes_cannot_be_read_by_anyone() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë Nguyễn", &cast.ray).await;
    let hers = care(&house, zoe).await;
    house
        .write(&cast.ray, async |u| note::write(u, Act::NoteClient, &hers, "She is scared.").await)
        .await
        .unwrap();
    let before = ClientHolding.export(house.reader(), house.keyring(), zoe).await.unwrap().to_string();
    assert!(before.contains("She is scared.") && before.contains("Nguyễn"));
    house
        .write(&Actor::House, async |unit| {
            let permit = unit.permit(Act::ChangeClient, &hers)?;
            ClientHolding.forget(unit, zoe).await?;
            unit.record(permit, serde_json::json!({ "forgotten": true }));
            Ok(())
        })
        .await
        .unwrap();
    let after = ClientHolding.export(house.reader(), house.keyring(), zoe).await.unwrap().to_string();
    assert!(!after.contains("scared") && !after.contains("Nguy"), "{after}");
    assert!(find(house.reader(), &cast.ana, "zoe", 5).await.unwrap().is_empty());
    house.close().await;
}

#[tokio::test]
async fn two_records_of_one_person_become_one_and_the_old_reference_leads_to_it() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë", &cast.ray).await;
    let also = client_of(&house, "Zoe", &cast.ines).await;
    let theirs = care(&house, also).await;
    let old = client::page(house.reader(), &cast.ines, also).await.unwrap().client.reference;
    house
        .write(&cast.ines, async |u| note::write(u, Act::NoteClient, &theirs, "Asked for Ray.").await)
        .await
        .unwrap();
    house
        .write(&Actor::House, async |unit| {
            let permit = unit.permit(Act::ChangeClient, &theirs)?;
            ClientHolding.move_to(unit, also, zoe).await?;
            unit.record(permit, serde_json::json!({ "survivor": zoe }));
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(client::by_reference(house.reader(), &old).await.unwrap(), zoe);
    let whole = ClientHolding.export(house.reader(), house.keyring(), zoe).await.unwrap().to_string();
    assert!(whole.contains("Asked for Ray."), "{whole}");
    let lines = client::list(house.reader(), &cast.carol, &all(50)).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.id).collect::<Vec<_>>(), [zoe]);
    assert_eq!(find(house.reader(), &cast.carol, "zoe", 5).await.unwrap().len(), 1);
    house.close().await;
}
