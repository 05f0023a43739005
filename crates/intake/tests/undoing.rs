//! A slip of the hand is taken back, and what a colleague did meanwhile is never lost by it.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use chrono::TimeDelta;
use foundation::testing::House;
use foundation::{Act, Actor, Error, Unit};
use intake::Request;
use intake::request::snoozing::{self, Snooze};
use intake::request::stepping::{self, NextStep};
use intake::request::undoing::{self, Beside, UndoGroup};
use intake::request::{attempting, claiming, closing, mentioning, noting};
use intake::rules::outcome::Closing;
use intake::rules::words::{Disposition, Outcome};

/// Something that can be undone.
async fn does(
    house: &House,
    who: &Actor,
    at: &Request,
    work: impl AsyncFnOnce(&mut Unit) -> Result<Beside, Error>,
) -> UndoGroup {
    house
        .write(who, async |unit| {
            let before = undoing::before(unit, at).await?;
            let beside = work(unit).await?;
            let group = unit.id();
            undoing::remember(unit, group, before, beside).await?;
            Ok::<_, Error>(group)
        })
        .await
        .unwrap()
}

async fn claims(house: &House, who: &Actor, at: &Request) -> UndoGroup {
    does(house, who, at, async |unit| claiming::claim(unit, at).await.map(|()| Beside::default())).await
}

async fn writes_a_note(house: &House, who: &Actor, at: &Request, text: &str) -> UndoGroup {
    does(house, who, at, async |unit| {
        let note = noting::note(unit, at, text).await?;
        Ok(Beside { notes: vec![note], ..Beside::default() })
    })
    .await
}

/// Why it was not undone, if it was not.
async fn undone(house: &House, who: &Actor, group: UndoGroup) -> Option<String> {
    undoing::undo(house, who, group).await.unwrap().remove(0).why_not
}

