//! What may leave the house, and what is written down of it: the gate, consents and disclosures, told with people.
#![expect(clippy::unwrap_used, reason = "a story that cannot be set up should stop")]

mod people;

use chrono::TimeDelta;
use consent::consents::{
    self, Aim, ConsentKind, NewConsent, Scope, SignedPaper, State, Statement, YesHow, allow_email, record,
    revoke,
};
use consent::contact_point::{OwnRules, set_own_rules};
use consent::contact_rules::{Manner, Risk};
use consent::gate::{Answer, Purpose, decide, may_share, suppress};
use consent::rules::contact::{Hours, Permission};
use consent::rules::notice::{ELECTRONIC_RISK_VERSION, Notice, PROHIBITION, PROHIBITION_VERSION};
use consent::suppression::{self, ClearReason};
use consent::{ConsentHolding, NewContactRules, Reaching, contact_point, contact_rules, disclosures};
use foundation::holding::Holding;
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Day, Error, PersonId, Subject};
use people::{acts, beside, care, client, house, person, reachable, welcome};
use sea_orm::ConnectionTrait;
use sea_orm::prelude::Uuid;

/// How many decisions the gate has written down.
async fn decisions(house: &House) -> i64 {
    let backend = house.reader().get_database_backend();
    let row = house
        .reader()
        .query_one_raw(sea_orm::Statement::from_string(backend, "SELECT count(*) AS n FROM gate_decisions"))
        .await
        .unwrap();
    row.unwrap().try_get("", "n").unwrap()
}

/// A civil date.
fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A letter is about to go to `person`; it is written down as a message being sent.
async fn ask(house: &House, person: PersonId, purpose: Purpose) -> Answer {
    house
        .write(&Actor::House, async |unit| {
            let message: Uuid = unit.id();
            let letter = Subject::of("message", message).concerning(person);
            let permit = unit.permit(Act::SendMessage, &letter)?;
            let decision = decide(unit, person, purpose, message).await?;
            assert_eq!(decision.address.is_some(), decision.answer == Answer::Allow);
            unit.record(permit, serde_json::json!({ "answer": decision.answer }));
            Ok(decision.answer)
        })
        .await
        .unwrap()
}

/// Zoë, in Ray's caseload, reachable by e-mail and glad to be written to.
async fn zoe(house: &House, cast: &Cast) -> (PersonId, Subject) {
    let zoe = client(house, "Zoë", &cast.ray).await;
    reachable(house, cast, zoe, "zoe@example.com").await;
    let hers = care(zoe, &cast.ray, cast.mina.staff_id());
    house.write(&cast.ray, async |u| allow_email(u, &hers, ELECTRONIC_RISK_VERSION).await).await.unwrap();
    (zoe, hers)
}

fn for_dr_park(until: &str) -> NewConsent {
    let scope = [Scope::Plan, Scope::Appointments];
    let (signed, until) = (day("2026-03-02"), Some(day(until)));
    let new = NewConsent::named("Dr. Park", &scope, "to plan my care", signed, until, signed).unwrap();
    new.on(zoes_paper())
}

/// The paper as it is printed here, signed by Zoë.
fn zoes_paper() -> SignedPaper {
    SignedPaper::ours("Zoë", Aim::Care, "in the blue binder")
}

/// How the notice goes along with a plan.
const NOTICE: Notice<'static> = Notice::OnPaper(PROHIBITION);

#[tokio::test]
async fn zoe_said_yes_and_is_written_to() {
    let (house, cast) = house().await;
    let (zoe, _) = zoe(&house, &cast).await;
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Allow);
    assert_eq!(decisions(&house).await, 1);
    house.close().await;
}

