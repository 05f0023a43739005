//! The ground floor on a real database: one door to write, the ledger, jobs, signing in, search, private links.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::TimeDelta;
use foundation::center::Center;
use foundation::clock::jumping;
use foundation::jobs::Failure;
use foundation::jobs::running::Runner;
use foundation::ledger::asking::{Of, entries};
use foundation::ledger::{anchoring, sealing, verifying};
use foundation::links::{self, Purpose};
use foundation::sealed::Keyring;
use foundation::search::Hits;
use foundation::staff::closing::{self, ClosingReason};
use foundation::staff::signing_in::{self, From};
use foundation::staff::{Stage, devices, factors, inviting, sessions};
use foundation::testing::{Cast, House};
use foundation::{Act, Actor, Chance, Clock, Db, Error, NewJob, PersonId, Place, Store, Subject};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

const PASS: &str = "a long enough pass phrase";

fn zoe() -> PersonId {
    PersonId(Uuid::from_u128(0x20e))
}

/// One act that writes: a private link for Zoë.
async fn write_something(db: &Db, actor: &Actor) -> Result<foundation::Secret, Error> {
    db.write(actor, async |unit| {
        links::issue(unit, Purpose::CheckIn, zoe(), Uuid::from_u128(5), TimeDelta::days(7)).await
    })
    .await
}

async fn run(db: &Db, sql: &str) -> Result<(), sea_orm::DbErr> {
    let backend = db.reader().get_database_backend();
    db.store().raw().execute_raw(Statement::from_string(backend, sql)).await.map(|_| ())
}

/// Takes the guard off, as a forger with the database's password would.
async fn disarm(db: &Db, table: &str) {
    let statements = match db.reader().get_database_backend() {
        DbBackend::Postgres => vec![format!("ALTER TABLE {table} DISABLE TRIGGER {table}_refuses_change")],
        _ => vec![
            format!("DROP TRIGGER {table}_refuses_UPDATE"),
            format!("DROP TRIGGER {table}_refuses_DELETE"),
        ],
    };
    for sql in statements {
        run(db, &sql).await.unwrap();
    }
}

async fn five_sealed_entries() -> House {
    let house = House::new().await;
    for _ in 0..5 {
        write_something(&house, &Actor::House).await.unwrap();
        house.later(TimeDelta::minutes(1));
    }
    assert_eq!(sealing::seal(&house).await.unwrap().place, 5);
    house
}

#[tokio::test]
async fn the_ledger_refuses_to_be_changed() {
    let house = five_sealed_entries().await;
    for sql in [
        "UPDATE ledger SET act = 'sign_in'",
        "DELETE FROM ledger",
        "DELETE FROM ledger_seals",
        "UPDATE ledger_seals SET place = place + 9",
    ] {
        assert!(run(&house, sql).await.is_err(), "accepted: {sql}");
    }
    assert!(verifying::verify(&house, &[]).await.unwrap().holds());
    house.close().await;
}

#[tokio::test]
async fn an_edited_a_deleted_and_a_swapped_entry_are_found() {
    let first = "(SELECT entry_id FROM ledger_seals WHERE place = 2)";
    let second = "(SELECT entry_id FROM ledger_seals WHERE place = 4)";
    for (what, sqls) in [
        ("edited", vec![format!("UPDATE ledger SET actor_kind = 'staff' WHERE id = {first}")]),
        ("deleted", vec![format!("DELETE FROM ledger WHERE id = {first}")]),
        (
            "swapped",
            vec![
                "UPDATE ledger_seals SET place = 99 WHERE place = 2".to_owned(),
                "UPDATE ledger_seals SET place = 2 WHERE place = 4".to_owned(),
                "UPDATE ledger_seals SET place = 4 WHERE place = 99".to_owned(),
            ],
        ),
        (
            "another time",
            vec![format!(
                "UPDATE ledger SET at = (SELECT at FROM ledger WHERE id = {second}) WHERE id = {first}"
            )],
        ),
    ] {
        let house = five_sealed_entries().await;
        disarm(&house, "ledger").await;
        disarm(&house, "ledger_seals").await;
        for sql in sqls {
            run(&house, &sql).await.unwrap();
        }
        let verdict = verifying::verify(&house, &[]).await.unwrap();
        assert!(!verdict.holds(), "an entry was {what} and nobody saw");
        house.close().await;
    }
}