#[tokio::test]
async fn what_somebody_just_did_is_taken_back_by_them_alone_and_once() {
    let (house, cast) = house().await;
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let at = request(&house, &reference).await;
    let group = claims(&house, &cast.ana, &at).await;
    assert!(
        matches!(undoing::undo(&house, &cast.ben, group).await, Err(Error::NotFound)),
        "it is hers to undo"
    );
    assert_eq!(undone(&house, &cast.ana, group).await, None);
    assert_eq!(request(&house, &reference).await.owner_id, None);
    assert!(undone(&house, &cast.ana, group).await.unwrap().contains("already"));

    let group = claims(&house, &cast.ana, &at).await;
    house.later(TimeDelta::minutes(11));
    assert!(undone(&house, &cast.ana, group).await.unwrap().contains("ten minutes"));
    assert_eq!(request(&house, &reference).await.owner_id, cast.ana.staff_id());
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn all_that_an_act_changed_stands_again_as_it_stood() {
    let (house, cast) = house().await;
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let at = request(&house, &reference).await;
    claims(&house, &cast.ana, &at).await;
    let step =
        |what: &str| NextStep::parse(what, Some(house.now() + TimeDelta::hours(3)), house.now()).unwrap();
    let at = request(&house, &reference).await;
    write(&house, &cast.ana, async |unit| stepping::step(unit, &at, at.version, step("call her")).await)
        .await;
    let until = Snooze::parse(Some(house.now() + TimeDelta::hours(2)), true, house.now()).unwrap();
    let at = request(&house, &reference).await;
    write(&house, &cast.ana, async |unit| snoozing::snooze(unit, &at, at.version, until).await).await;

    let stood = page_of(&house, &cast.ana, &reference).await.unwrap();
    let at = stood.request.clone();
    let group = does(&house, &cast.ana, &at, async |unit| {
        stepping::step(unit, &at, at.version, step("another thing")).await.map(|()| Beside::default())
    })
    .await;
    assert_eq!(undone(&house, &cast.ana, group).await, None);
    let how = Closing::parse("information_only", "", "").unwrap();
    let at = request(&house, &reference).await;
    assert!(closing::can_be_undone(house.reader(), &at, how).await.unwrap());
    let group = does(&house, &cast.ana, &at, async |unit| {
        closing::close(unit, &at, how).await.map(|()| Beside::default())
    })
    .await;
    assert_eq!(request(&house, &reference).await.disposition, Some(Disposition::InformationOnly));
    assert_eq!(undone(&house, &cast.ana, group).await, None);
    let again = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!(again.next_step, stood.next_step);
    let version = again.request.version;
    assert_eq!(again.request, Request { version, ..stood.request });

    let never = Closing::parse("do_not_contact", "", "").unwrap();
    assert!(!closing::can_be_undone(house.reader(), &again.request, never).await.unwrap());
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn what_a_colleague_did_since_is_never_overwritten() {
    let (house, cast) = house().await;
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let at = request(&house, &reference).await;
    let group = claims(&house, &cast.ana, &at).await;
    let tries = async |unit: &mut Unit| attempting::attempt(unit, &at, Outcome::NoAnswer).await.map(|_| ());
    write(&house, &cast.ben, tries).await;
    let why = undone(&house, &cast.ana, group).await.unwrap();
    assert!(why.contains("since"), "{why}");
    let after = request(&house, &reference).await;
    assert_eq!((after.owner_id, after.attempts), (cast.ana.staff_id(), 1), "what Ben wrote down stands");
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn a_note_is_taken_back_until_somebody_who_is_named_in_it_has_read_it() {
    let (house, cast) = house().await;
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let at = request(&house, &reference).await;
    let group = writes_a_note(&house, &cast.ana, &at, "Wrong file, @ben.").await;
    let tries = async |unit: &mut Unit| attempting::attempt(unit, &at, Outcome::NoAnswer).await.map(|_| ());
    write(&house, &cast.mina, tries).await;
    assert_eq!(undone(&house, &cast.ana, group).await, None, "a note overwrites nothing");
    let staff = foundation::staff::Directory::of(&house).await.unwrap();
    let named =
        async || mentioning::unseen(house.reader(), &cast.ben, house.keyring(), &staff).await.unwrap();
    assert!(named().await.is_empty());
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert!(page.history.events.iter().all(|e| e.event.note.is_none()));
    assert!(
        page.history.events.iter().any(|e| e.event.act == Act::TakeNoteBack),
        "that it was there is told"
    );

    let group = writes_a_note(&house, &cast.ana, &at, "Right file, @ben.").await;
    let id = named().await.remove(0).id;
    write(&house, &cast.ben, async |unit| mentioning::see(unit, id).await).await;
    assert!(undone(&house, &cast.ana, group).await.unwrap().contains("read the note"));
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert!(page.history.events.iter().any(|e| e.event.note.as_deref() == Some("Right file, @ben.")));
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn a_try_that_was_not_made_counts_no_more_and_what_was_promised_is_back() {
    let (house, cast) = house().await;
    let reference = ask(&house, "form-7", &jo()).await.unwrap().reference;
    let at = request(&house, &reference).await;
    let when = house.now() + TimeDelta::hours(3);
    let step = NextStep::parse("Ask about Thursday", Some(when), house.now()).unwrap();
    write(&house, &cast.ana, async |unit| stepping::step(unit, &at, at.version, step.clone()).await).await;
    let at = request(&house, &reference).await;
    // Ana meant another request.
    let group = does(&house, &cast.ana, &at, async |unit| {
        attempting::attempt(unit, &at, Outcome::Reached).await?;
        let note = noting::note(unit, &at, "He will think about it.").await?;
        let attempts = vec![attempting::newest(unit, &at).await?];
        Ok(Beside { attempts, notes: vec![note], ..Beside::default() })
    })
    .await;
    assert!(request(&house, &reference).await.reached_at.is_some());
    assert_eq!(undone(&house, &cast.ana, group).await, None);
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!((page.request.attempts, page.request.reached_at), (0, None));
    assert!(page.attempts.is_empty(), "nobody tried");
    assert_eq!(page.next_step.as_deref(), Some("Ask about Thursday"));
    assert_eq!(page.request.next_step_at, Some(when));
    let told: Vec<Act> = page.history.events.iter().map(|happened| happened.event.act).collect();
    assert!(
        told.contains(&Act::LogAttempt) && told.contains(&Act::UndoAct),
        "the ledger tells both: {told:?}"
    );
    // Not when somebody went on since.
    let now = request(&house, &reference).await;
    let group = does(&house, &cast.ana, &now, async |unit| {
        attempting::attempt(unit, &now, Outcome::NoAnswer).await?;
        Ok(Beside { attempts: vec![attempting::newest(unit, &now).await?], ..Beside::default() })
    })
    .await;
    let later = request(&house, &reference).await;
    write(&house, &cast.ben, async |unit| claiming::claim(unit, &later).await).await;
    assert!(undone(&house, &cast.ana, group).await.is_some());
    assert_eq!(page_of(&house, &cast.ana, &reference).await.unwrap().attempts.len(), 1);
    house.close().await;
}
