//! Admitted, moved between levels, discharged: episodes of care, told with people.

mod people;

use clients::ClientHolding;
use clients::client::{self, ListQuery};
use clients::correction::{self, Reason};
use clients::episode::{self, Admission, Discharge, DischargeKind, Discharged, EpisodeId, LevelOfCare};
use clients::person::{Death, DeathSource, correct_death, record_death};
use foundation::holding::Holding;
use foundation::ledger::asking::{Of, entries};
use foundation::testing::House;
use foundation::{Act, Actor, Error, Subject};
use people::{care, client_of, day, house};

/// The day of the stories, in Chicago.
const TODAY: &str = "2026-03-02";

fn admission(on: &str) -> Admission {
    Admission { admitted_on: day(on), level: LevelOfCare::HighIntensityResidential, request: None }
}

async fn admit(house: &House, who: &Actor, care: &Subject, on: &str) -> Result<EpisodeId, Error> {
    house.write(who, async |u| episode::admit(u, care, admission(on), day(TODAY)).await).await
}

async fn discharge(
    house: &House,
    who: &Actor,
    care: &Subject,
    id: EpisodeId,
    on: &str,
    kind: DischargeKind,
) -> Result<Discharged, Error> {
    let told_by = DeathSource::Present;
    let how = Discharge { discharged_on: day(on), kind, to: Some("her sister's".into()), told_by };
    house.write(who, async |u| episode::discharge(u, care, id, how.clone(), day(TODAY)).await).await
}

fn is_refused<T>(result: Result<T, Error>, code: &str) -> bool {
    matches!(result, Err(Error::Refused(r)) if r.code == code)
}

#[tokio::test]
async fn a_stay_from_admission_through_two_levels_to_its_end() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë", &cast.ray).await;
    let hers = care(&house, zoe).await;
    let stay = admit(&house, &cast.ana, &hers, "2026-01-05").await.unwrap();
    let step = async |to: LevelOfCare, on: &str| {
        house.write(&cast.ray, async |u| episode::change_level(u, &hers, stay, to, day(on)).await).await
    };
    step(LevelOfCare::IntensiveOutpatient, "2026-02-02").await.unwrap();
    for bad in ["2026-02-01", "2026-03-03"] {
        let Err(Error::Invalid(faults)) = step(LevelOfCare::Outpatient, bad).await else { panic!("{bad}") };
        assert!(faults.of("from_on").is_some());
    }
    let query = ListQuery { limit: 9, in_care: true, ..ListQuery::default() };
    let lines = client::list(house.reader(), &cast.ray, &query).await.unwrap();
    assert_eq!(lines[0].level.as_deref(), Some("2.1"), "the level of today, not of admission");
    let left =
        discharge(&house, &cast.ray, &hers, stay, "2026-03-01", DischargeKind::Completed).await.unwrap();
    assert_eq!((left.person, left.on, left.early_leaver), (zoe, day("2026-03-01"), false));
    assert_eq!(left.level, LevelOfCare::IntensiveOutpatient);
    let spans = episode::spans_of(house.reader(), zoe).await.unwrap();
    let days: Vec<_> = spans.iter().map(|s| (s.from_on, s.until_on)).collect();
    let (a, b, c) = (day("2026-01-05"), day("2026-02-02"), day("2026-03-01"));
    assert_eq!(days, [(a, Some(b)), (b, Some(c))], "no gap, no overlap");
    assert!(client::list(house.reader(), &cast.ray, &query).await.unwrap().is_empty());
    let acts: Vec<Act> =
        entries(house.reader(), Of::Person(zoe), None, 99).await.unwrap().iter().map(|e| e.act).collect();
    for act in [Act::Admit, Act::ChangeLevelOfCare, Act::Discharge] {
        assert!(acts.contains(&act), "{act:?} is in the ledger");
    }
    house.close().await;
}

#[tokio::test]
async fn nobody_is_in_care_twice_and_stays_do_not_overlap() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë", &cast.ray).await;
    let hers = care(&house, zoe).await;
    let stay = admit(&house, &cast.ana, &hers, "2026-01-05").await.unwrap();
    assert!(is_refused(admit(&house, &cast.ana, &hers, "2026-02-01").await, "in_care"));
    discharge(&house, &cast.ray, &hers, stay, "2026-02-10", DischargeKind::Moved).await.unwrap();
    let again = discharge(&house, &cast.ray, &hers, stay, "2026-02-11", DischargeKind::Moved).await;
    assert!(is_refused(again, "not_in_care"));
    for bad in ["2026-02-09", "2026-03-03"] {
        let Err(Error::Invalid(faults)) = admit(&house, &cast.ana, &hers, bad).await else { panic!("{bad}") };
        assert!(faults.of("admitted_on").is_some());
    }
    admit(&house, &cast.ana, &hers, "2026-02-10").await.unwrap();
    assert_eq!(client::counts(house.reader(), &cast.ray).await.unwrap(), (1, 1));
    house.close().await;
}

#[tokio::test]
async fn two_who_admit_at_the_same_moment_make_one_stay() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë", &cast.ray).await;
    let hers = care(&house, zoe).await;
    let (a, b) = tokio::join!(
        admit(&house, &cast.ana, &hers, "2026-03-01"),
        admit(&house, &cast.mina, &hers, "2026-03-02")
    );
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    assert!(is_refused(if a.is_ok() { b } else { a }, "in_care"));
    assert_eq!(episode::of(house.reader(), zoe).await.unwrap().len(), 1);
    house.close().await;
}