#[tokio::test]
async fn an_entry_that_came_by_another_way_and_anchors_that_are_gone_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anchor.log");
    let house = five_sealed_entries().await;
    let gone = verifying::verify_with(&house, &file).await.unwrap();
    assert!(gone.findings.iter().any(|f| f.contains("anchors are gone")), "{:?}", gone.findings);
    anchoring::anchor(&file, &sealing::head(&house).await.unwrap(), house.now()).unwrap();
    assert!(verifying::verify_with(&house, &file).await.unwrap().holds());
    // Somebody with the database in hand writes what never happened, into the past or into this very moment.
    let copied = |id: &str, at: &str, code: &str| {
        format!(
            "INSERT INTO ledger (id, at, actor_kind, actor_id, act, subject_kind, subject_id, person_id, details, code) \
             SELECT {id}, {at}, actor_kind, actor_id, act, subject_kind, subject_id, person_id, details, {code} \
             FROM ledger WHERE id = (SELECT entry_id FROM ledger_seals WHERE place = 2)"
        )
    };
    let last = "(SELECT max(at) FROM ledger)";
    let refused = run(&house, &copied("subject_id", "at", "NULL")).await;
    assert!(refused.is_err(), "a process of before this version could write");
    let unguarded = match house.reader().get_database_backend() {
        DbBackend::Postgres => "ALTER TABLE ledger DISABLE TRIGGER ledger_refuses_uncoded",
        _ => "DROP TRIGGER ledger_refuses_uncoded",
    };
    run(&house, unguarded).await.unwrap();
    run(&house, &copied("subject_id", "at", "NULL")).await.unwrap();
    // With the code of another entry, and with the time of the last one.
    run(&house, &copied("person_id", last, "code")).await.unwrap();
    for hours in [0, 1] {
        house.later(TimeDelta::hours(hours));
        let forged = verifying::verify_with(&house, &file).await.unwrap();
        assert!(
            forged.findings.iter().any(|f| f.starts_with("2 entries have no seal")),
            "{:?}",
            forged.findings
        );
        // The sealer goes on with what the program writes, and never makes a forged entry part of the chain.
        write_something(&house, &Actor::House).await.unwrap();
        sealing::seal(&house).await.unwrap();
    }
    let sealed = verifying::verify_with(&house, &file).await.unwrap();
    assert_eq!((sealed.sound, sealed.findings.len()), (7, 1), "{:?}", sealed.findings);
    // Whoever takes the mark of waiting away changes nothing about it.
    run(&house, "DELETE FROM ledger_waiting").await.unwrap();
    let forged = verifying::verify_with(&house, &file).await.unwrap();
    assert!(forged.findings.iter().any(|f| f.starts_with("2 entries have no seal")), "{:?}", forged.findings);
    house.close().await;
}

#[tokio::test]
async fn codes_that_are_taken_away_break_the_chain_and_what_another_key_sealed_is_found() {
    let house = five_sealed_entries().await;
    disarm(&house, "ledger").await;
    // Without codes everything would look like rows of before there were any.
    run(&house, "UPDATE ledger SET code = NULL").await.unwrap();
    let verdict = verifying::verify(&house, &[]).await.unwrap();
    assert!(verdict.findings.iter().any(|f| f.contains("place 3 was altered")), "{:?}", verdict.findings);
    house.close().await;

    // Somebody with the database and the program, and not with the key.
    let house = five_sealed_entries().await;
    let place = Place::parse(&house.place()).unwrap();
    let (store, chance) = (Store::open(&place).await.unwrap(), Chance::seeded(9));
    let other = Db::new(store, Clock::set(house.now()), chance, Keyring::new([9; 32]));
    write_something(&other, &Actor::House).await.unwrap();
    sealing::seal(&other).await.unwrap();
    let verdict = verifying::verify(&house, &[]).await.unwrap();
    assert_eq!(verdict.findings, ["the entry at place 6 was sealed, but this program did not write it"]);
    other.store().clone().close().await.ok();
    house.close().await;
}