#[tokio::test]
async fn a_yes_taken_back_between_queueing_and_leaving_holds_the_letter() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Allow);
    let yes = consents::of(house.reader(), zoe).await.unwrap().remove(0);
    house.write(&cast.ray, async |u| revoke(u, &hers, yes.id, "said on the phone").await).await.unwrap();
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::ConsentEnded);
    let twice = house.write(&cast.ray, async |u| revoke(u, &hers, yes.id, "again").await).await;
    assert!(matches!(twice, Err(Error::NotFound)));
    assert_eq!(decisions(&house).await, 2, "a no is written down as well as a yes");
    house.close().await;
}

#[tokio::test]
async fn nothing_goes_to_someone_who_died_or_who_asked_for_silence_or_whose_address_is_stopped() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    house
        .write(&Actor::House, async |unit| {
            let permit = unit.permit(Act::StopMessages, &hers)?;
            suppress(unit, " ZOE@example.com", "mail came back").await?;
            suppress(unit, "zoe@example.com", "again").await?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Suppressed);
    house.write(&cast.ray, async |u| contact_rules::do_not_contact(u, &hers).await).await.unwrap();
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::DoNotContact);
    beside(&house, "UPDATE people SET died_at = created_at WHERE id = $1", vec![zoe.0.into()]).await;
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Died);
    house.close().await;
}

#[tokio::test]
async fn two_hundred_days_after_zoe_was_asked_her_letter_waits_until_somebody_asks_again() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    house.later(TimeDelta::days(179));
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Allow);
    house.later(TimeDelta::days(21));
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::AskAgain);
    assert_eq!(ask(&house, zoe, Purpose::AnswerRequest).await, Answer::AskAgain);
    house.write(&cast.ray, async |u| contact_rules::confirm(u, &hers).await).await.unwrap();
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Allow);
    house.close().await;
}

#[tokio::test]
async fn someone_at_home_could_harm_zoe_and_reads_her_mail_so_it_stays_until_an_address_is_hers_alone() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    let manner = Manner::parse(|_| "", &[Risk::AbuserInHousehold]).unwrap();
    house
        .write(&cast.ray, async |u| contact_rules::set_manner(u, &hers, manner.clone()).await)
        .await
        .unwrap();
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::OthersRead);
    let point = contact_point::email_of(house.reader(), zoe).await.unwrap().unwrap();
    let alone = OwnRules { may_use: Permission::Ok, ..OwnRules::asked_at(house.now()) };
    house
        .write(&cast.ray, async |u| set_own_rules(u, point.id, &hers, None, alone.clone()).await)
        .await
        .unwrap();
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Allow);
    house.close().await;
}

#[tokio::test]
async fn a_letter_that_we_begin_comes_in_the_hours_she_named_and_an_answer_at_any() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    let mornings = NewContactRules { hours: Hours::new(8, 12, true), ..welcome() };
    house.write(&cast.ray, async |u| contact_rules::set(u, &hers, mornings.clone()).await).await.unwrap();
    beside(&house, "UPDATE people SET zone = 'America/Chicago' WHERE id = $1", vec![zoe.0.into()]).await;
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Allow, "nine in the morning in Chicago");
    house.later(TimeDelta::hours(5));
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::NotNow);
    assert_eq!(ask(&house, zoe, Purpose::AnswerRequest).await, Answer::Allow);
    house.close().await;
}

#[tokio::test]
async fn jo_was_never_asked_and_the_gate_does_not_guess() {
    let (house, _) = house().await;
    let jo = person(&house, "Jo").await;
    assert_eq!(ask(&house, jo, Purpose::AnswerRequest).await, Answer::NoAddress);
    let nobody = house
        .write(&Actor::House, async |unit| {
            let stranger: PersonId = unit.id();
            decide(unit, stranger, Purpose::CheckIn, Uuid::nil()).await.map(|_| ())
        })
        .await;
    assert!(matches!(nobody, Err(Error::NotFound)));
    house.close().await;
}

