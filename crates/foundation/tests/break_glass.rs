//! Opening a locked record: Linus the administrator in an emergency, Petra the privacy officer after it.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

use chrono::TimeDelta;
use foundation::break_glass::{
    self, BreakGlassHolding, Cause, Finding, NewBreakGlass, Review, View, break_glass,
};
use foundation::holding::Holding;
use foundation::ledger::asking::{Of, entries};
use foundation::staff::signing_in::{self, From};
use foundation::staff::{Session, sessions};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Error, PersonId, Subject, may};
use uuid::Uuid;

const PASS: &str = "a long enough pass phrase";
const WHY: &str = "He collapsed in the hall and the ambulance asks what he takes.";

fn tom() -> PersonId {
    PersonId(Uuid::from_u128(0x70))
}

fn toms_record() -> Subject {
    Subject::of("client", tom()).concerning(tom())
}

async fn signed_in(house: &House, name: &str) -> (foundation::Secret, Session) {
    let from = From { network: "203.0.113.9", device: None };
    let begun = signing_in::sign_in(house, name, PASS, from).await.unwrap();
    let session = sessions::of(house, begun.token.reveal(), false).await.unwrap().unwrap();
    (begun.token, session)
}

async fn opens(house: &House, session: &Session) -> Result<(), Error> {
    let why = NewBreakGlass::parse(Cause::MedicalEmergency.as_str(), WHY).unwrap();
    house.write(&session.actor(), async |unit| break_glass(unit, session.id, &toms_record(), why).await).await
}

#[tokio::test]
async fn it_opens_for_this_session_and_for_an_hour() {
    let house = House::new().await;
    Cast::on(&house).await;
    let (token, session) = signed_in(&house, "linus.berg").await;
    let (elsewhere, _) = signed_in(&house, "linus.berg").await;
    assert!(!may(&session.actor(), Act::OpenClient, &toms_record()));

    opens(&house, &session).await.unwrap();
    let now = sessions::of(&house, token.reveal(), false).await.unwrap().unwrap();
    assert!(may(&now.actor(), Act::OpenClient, &toms_record()));
    assert!(!may(&now.actor(), Act::ChangeClient, &toms_record()), "reading, not writing");
    let other = sessions::of(&house, elsewhere.reveal(), false).await.unwrap().unwrap();
    assert!(!may(&other.actor(), Act::OpenClient, &toms_record()), "another session of his has nothing open");

    // A form sent twice is one opening.
    opens(&house, &now).await.unwrap();
    assert_eq!(break_glass::how_many_wait(house.reader()).await.unwrap(), 1);

    // Whoever is done locks it again; whoever needs it again says why again.
    house.write(&now.actor(), async |unit| break_glass::end(unit, now.id).await).await.unwrap();
    let done = sessions::of(&house, token.reveal(), false).await.unwrap().unwrap();
    assert!(!may(&done.actor(), Act::OpenClient, &toms_record()));
    opens(&house, &done).await.unwrap();
    assert_eq!(break_glass::how_many_wait(house.reader()).await.unwrap(), 2);

    for _ in 0..6 {
        sessions::touch(&house, &sessions::of(&house, token.reveal(), false).await.unwrap().unwrap())
            .await
            .unwrap();
        house.later(TimeDelta::minutes(10));
    }
    let later = sessions::of(&house, token.reveal(), false).await.unwrap().unwrap();
    assert!(!may(&later.actor(), Act::OpenClient, &toms_record()), "after an hour it is locked again");
    house.close().await;
}