#[tokio::test]
async fn a_clock_that_jumps_leaves_the_ledger_whole_and_no_session_alive() {
    let house = five_sealed_entries().await;
    for by in [TimeDelta::days(6), -TimeDelta::days(6), -TimeDelta::hours(3), TimeDelta::hours(3)] {
        house.later(by);
        jumping::note(&house, by).await.unwrap();
        write_something(&house, &Actor::House).await.unwrap();
        sealing::seal(&house).await.unwrap();
        let verdict = verifying::verify(&house, &[]).await.unwrap();
        assert!(verdict.holds(), "{by}: {:?}", verdict.findings);
    }
    assert_eq!(sealing::head(&house).await.unwrap().place, 13, "something was left unsealed");
    let told = jumping::lately(house.reader(), house.now()).await.unwrap();
    assert_eq!(told.len(), 4);
    // Stopped at the later time and started at the earlier one: that is noticed as well.
    house.later(-TimeDelta::hours(2));
    assert_eq!(jumping::since_the_last_run(&house).await.unwrap(), Some(-TimeDelta::hours(2)));
    house.close().await;
}

#[tokio::test]
async fn a_cut_off_tail_and_a_rewritten_chain_are_found_by_the_anchor() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("anchor.log");
    let house = five_sealed_entries().await;
    anchoring::anchor(&file, &sealing::head(&house).await.unwrap(), house.now()).unwrap();
    let anchors = anchoring::read(&file).unwrap();
    assert!(verifying::verify(&house, &anchors).await.unwrap().holds());
    disarm(&house, "ledger").await;
    disarm(&house, "ledger_seals").await;
    let last = "(SELECT entry_id FROM ledger_seals WHERE place = 5)";
    run(&house, &format!("DELETE FROM ledger WHERE id = {last}")).await.unwrap();
    run(&house, "DELETE FROM ledger_seals WHERE place = 5").await.unwrap();
    // Without the anchor the shorter chain is in order; that is why there is one.
    assert!(verifying::verify(&house, &[]).await.unwrap().holds());
    let verdict = verifying::verify(&house, &anchors).await.unwrap();
    assert!(verdict.findings.iter().any(|f| f.contains("cut off")), "{:?}", verdict.findings);
    // Sealed anew over other rows: as long as before, and not the same.
    write_something(&house, &Actor::House).await.unwrap();
    sealing::seal(&house).await.unwrap();
    let verdict = verifying::verify(&house, &anchors).await.unwrap();
    assert!(verdict.findings.iter().any(|f| f.contains("rewritten")), "{:?}", verdict.findings);
    house.close().await;
}

#[tokio::test]
#[should_panic(expected = "recorded nothing")]
async fn a_unit_that_writes_and_records_nothing_panics() {
    let house = House::new().await;
    let _ = house
        .write(&Actor::House, async |unit| unit.make_findable("person", Uuid::from_u128(1), &["Zoë"]).await)
        .await;
}

#[tokio::test]
async fn what_fails_leaves_nothing_and_what_is_forbidden_never_begins() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let failed: Result<(), Error> = house
        .write(&cast.carol, async |unit| {
            links::issue(unit, Purpose::CheckIn, zoe(), Uuid::from_u128(5), TimeDelta::days(1)).await?;
            unit.enqueue(NewJob { kind: "x", payload: serde_json::json!({}), dedupe: None, run_at: None })
                .await?;
            Err(foundation::refused("no", "no"))
        })
        .await;
    assert!(matches!(failed, Err(Error::Refused(_))));
    assert_eq!(entries(house.reader(), Of::Person(zoe()), None, 9).await.unwrap(), []);
    assert!(matches!(write_something(&house, &cast.linus).await, Err(Error::Forbidden(Act::IssueLink))));
    assert_eq!(house.run_jobs().await, 0);
    house.close().await;
}