#[tokio::test]
async fn yes_to_email_is_given_to_the_text_as_it_is_now() {
    let (house, cast) = house().await;
    let tom = client(&house, "Tom", &cast.ines).await;
    let his = care(tom, &cast.ines, None);
    let old = house.write(&cast.ines, async |u| allow_email(u, &his, "electronic-risk-0").await).await;
    assert!(matches!(old, Err(Error::Refused(r)) if r.code == "text_version"));
    let by_ray = house.write(&cast.ray, async |u| allow_email(u, &his, ELECTRONIC_RISK_VERSION).await).await;
    assert!(matches!(by_ray, Err(Error::Forbidden(Act::RecordConsent))));
    house.close().await;
}

#[tokio::test]
async fn the_plan_goes_to_dr_park_because_zoe_named_her_and_to_nobody_else() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    let to = async |reader: &str| {
        house
            .write(&cast.ray, async |u| disclosures::disclose(u, &hers, reader, ("plan", NOTICE)).await)
            .await
    };
    assert!(matches!(to("Dr. Park").await, Err(Error::Refused(r)) if r.code == "gate"));
    let id =
        house.write(&cast.ray, async |u| record(u, &hers, for_dr_park("2026-03-09")).await).await.unwrap();
    let rests_on = to("dr park").await.unwrap();
    assert_eq!(rests_on.id, id, "case and punctuation do not matter");
    assert!(rests_on.covers(&[Scope::Plan]) && !rests_on.covers(&[Scope::Plan, Scope::Medicines]));
    assert!(to("Dr. Park only").await.is_err(), "another name is another reader");
    let kept = disclosures::under(house.reader(), zoe, id).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].recipient, "Dr. Park");
    assert_eq!(kept[0].scope.0, [Scope::Plan, Scope::Appointments]);
    assert_eq!(kept[0].notice_version, PROHIBITION_VERSION);
    assert_eq!(kept[0].disclosed_by, cast.ray.staff_id());
    assert!(acts(&house, zoe).await.contains(&Act::Disclose));
    // The last day counts to its end in Chicago.
    house.later(TimeDelta::days(7));
    assert!(to("Dr. Park").await.is_ok());
    house.later(TimeDelta::hours(15));
    assert!(to("Dr. Park").await.is_err());
    assert_eq!(disclosures::of(house.reader(), zoe).await.unwrap().len(), 2);
    house.close().await;
}

#[tokio::test]
async fn a_paper_without_a_signature_or_in_another_name_is_no_consent() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    let unsigned = SignedPaper { signature: " ".into(), ..zoes_paper() };
    let other = SignedPaper { name: "Tom".into(), ..zoes_paper() };
    let old =
        SignedPaper { statements: vec![Statement::Revocation, Statement::HipaaRedisclosure], ..zoes_paper() };
    for (paper, field) in [(unsigned, "signature"), (other, "name"), (old, "statements")] {
        let new = for_dr_park("2026-03-09").on(paper);
        let Err(Error::Invalid(faults)) =
            house.write(&cast.ray, async |u| record(u, &hers, new.clone()).await).await
        else {
            panic!("{field} was not missed")
        };
        assert!(faults.of(field).is_some(), "{faults:?}");
    }
    assert_eq!(consents::of(house.reader(), zoe).await.unwrap().len(), 1, "only the yes to e-mail is there");
    house.close().await;
}

#[tokio::test]
async fn an_old_paper_without_the_two_statements_is_relied_on_by_nobody_and_a_new_signature_mends_it() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    let id =
        house.write(&cast.ray, async |u| record(u, &hers, for_dr_park("2026-03-09")).await).await.unwrap();
    // As it was recorded before anyone asked for them.
    let sql = "UPDATE consents SET aim = NULL, statements = '[\"revocation\",\"hipaa_redisclosure\"]' WHERE id = $1";
    beside(&house, sql, vec![id.0.into()]).await;
    let to = async || {
        house
            .write(&cast.ray, async |u| disclosures::disclose(u, &hers, "Dr. Park", ("plan", NOTICE)).await)
            .await
    };
    let Err(Error::Refused(no)) = to().await else { panic!("it was relied on") };
    assert!(no.sentence.contains("signed anew"), "{}", no.sentence);
    let old = consents::of(house.reader(), zoe).await.unwrap().into_iter().find(|c| c.id == id).unwrap();
    assert_eq!(old.state(day("2026-03-02")), State::Deficient);
    assert_eq!(old.missing(), [Statement::Redisclosure, Statement::Refusal]);
    assert!(disclosures::of(house.reader(), zoe).await.unwrap().is_empty());
    house.later(TimeDelta::minutes(1));
    house.write(&cast.ray, async |u| record(u, &hers, for_dr_park("2026-03-09")).await).await.unwrap();
    assert!(to().await.is_ok());
    house.close().await;
}