#[tokio::test]
async fn the_privacy_officer_reads_why_and_what_was_looked_at_and_writes_what_she_found() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (token, session) = signed_in(&house, "linus.berg").await;
    opens(&house, &session).await.unwrap();
    let linus = sessions::of(&house, token.reveal(), false).await.unwrap().unwrap().actor();
    house.later(TimeDelta::minutes(2));
    house.readings().record(&linus, Act::OpenClient, &toms_record()).await.unwrap();

    let waiting = break_glass::list(house.reader(), View::Waiting, None, 10).await.unwrap();
    let [line] = waiting.as_slice() else { panic!("{waiting:?}") };
    let told = break_glass::one(house.reader(), house.keyring(), line.id).await.unwrap();
    assert_eq!(told.reason.as_deref(), Some(WHY));
    let looked_at: Vec<Act> = told.looked_at.iter().map(|entry| entry.act).collect();
    assert_eq!(looked_at, [Act::BreakGlass, Act::OpenClient]);
    let opened = &entries(house.reader(), Of::Subject(tom().0), None, 1).await.unwrap()[0];
    assert_eq!(
        opened.details["break_glass"],
        line.id.to_string(),
        "the reading names the reason it rests on"
    );

    let review = || Review::parse(Finding::Right.as_str(), "The ambulance was here at 15:04.").unwrap();
    house.write(&cast.petra, async |unit| break_glass::review(unit, line.id, review()).await).await.unwrap();
    let again =
        house.write(&cast.petra, async |unit| break_glass::review(unit, line.id, review()).await).await;
    assert!(matches!(again, Err(Error::Refused(no)) if no.code == "reviewed_already"));
    assert_eq!(break_glass::how_many_wait(house.reader()).await.unwrap(), 0);
    let told = break_glass::one(house.reader(), house.keyring(), line.id).await.unwrap();
    assert_eq!(told.line.finding, Some(Finding::Right));
    assert_eq!(told.remark.as_deref(), Some("The ambulance was here at 15:04."));
    house.close().await;
}

#[tokio::test]
async fn who_opened_it_does_not_review_it_and_who_reviews_does_not_open() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (_, session) = signed_in(&house, "linus.berg").await;
    opens(&house, &session).await.unwrap();
    let line = break_glass::list(house.reader(), View::Waiting, None, 10).await.unwrap().remove(0);
    let review = || Review::parse(Finding::Right.as_str(), "").unwrap();
    let his =
        house.write(&session.actor(), async |unit| break_glass::review(unit, line.id, review()).await).await;
    assert!(matches!(his, Err(Error::Forbidden(Act::ReviewBreakGlass))), "{his:?}");

    // Made privacy officer as well, he still does not review himself.
    let Actor::Staff(linus) = session.actor() else { panic!("staff") };
    let both = foundation::StaffActor {
        roles: [foundation::Role::Admin, foundation::Role::PrivacyOfficer].into(),
        ..linus
    };
    let own = house
        .write(&Actor::Staff(both), async |unit| break_glass::review(unit, line.id, review()).await)
        .await;
    assert!(matches!(own, Err(Error::Refused(no)) if no.code == "own_break_glass"));

    let (_, petras) = signed_in(&house, "petra.novak").await;
    let hers = opens(&house, &petras).await;
    assert!(matches!(hers, Err(Error::Forbidden(Act::BreakGlass))), "{hers:?}");
    assert!(!may(&cast.petra, Act::BreakGlass, &toms_record()));
    house.close().await;
}

#[tokio::test]
async fn a_reason_is_a_sentence_and_a_finding_against_someone_has_words() {
    let faults = NewBreakGlass::parse("", "need it!!!!!!!!!!!!!").unwrap_err();
    assert!(faults.of("cause").is_some() && faults.of("reason").is_some());
    assert!(NewBreakGlass::parse("danger", &"a".repeat(2001)).is_err());
    assert!(Review::parse("", "").unwrap_err().of("finding").is_some());
    assert!(Review::parse("not_right", " ").unwrap_err().of("remark").is_some());
    assert!(Review::parse("right", "").is_ok());
}

#[tokio::test]
async fn a_merge_carries_the_reason_along_and_forgetting_leaves_only_that_it_happened() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let (_, session) = signed_in(&house, "linus.berg").await;
    opens(&house, &session).await.unwrap();
    let thomas = PersonId(Uuid::from_u128(0x71));
    let merged = Subject::of("client", thomas).concerning(thomas);
    house
        .write(&cast.ana, async |unit| {
            BreakGlassHolding.move_to(unit, tom(), thomas).await?;
            let permit = unit.permit(Act::ChangeClient, &merged)?;
            unit.record(permit, serde_json::json!({ "merged": tom() }));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    let line = break_glass::list(house.reader(), View::Waiting, None, 10).await.unwrap().remove(0);
    assert_eq!(line.person, thomas);
    let told = break_glass::one(house.reader(), house.keyring(), line.id).await.unwrap();
    assert_eq!(told.reason.as_deref(), Some(WHY));
    house
        .write(&cast.ana, async |unit| {
            BreakGlassHolding.forget(unit, thomas).await?;
            unit.destroy_key(thomas).await?;
            let permit = unit.permit(Act::ChangeClient, &merged)?;
            unit.record(permit, serde_json::json!({ "forgotten": true }));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    let told = break_glass::one(house.reader(), house.keyring(), line.id).await.unwrap();
    assert_eq!(told.reason, None);
    house.close().await;
}