#[tokio::test]
async fn two_hundred_readings_are_all_recorded_and_a_forbidden_one_is_not_shown() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let subject = Subject::of("request", Uuid::from_u128(7)).concerning(zoe());
    let readings = (0..200).map(|_| house.readings().record(&cast.ana, Act::OpenRequest, &subject));
    let all = futures_join(readings).await;
    assert!(all.iter().all(Result::is_ok));
    let forbidden = house.readings().record(&cast.linus, Act::OpenRequest, &subject).await;
    assert!(matches!(forbidden, Err(Error::Forbidden(_))));
    assert_eq!(entries(house.reader(), Of::Subject(subject.id), None, 300).await.unwrap().len(), 200);
    house.close().await;
}

async fn futures_join<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    futures::future::join_all(all).await
}

#[tokio::test]
async fn a_job_is_done_once_tried_again_and_given_up() {
    let (done, tried) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (d, t) = (Arc::clone(&done), Arc::clone(&tried));
    let runner = Runner::default()
        .with("good", move |_, _| {
            d.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        })
        .with("bad", move |_, _| {
            t.fetch_add(1, Ordering::SeqCst);
            async { Err(Failure::Again("not yet".into())) }
        })
        .with("panics", |_, _| async { panic!("in a job") });
    let house = House::with(runner.clone()).await;
    for (kind, dedupe) in [("good", "a"), ("good", "a"), ("bad", "b"), ("panics", "c")] {
        let job = NewJob { kind, payload: serde_json::json!({}), dedupe: Some(dedupe.into()), run_at: None };
        house
            .write(&Actor::House, async |unit| {
                links::issue(unit, Purpose::Stop, zoe(), Uuid::from_u128(1), TimeDelta::days(1)).await?;
                unit.enqueue(job).await
            })
            .await
            .unwrap();
    }
    // Two runners at once: nobody does a job twice.
    let (one, two) = tokio::join!(runner.run_due(&house), runner.run_due(&house));
    assert_eq!(one.unwrap() + two.unwrap(), 3);
    assert_eq!((done.load(Ordering::SeqCst), tried.load(Ordering::SeqCst)), (1, 1));
    // The pause grows; after twelve tries it is given up and stays visible.
    for _ in 0..30 {
        house.later(TimeDelta::hours(9));
        house.run_jobs().await;
    }
    assert_eq!((done.load(Ordering::SeqCst), tried.load(Ordering::SeqCst)), (1, 12));
    house.close().await;
}

#[tokio::test]
async fn right_and_wrong_unknown_and_disabled_are_told_apart_by_nobody() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let token = comes_in(&house, "Ana.Ruiz", AT_WORK).await.unwrap();
    assert!(sessions::of(&house, token.reveal(), false).await.unwrap().is_some());
    let ben = cast.ben.staff_id().unwrap();
    house
        .write(&cast.linus, async |unit| closing::close(unit, ben, ClosingReason::Left).await)
        .await
        .unwrap();
    let mut answers = Vec::new();
    for (name, password) in
        [("ana.ruiz", "not the pass phrase"), ("nobody.here", PASS), ("ben.kealoha", PASS)]
    {
        let Err(Error::Refused(refusal)) = signing_in::sign_in(&house, name, password, AT_WORK).await else {
            panic!("{name} came in");
        };
        answers.push(refusal);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    house.close().await;
}

/// The network of the center, and one elsewhere.
const AT_WORK: From<'static> = From { network: "203.0.113.9", device: None };
const ELSEWHERE: From<'static> = From { network: "198.51.100.7", device: None };