#[tokio::test]
async fn zoe_has_died_and_nobody_gets_her_plan_nor_gets_it_without_the_notice() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    house.write(&cast.ray, async |u| record(u, &hers, for_dr_park("2026-03-09")).await).await.unwrap();
    let today = day("2026-03-02");
    let bare = may_share(house.reader(), zoe, "Dr. Park", Notice::OnPaper("Her plan"), today).await.unwrap();
    assert_eq!(bare.0, Answer::NoNotice);
    beside(&house, "UPDATE people SET died_at = created_at WHERE id = $1", vec![zoe.0.into()]).await;
    let dead = may_share(house.reader(), zoe, "Dr. Park", NOTICE, today).await.unwrap();
    assert_eq!((dead.0, dead.1), (Answer::Died, None));
    house.close().await;
}

#[tokio::test]
async fn a_later_consent_for_the_same_reader_takes_the_place_of_the_earlier() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    let today = day("2026-03-02");
    let mut ids = Vec::new();
    for until in ["2026-03-09", "2026-09-09"] {
        house.later(TimeDelta::minutes(1));
        let id = house.write(&cast.ray, async |u| record(u, &hers, for_dr_park(until)).await).await.unwrap();
        ids.push(id);
    }
    let active = consents::active(house.reader(), zoe, ConsentKind::NamedDisclosure, today).await.unwrap();
    assert_eq!(active.iter().map(|c| c.id).collect::<Vec<_>>(), [ids[1]]);
    let all = consents::of(house.reader(), zoe).await.unwrap();
    let first = all.iter().find(|c| c.id == ids[0]).unwrap();
    assert_eq!((first.state(today), first.superseded_by), (State::Superseded, Some(ids[1])));
    assert_eq!((first.discloser.as_str(), first.person_name.as_str()), ("Cedar Recovery Center", "Zoë"));
    // Taking the later one back does not bring the earlier one to life again.
    house.write(&cast.ray, async |u| revoke(u, &hers, ids[1], "in writing").await).await.unwrap();
    let none = consents::active(house.reader(), zoe, ConsentKind::NamedDisclosure, today).await.unwrap();
    assert!(none.is_empty());
    house.close().await;
}

#[tokio::test]
async fn tom_gets_all_that_is_kept_of_him_and_nothing_of_zoe_and_can_be_forgotten() {
    let (house, cast) = house().await;
    let (zoe, _) = zoe(&house, &cast).await;
    let tom = client(&house, "Tom", &cast.ines).await;
    reachable(&house, &cast, tom, "tom@example.com").await;
    let export = ConsentHolding.export(house.reader(), house.keyring(), tom).await.unwrap();
    let text = export.to_string();
    assert!(text.contains("tom@example.com") && !text.contains("zoe@example.com"), "{text}");
    let his = Subject::of("person", tom).concerning(tom);
    house
        .write(&Actor::House, async |unit| {
            let permit = unit.permit(Act::ChangeClient, &his)?;
            ConsentHolding.forget(unit, tom).await?;
            unit.record(permit, serde_json::json!({ "forgotten": true }));
            Ok(())
        })
        .await
        .unwrap();
    let left = ConsentHolding.export(house.reader(), house.keyring(), tom).await.unwrap().to_string();
    assert!(!left.contains("tom@example.com"), "{left}");
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Allow);
    house.close().await;
}