#[tokio::test]
async fn who_left_before_completing_is_followed_most_closely() {
    let (house, cast) = house().await;
    for (name, kind, early) in [
        ("Devonte", DischargeKind::LeftAgainstAdvice, true),
        ("Kathleen", DischargeKind::Administrative, true),
        ("Tom", DischargeKind::TransferredStepDown, false),
    ] {
        let person = client_of(&house, name, &cast.ray).await;
        let theirs = care(&house, person).await;
        let stay = admit(&house, &cast.ana, &theirs, "2026-02-20").await.unwrap();
        let left = discharge(&house, &cast.ray, &theirs, stay, TODAY, kind).await.unwrap();
        assert_eq!(left.early_leaver, early, "{name}");
    }
    house.close().await;
}

#[tokio::test]
async fn only_who_carries_a_client_ends_the_stay_and_only_that_clients() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë", &cast.ray).await;
    let tom = client_of(&house, "Tom", &cast.ines).await;
    let (hers, his) = (care(&house, zoe).await, care(&house, tom).await);
    let stay = admit(&house, &cast.ana, &hers, "2026-02-20").await.unwrap();
    for who in [&cast.ines, &cast.ana, &cast.carol, &cast.linus] {
        let no = discharge(&house, who, &hers, stay, TODAY, DischargeKind::Completed).await;
        assert!(matches!(no, Err(Error::Forbidden(Act::Discharge))));
    }
    // Ines names Zoë's stay under Tom's record.
    let no = discharge(&house, &cast.ines, &his, stay, TODAY, DischargeKind::Completed).await;
    assert!(matches!(no, Err(Error::NotFound)));
    let Err(Error::Invalid(_)) =
        discharge(&house, &cast.ray, &hers, stay, "2026-02-19", DischargeKind::Completed).await
    else {
        panic!("left before coming")
    };
    discharge(&house, &cast.mina, &hers, stay, TODAY, DischargeKind::Completed).await.unwrap();
    house.close().await;
}

#[tokio::test]
async fn who_died_is_not_admitted_again_unless_it_was_a_mistake() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë", &cast.ray).await;
    let hers = care(&house, zoe).await;
    let stay = admit(&house, &cast.ana, &hers, "2026-02-20").await.unwrap();
    discharge(&house, &cast.ray, &hers, stay, TODAY, DischargeKind::Deceased).await.unwrap();
    let page = client::page(house.reader(), &cast.ray, zoe).await.unwrap();
    assert!(page.person.died_at.is_some(), "the gate lets nothing out from now on");
    assert!(is_refused(admit(&house, &cast.ana, &hers, TODAY).await, "died"));
    let told = Death { on: None, source: DeathSource::Family };
    assert!(is_refused(house.write(&cast.ray, async |u| record_death(u, &hers, told).await).await, "died"));
    let reason = Reason::parse("It was Zoë Park, another person.", "reason").unwrap();
    house.write(&cast.ray, async |u| correct_death(u, &hers, &reason).await).await.unwrap();
    // The stay that had ended with the death goes on, with its level of care.
    assert!(is_refused(admit(&house, &cast.ana, &hers, TODAY).await, "in_care"));
    let spans = episode::spans_of(house.reader(), zoe).await.unwrap();
    assert_eq!(spans.iter().map(|span| span.until_on).collect::<Vec<_>>(), [None]);
    let kept = correction::list(house.reader(), house.keyring(), zoe).await.unwrap();
    assert_eq!(kept[0].1, "It was Zoë Park, another person.");
    discharge(&house, &cast.ray, &hers, stay, TODAY, DischargeKind::Completed).await.unwrap();
    assert!(admit(&house, &cast.ana, &hers, TODAY).await.is_ok());
    house.close().await;
}

#[tokio::test]
async fn two_records_both_in_care_are_not_merged_and_one_after_the_other_are() {
    let (house, cast) = house().await;
    let zoe = client_of(&house, "Zoë", &cast.ray).await;
    let also = client_of(&house, "Zoe", &cast.ray).await;
    let (hers, theirs) = (care(&house, zoe).await, care(&house, also).await);
    admit(&house, &cast.ana, &hers, "2026-02-20").await.unwrap();
    let other = admit(&house, &cast.ana, &theirs, "2026-01-20").await.unwrap();
    let merge = async || {
        house
            .write(&Actor::House, async |unit| {
                let permit = unit.permit(Act::ChangeClient, &theirs)?;
                ClientHolding.move_to(unit, also, zoe).await?;
                unit.record(permit, serde_json::json!({ "survivor": zoe }));
                Ok(())
            })
            .await
    };
    assert!(is_refused(merge().await, "in_care"));
    assert_eq!(episode::of(house.reader(), also).await.unwrap().len(), 1, "nothing was moved by half");
    discharge(&house, &cast.ray, &theirs, other, "2026-02-10", DischargeKind::Completed).await.unwrap();
    merge().await.unwrap();
    let stays = episode::of(house.reader(), zoe).await.unwrap();
    assert_eq!(
        stays.iter().map(|e| e.admitted_on).collect::<Vec<_>>(),
        [day("2026-02-20"), day("2026-01-20")]
    );
    assert_eq!(episode::spans_of(house.reader(), zoe).await.unwrap().len(), 2);
    house.close().await;
}