async fn comes_in(house: &House, name: &str, from: From<'_>) -> Result<foundation::Secret, Error> {
    Ok(signing_in::sign_in(house, name, PASS, from).await?.token)
}

fn is_not_heard<T>(told: Result<T, Error>) -> bool {
    matches!(told, Err(Error::Refused(refusal)) if refusal.code == "too_many_tries")
}

#[tokio::test]
async fn a_guesser_is_not_heard_and_the_right_person_is_even_at_the_same_network() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    // Ana came in from this browser before.
    let word = devices::remember(&house, cast.ana.staff_id().unwrap()).await.unwrap();
    // Forty guesses at once are counted one by one.
    let guesses = (0..40).map(|n| {
        let guess = format!("a guess of a password {n}");
        let house = &house;
        async move { signing_in::sign_in(house, "ana.ruiz", &guess, AT_WORK).await }
    });
    let told = futures::future::join_all(guesses).await;
    assert_eq!(
        told.into_iter().filter(|told| matches!(told, Err(Error::Refused(r)) if r.code == "sign_in")).count(),
        9
    );

    assert!(is_not_heard(comes_in(&house, "ana.ruiz", AT_WORK).await), "a browser that nobody knows");
    let known = From { device: Some(&word), ..AT_WORK };
    assert!(comes_in(&house, "ana.ruiz", known).await.is_ok());
    assert!(is_not_heard(comes_in(&house, "ana.ruiz", From { device: Some("00ff"), ..AT_WORK }).await));
    // A colleague at the same network, and Ana at another one, as soon as the line of guesses is over.
    assert!(comes_in(&house, "ben.kealoha", AT_WORK).await.is_ok());
    house.later(TimeDelta::seconds(30));
    assert!(comes_in(&house, "ana.ruiz", ELSEWHERE).await.is_ok());
    house.later(TimeDelta::minutes(16));
    assert!(comes_in(&house, "ana.ruiz", AT_WORK).await.is_ok());
    house.close().await;
}

#[tokio::test]
async fn who_has_the_password_and_guesses_codes_gets_ten_of_a_million() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let token = comes_in(&house, "ana.ruiz", AT_WORK).await.unwrap();
    let session = sessions::of(&house, token.reveal(), true).await.unwrap().unwrap();
    let new = factors::propose(&house, "ana.ruiz", "Cedar Office").unwrap();
    let first = code_of(&house, &new.base32);
    house
        .write(&cast.ana, async |unit| factors::enrol(unit, &session, &new.base32, &first).await)
        .await
        .unwrap();
    let word = devices::remember(&house, session.staff.id).await.unwrap();

    let thief = comes_in(&house, "ana.ruiz", ELSEWHERE).await.unwrap();
    let thief = sessions::of(&house, thief.reveal(), true).await.unwrap().unwrap();
    for _ in 0..10 {
        assert!(!is_not_heard(factors::give(&house, &thief, "000000", None).await));
    }
    house.later(TimeDelta::seconds(60));
    let right = code_of(&house, &new.base32);
    assert!(is_not_heard(factors::give(&house, &thief, &right, None).await));
    let refused = entries(house.reader(), Of::Subject(session.staff.id.0), None, 50).await.unwrap();
    assert_eq!(refused.iter().filter(|e| e.act == Act::RefuseSignIn).count(), 10);

    // Ana at her own browser is counted by herself.
    let ana = comes_in(&house, "ana.ruiz", From { device: Some(&word), ..AT_WORK }).await.unwrap();
    let ana = sessions::of(&house, ana.reveal(), true).await.unwrap().unwrap();
    assert!(factors::give(&house, &ana, &right, Some(&word)).await.is_ok());
    house.close().await;
}