#[tokio::test]
async fn a_stop_is_lifted_by_their_own_new_yes_and_mail_that_came_back_is_not() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    let presses_stop = async || {
        house
            .write(&Actor::Alum(zoe), async |unit| {
                let permit = unit.permit(Act::StopMessages, &hers)?;
                consents::end_email(unit, zoe).await?;
                suppression::stop(unit, zoe, "zoe@example.com").await?;
                unit.record(permit, serde_json::json!({}));
                Ok(())
            })
            .await
            .unwrap();
    };
    let today = house.now().date_naive();
    let say_yes = async |how: Option<YesHow>| {
        // A yes of the same millisecond is neither before nor after another.
        house.later(chrono::TimeDelta::seconds(1));
        let yes = NewConsent::email(today);
        let yes = how.map_or_else(|| yes.clone(), |how| yes.clone().said(how));
        house.write(&cast.ray, async |u| record(u, &hers, yes).await).await.unwrap();
    };
    presses_stop().await;
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Suppressed);
    let card = Reaching::of(house.reader(), zoe).await.unwrap().card("Zoë", "Ray", house.now());
    let email = card.ways.iter().find(|way| way.name == "E-mail").unwrap();
    assert_eq!(
        (email.class, email.words.starts_with("stopped by their link, today")),
        ("no", true),
        "{email:?}"
    );
    say_yes(None).await;
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Suppressed, "nobody said how she said yes");
    say_yes(Some(YesHow::InWriting)).await;
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Allow, "her own yes lifts her stop");
    let newest = consents::of(house.reader(), zoe).await.unwrap().remove(0);
    assert_eq!(newest.signature, "said to staff in writing");
    presses_stop().await;
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Suppressed, "a second stop counts again");
    say_yes(Some(YesHow::TheyContactedUs)).await;

    // Mail comes back: a yes changes nothing at the address; staff clear it with a reason.
    house
        .write(&Actor::House, async |unit| {
            let permit = unit.permit(Act::HoldMessage, &hers)?;
            suppress(unit, "zoe@example.com", "refused by its mail server").await?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await
        .unwrap();
    say_yes(Some(YesHow::Phone)).await;
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Suppressed);
    let point = Reaching::of(house.reader(), zoe).await.unwrap().email().unwrap().id;
    let why = ClearReason::MailboxWorks;
    house.write(&cast.ray, async |u| suppression::clear(u, &hers, point, why).await).await.unwrap();
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Allow);
    presses_stop().await;
    let no = house.write(&cast.ray, async |u| suppression::clear(u, &hers, point, why).await).await;
    assert!(matches!(no, Err(Error::Refused(r)) if r.code == "stopped"), "staff lifted her stop");
    house.close().await;
}

#[tokio::test]
async fn whoever_shares_an_address_does_not_lift_the_stop_of_the_other() {
    let (house, cast) = house().await;
    let (zoe, hers) = zoe(&house, &cast).await;
    let mother = client(&house, "Rosa", &cast.ray).await;
    reachable(&house, &cast, mother, "zoe@example.com").await;
    let of_rosa = care(mother, &cast.ray, None);
    house
        .write(&Actor::Alum(zoe), async |unit| {
            let permit = unit.permit(Act::StopMessages, &hers)?;
            suppression::stop(unit, zoe, "zoe@example.com").await?;
            unit.record(permit, serde_json::json!({}));
            Ok(())
        })
        .await
        .unwrap();
    let yes = NewConsent::email(house.now().date_naive()).said(YesHow::Phone);
    house.write(&cast.ray, async |u| record(u, &of_rosa, yes).await).await.unwrap();
    assert_eq!(ask(&house, zoe, Purpose::CheckIn).await, Answer::Suppressed);
    assert_eq!(ask(&house, mother, Purpose::CheckIn).await, Answer::Suppressed);
    house.close().await;
}