#[tokio::test]
async fn a_new_password_needs_the_old_one_and_is_another_one() {
    let house = House::new().await;
    Cast::on(&house).await;
    let token = comes_in(&house, "ana.ruiz", AT_WORK).await.unwrap();
    let session = sessions::of(&house, token.reveal(), false).await.unwrap().unwrap();
    let at = |told: Result<_, Error>| match told {
        Err(Error::Invalid(faults)) => faults.0.into_iter().map(|f| f.field).collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    let other = "another long pass phrase";
    assert_eq!(at(inviting::own_password(&house, &session, Some("a guess"), other).await), ["current"]);
    assert_eq!(at(inviting::own_password(&house, &session, None, PASS).await), ["password"]);
    let new = inviting::own_password(&house, &session, Some(PASS), other).await.unwrap();
    house
        .write(&session.actor(), async |unit| inviting::change_own_password(unit, &session, new).await)
        .await
        .unwrap();
    assert!(comes_in(&house, "ana.ruiz", AT_WORK).await.is_err());
    assert!(signing_in::sign_in(&house, "ana.ruiz", other, AT_WORK).await.is_ok());
    house.close().await;
}

#[tokio::test]
async fn a_session_ends_when_nobody_is_at_it_and_after_twelve_hours_in_any_case() {
    let house = House::new().await;
    Cast::on(&house).await;
    let token = comes_in(&house, "ana.ruiz", AT_WORK).await.unwrap();
    for _ in 0..70 {
        house.later(TimeDelta::minutes(10));
        let session = sessions::of(&house, token.reveal(), false).await.unwrap().unwrap();
        sessions::touch(&house, &session).await.unwrap();
    }
    house.later(TimeDelta::minutes(20));
    assert!(sessions::of(&house, token.reveal(), false).await.unwrap().is_none());
    let token = comes_in(&house, "ana.ruiz", AT_WORK).await.unwrap();
    for _ in 0..73 {
        house.later(TimeDelta::minutes(10));
        if let Some(session) = sessions::of(&house, token.reveal(), false).await.unwrap() {
            sessions::touch(&house, &session).await.unwrap();
        }
    }
    assert!(sessions::of(&house, token.reveal(), false).await.unwrap().is_none(), "older than twelve hours");
    house.close().await;
}

/// The code an authenticator shows now.
fn code_of(house: &House, base32: &str) -> String {
    let secret = totp_rs::Secret::try_from_base32(base32).unwrap();
    let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(house.now().timestamp()).unwrap()).to_string()
}

#[tokio::test]
async fn a_code_works_once_and_so_does_a_recovery_code() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let token = comes_in(&house, "ana.ruiz", AT_WORK).await.unwrap();
    let session = sessions::of(&house, token.reveal(), true).await.unwrap().unwrap();
    assert_eq!(session.stage, Stage::NeedsFactor);
    let new = factors::propose(&house, "ana.ruiz", "Cedar Office").unwrap();
    let code = |house: &House| code_of(house, &new.base32);
    let wrong = house
        .write(&cast.ana, async |unit| factors::enrol(unit, &session, &new.base32, "000000").await)
        .await;
    assert!(wrong.is_err());
    let now = code(&house);
    let enrolled = house
        .write(&cast.ana, async |unit| factors::enrol(unit, &session, &new.base32, &now).await)
        .await
        .unwrap();
    let codes = enrolled.codes;
    assert_eq!(codes.len(), 10);
    // The value of the first step opens nothing any more.
    assert!(sessions::of(&house, token.reveal(), true).await.unwrap().is_none());
    let inside = sessions::of(&house, enrolled.token.reveal(), true).await.unwrap().unwrap();
    assert_eq!((inside.id, inside.stage), (session.id, Stage::In));
    let token = comes_in(&house, "ana.ruiz", AT_WORK).await.unwrap();
    let session = sessions::of(&house, token.reveal(), true).await.unwrap().unwrap();
    assert_eq!(session.stage, Stage::NeedsCode);
    let give = async |code: &str| factors::give(&house, &session, code, None).await;
    assert!(give(&now).await.is_err(), "a code that was used is used again");
    house.later(TimeDelta::seconds(60));
    let inside = give(&code(&house)).await.unwrap();
    assert!(sessions::of(&house, token.reveal(), true).await.unwrap().is_none());
    assert_eq!(sessions::of(&house, inside.reveal(), true).await.unwrap().unwrap().stage, Stage::In);
    let recovery = codes.first().unwrap();
    assert!(give(&recovery.to_lowercase()).await.is_ok());
    assert!(give(recovery).await.is_err(), "a recovery code that was used is used again");
    house.close().await;
}

#[tokio::test]
async fn a_page_that_stays_open_is_one_opening_and_pretending_is_none() {
    let house = House::new().await;
    let cast = Cast::on(&house).await;
    let request = Subject::of("request", Uuid::from_u128(0x77)).concerning(zoe());
    let openings = async || {
        let all = entries(house.reader(), Of::Subject(request.id), None, 50).await.unwrap();
        all.iter().filter(|e| e.act == Act::OpenRequest).count()
    };
    // Someone who only says that their page fetched itself never opened it.
    house.readings().go_on(&cast.ana, Act::OpenRequest, &request).await.unwrap();
    assert_eq!(openings().await, 1);
    for _ in 0..4 {
        house.later(TimeDelta::minutes(3));
        house.readings().go_on(&cast.ana, Act::OpenRequest, &request).await.unwrap();
    }
    assert_eq!(openings().await, 1);
    house.later(TimeDelta::minutes(4));
    house.readings().go_on(&cast.ana, Act::OpenRequest, &request).await.unwrap();
    house.readings().go_on(&cast.ben, Act::OpenRequest, &request).await.unwrap();
    assert_eq!(openings().await, 3, "a quarter of an hour later anew, and a colleague by himself");
    house.close().await;
}

#[tokio::test]
async fn people_are_found_as_they_are_typed_on_both_databases() {
    let house = House::new().await;
    let names = [(1, "Zoë Nguyễn-Łukaszewicz 212 555 0142"), (2, "Séan O’Brien"), (3, "Zoe Miller")];
    house
        .write(&Actor::House, async |unit| {
            links::issue(unit, Purpose::Stop, zoe(), Uuid::from_u128(1), TimeDelta::days(1)).await?;
            for (id, name) in names {
                unit.make_findable("person", Uuid::from_u128(id), &[name]).await?;
            }
            // Found by the new name only.
            unit.make_findable("person", Uuid::from_u128(3), &["Max Miller"]).await
        })
        .await
        .unwrap();
    let find = async |query: &str| {
        let backend = house.reader().get_database_backend();
        let Some(hits) = Hits::of(backend, "person", query) else { return Vec::new() };
        let rows = house.reader().query_all(&hits.keys()).await.unwrap();
        let mut found: Vec<u128> =
            rows.iter().map(|r| r.try_get::<Uuid>("", "subject_id").unwrap().as_u128()).collect();
        found.sort_unstable();
        found
    };
    for (query, found) in [
        ("zoe", vec![1]),
        ("ZOË luka", vec![1]),
        ("o'brien", vec![2]),
        ("sean", vec![2]),
        ("0142", vec![1]),
        ("mill", vec![3]),
        ("zoe miller", vec![]),
        ("\"*) OR 1", vec![]),
        ("", vec![]),
    ] {
        assert_eq!(find(query).await, found, "for {query}");
    }
    house.close().await;
}

#[tokio::test]
async fn a_link_opens_one_door_for_a_while_and_once() {
    let house = House::new().await;
    let secret = write_something(&house, &Actor::House).await.unwrap();
    let open = async |purpose, token: &str| links::open(house.reader(), purpose, token, house.now()).await;
    let link = open(Purpose::CheckIn, secret.reveal()).await.unwrap();
    assert!(matches!(open(Purpose::Plan, secret.reveal()).await, Err(Error::NotFound)));
    assert!(matches!(open(Purpose::CheckIn, "0000").await, Err(Error::NotFound)));
    let spend = async || {
        house
            .write(&Actor::House, async |unit| {
                links::issue(unit, Purpose::Stop, zoe(), Uuid::from_u128(1), TimeDelta::days(1)).await?;
                links::spend(unit, link.id).await
            })
            .await
    };
    assert!(spend().await.is_ok());
    assert!(matches!(spend().await, Err(Error::NotFound)));
    assert!(matches!(open(Purpose::CheckIn, secret.reveal()).await, Err(Error::NotFound)));
    let other = write_something(&house, &Actor::House).await.unwrap();
    house.later(TimeDelta::days(7));
    assert!(matches!(open(Purpose::CheckIn, other.reveal()).await, Err(Error::NotFound)));
    house.close().await;
}

#[tokio::test]
async fn an_abandoned_write_leaves_no_transaction_open() {
    let house = House::new().await;
    for n in 0..60_u64 {
        let writing = write_something(&house, &Actor::House);
        let _ = tokio::time::timeout(std::time::Duration::from_micros(n * 40), writing).await;
    }
    write_something(&house, &Actor::House).await.unwrap();
    if house.reader().get_database_backend() == DbBackend::Postgres {
        let sql = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let row = house
            .reader()
            .query_one_raw(Statement::from_string(DbBackend::Postgres, sql))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.try_get::<i64>("", "n").unwrap(), 0);
    }
    house.close().await;
}

#[tokio::test]
async fn every_session_asks_for_synced_commits() {
    let house = House::new().await;
    let backend = house.store().raw().get_database_backend();
    // On SQLite 2 is FULL.
    let (sql, synced) = match backend {
        sea_orm::DbBackend::Postgres => ("SELECT current_setting('synchronous_commit')", "on"),
        _ => ("SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous", "2"),
    };
    let asked = Statement::from_string(backend, sql);
    let row = house.store().raw().query_one_raw(asked).await.unwrap().unwrap();
    assert_eq!(row.try_get_by_index::<String>(0).unwrap(), synced);
    house.close().await;
}

#[tokio::test]
async fn what_another_process_changed_about_the_center_is_on_the_pages_five_seconds_later() {
    let house = House::new().await;
    Cast::on(&house).await;
    let phone = Center::of(&house).await.unwrap().neutral_phone.clone();
    let sql = match house.reader().get_database_backend() {
        DbBackend::Postgres => {
            r#"UPDATE settings SET value = jsonb_set(value::jsonb, '{neutral_phone}', '"(212) 555-0199"') WHERE name = 'center'"#
        }
        _ => {
            "UPDATE settings SET value = json_set(value, '$.neutral_phone', '(212) 555-0199') WHERE name = 'center'"
        }
    };
    run(&house, sql).await.unwrap();
    house.later(TimeDelta::milliseconds(4900));
    assert_eq!(Center::of(&house).await.unwrap().neutral_phone, phone, "it is not asked for again so soon");
    house.later(TimeDelta::milliseconds(100));
    assert_eq!(Center::of(&house).await.unwrap().neutral_phone, "(212) 555-0199");
    house.close().await;
}

#[tokio::test]
async fn whatever_order_a_database_keeps_details_in_the_code_still_fits() {
    let house = House::new().await;
    house
        .write(&Actor::House, async |unit| {
            let permit = unit.permit(Act::NoticeClock, &Subject::center())?;
            // One database gives these back by their length, the other as they came.
            let inner = serde_json::json!({ "longer": [ { "zz": 1, "b": 2 } ], "c": null });
            unit.record(permit, serde_json::json!({ "version": "0.1", "key": inner, "a": 0.5 }));
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(sealing::seal(&house).await.unwrap().place, 1);
    assert!(verifying::verify(&house, &[]).await.unwrap().holds());
    house.close().await;
}
