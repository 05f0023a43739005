//! Several things in one press: what the preview says is what the press does, at one request or at many, and it can be
//! taken back whole.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on is a failed test")]

mod asking;

use asking::{ask, house, jo, page_of, request, write};
use foundation::center::Center;
use foundation::ledger::asking::{Of, entries};
use foundation::staff::Directory;
use foundation::testing::House;
use foundation::{Act, Actor, Error, Faults};
use intake::macros::{self, Macro, MacroId, NewMacro, Outlook, rehearse, run};
use intake::replies::{self, NewReply};
use intake::request::receiving::TypedRequest;
use intake::request::undoing::{self, UndoGroup};
use intake::request::{claiming, watching};

type Fields<'a> = &'a [(&'a str, &'a str)];

fn typed(fields: Fields<'_>, shared: bool) -> Result<NewMacro, Faults> {
    NewMacro::parse(|name| fields.iter().find(|field| field.0 == name).map_or("", |field| field.1), shared)
}

async fn saves(house: &House, who: &Actor, fields: Fields<'_>, shared: bool) -> Result<MacroId, Error> {
    let new = typed(fields, shared)?;
    house.write(who, async |unit| macros::save(unit, new).await).await
}

async fn one(house: &House, who: &Actor, id: MacroId) -> Macro {
    macros::one(house.reader(), house.keyring(), who.staff_id(), id).await.unwrap()
}

async fn preview(house: &House, who: &Actor, what: &Macro, reference: &str) -> Outlook {
    rehearse(house, who, what, &request(house, reference).await).await.unwrap()
}

async fn runs(
    house: &House,
    who: &Actor,
    what: &Macro,
    reference: &str,
    group: Option<UndoGroup>,
) -> Result<Option<UndoGroup>, Error> {
    let at = request(house, reference).await;
    let staff = Directory::of(house).await.unwrap();
    house.write(who, async |unit| run(unit, what, &at, at.version, group, &staff).await).await
}

const TAKE_AND_REST: Fields<'_> = &[
    ("macro_name", "Mine, and rest"),
    ("macro_owner", "me"),
    ("watch", "yes"),
    ("macro_note", "Will try on Tuesday."),
    ("macro_next", "call again"),
    ("macro_next_at", "two_days"),
    ("macro_aside", "tomorrow"),
];

#[tokio::test]
async fn the_preview_changes_nothing_and_the_run_does_what_it_said() {
    let (house, cast) = house().await;
    let reference = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let id = saves(&house, &cast.ana, TAKE_AND_REST, false).await.unwrap();
    let what = one(&house, &cast.ana, id).await;
    let before = request(&house, &reference).await;
    let told = entries(house.reader(), Of::Subject(before.id.0), None, 99).await.unwrap().len();
    let outlook = preview(&house, &cast.ana, &what, &reference).await;
    assert!(outlook.can_be_run() && outlook.reversible, "{outlook:?}");
    let said: Vec<&str> = outlook.parts.iter().map(|part| part.words.as_str()).collect();
    assert_eq!(
        said,
        [
            "You watch it",
            "You take it",
            "A note, only us: “Will try on Tuesday.”",
            "Next step: call again, Wed 4 Mar, 9:00 am",
            "Put aside until Tue 3 Mar, 9:00 am",
        ]
    );
    assert_eq!(request(&house, &reference).await, before);
    assert_eq!(entries(house.reader(), Of::Subject(before.id.0), None, 99).await.unwrap().len(), told);

    let group = runs(&house, &cast.ana, &what, &reference, None).await.unwrap().unwrap();
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!(page.request.owner_id, cast.ana.staff_id());
    assert_eq!(page.next_step.as_deref(), Some("call again"));
    assert_eq!(page.request.snoozed_until.unwrap().to_rfc3339(), "2026-03-03T15:00:00+00:00");
    assert_eq!(page.watchers, [cast.ana.staff_id().unwrap()]);
    let acts: Vec<Act> = page.history.events.iter().map(|e| e.event.act).collect();
    for act in [Act::RunMacro, Act::ClaimRequest, Act::NoteRequest, Act::SetNextStep, Act::SnoozeRequest] {
        assert_eq!(acts.iter().filter(|a| **a == act).count(), 1, "{act}");
    }
    let named = page.history.events.iter().find(|e| e.event.act == Act::RunMacro).unwrap();
    assert_eq!(named.event.detail.as_deref(), Some("Mine, and rest"));
    let seen_by_ben = page_of(&house, &cast.ben, &reference).await.unwrap();
    let named = seen_by_ben.history.events.iter().find(|e| e.event.act == Act::RunMacro).unwrap();
    assert_eq!(named.event.detail, None, "what she keeps for herself is named to nobody else");

    assert_eq!(undoing::undo(&house, &cast.ana, group).await.unwrap()[0].why_not, None);
    let after = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert_eq!((after.request.owner_id, after.request.snoozed_until), (None, None));
    assert_eq!((after.next_step, after.watchers.len()), (None, 0));
    assert!(after.history.events.iter().all(|e| e.event.note.is_none()));
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn what_cannot_be_done_is_said_and_then_nothing_of_it_is_done() {
    let (house, cast) = house().await;
    let calm = ask(&house, "form-1", &jo()).await.unwrap().reference;
    let danger = TypedRequest { danger: "yes", name: "Denise", ..jo() };
    let danger = ask(&house, "form-2", &danger).await.unwrap().reference;
    let id = saves(&house, &cast.ana, TAKE_AND_REST, false).await.unwrap();
    let what = one(&house, &cast.ana, id).await;
    let outlook = preview(&house, &cast.ana, &what, &danger).await;
    assert!(!outlook.can_be_run());
    let why = outlook.parts.iter().find_map(|part| part.why_not.clone()).unwrap();
    assert!(why.contains("in danger"), "{why}");
    let refused = runs(&house, &cast.ana, &what, &danger, None).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let untouched = page_of(&house, &cast.ana, &danger).await.unwrap();
    assert_eq!((untouched.request.owner_id, untouched.next_step, untouched.watchers.len()), (None, None, 0));

    let held = request(&house, &calm).await;
    write(&house, &cast.ben, async |unit| claiming::claim(unit, &held).await).await;
    let outlook = preview(&house, &cast.ana, &what, &calm).await;
    let why = outlook.parts.iter().find_map(|part| part.why_not.clone()).unwrap();
    assert!(why.contains("Ben Kealoha took this request"), "{why}");

    let staff = Directory::of(&house).await.unwrap();
    let stale =
        house.write(&cast.ana, async |unit| run(unit, &what, &held, held.version, None, &staff).await).await;
    assert!(matches!(stale, Err(Error::Stale)), "it moved on since it was shown: {stale:?}");
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn at_many_it_is_undone_at_each_that_nobody_went_on_with() {
    let (house, cast) = house().await;
    let mut all = Vec::new();
    for n in 0..3 {
        all.push(ask(&house, &format!("form-{n}"), &jo()).await.unwrap().reference);
    }
    let fields = [("macro_name", "Watch and take"), ("macro_owner", "me"), ("watch", "yes")];
    let id = saves(&house, &cast.ana, &fields, true).await.unwrap();
    let what = one(&house, &cast.mina, id).await;
    let mut group = None;
    for reference in &all {
        group = runs(&house, &cast.mina, &what, reference, group).await.unwrap();
    }
    let again = runs(&house, &cast.mina, &what, &all[0], None).await;
    assert!(matches!(again, Err(Error::Refused(_))), "it is so already: {again:?}");
    let held = request(&house, &all[1]).await;
    let ana = cast.ana.staff_id().unwrap();
    write(&house, &cast.mina, async |unit| claiming::give(unit, &held, ana).await).await;

    let undone = undoing::undo(&house, &cast.mina, group.unwrap()).await.unwrap();
    assert_eq!(
        undone.iter().filter(|one| one.why_not.is_some()).map(|one| &one.reference).collect::<Vec<_>>(),
        [&all[1]]
    );
    assert_eq!(request(&house, &all[0]).await.owner_id, None);
    assert_eq!(request(&house, &all[1]).await.owner_id, Some(ana), "the newer act stands");
    let watched = watching::watchers(house.reader(), held.id).await.unwrap();
    assert_eq!(watched, [cast.mina.staff_id().unwrap()], "and with it all of the older one");
    house.run_jobs().await;
    house.close().await;
}

#[tokio::test]
async fn a_saved_reply_in_a_macro_goes_to_those_it_may_go_to() {
    let (house, cast) = house().await;
    let reachable =
        TypedRequest { for_whom: "self", relationship: "", email: "jo@example.org", email_ok: "yes", ..jo() };
    let reference = ask(&house, "form-1", &reachable).await.unwrap().reference;
    let silent = ask(&house, "form-2", &jo()).await.unwrap().reference;
    let center = Center::load(house.reader()).await.unwrap();
    let text = |name: &str| match name {
        "reply_name" => "Door",
        "subject_line" => "open_door",
        "english" => "Hi {name}, the door is open. {me}",
        _ => "",
    };
    let own = NewReply::parse(text, false, &center).unwrap();
    let reply =
        house.write(&cast.ana, async |unit| replies::save(unit, own).await).await.unwrap().to_string();
    let fields =
        [("macro_name", "Last letter"), ("macro_reply", &*reply), ("disposition", "information_only")];
    let Err(Error::Invalid(faults)) = saves(&house, &cast.ana, &fields, true).await else { panic!() };
    assert!(faults.of("macro_reply").unwrap().contains("for everyone"));
    let id = saves(&house, &cast.ana, &fields, false).await.unwrap();
    assert!(macros::one(house.reader(), house.keyring(), cast.ben.staff_id(), id).await.is_err());

    let what = one(&house, &cast.ana, id).await;
    let outlook = preview(&house, &cast.ana, &what, &silent).await;
    assert!(outlook.parts[0].why_not.as_ref().unwrap().contains("no address"), "{outlook:?}");
    let outlook = preview(&house, &cast.ana, &what, &reference).await;
    assert_eq!(
        outlook.parts[0].words,
        "A letter to jo@example.org, “The door is open”: Hi Jo Alvarez, the door is open. Ana"
    );
    let group = runs(&house, &cast.ana, &what, &reference, None).await.unwrap().unwrap();
    assert!(!request(&house, &reference).await.is_open());
    assert_eq!(undoing::undo(&house, &cast.ana, group).await.unwrap()[0].why_not, None);
    let page = page_of(&house, &cast.ana, &reference).await.unwrap();
    assert!(page.request.is_open());
    let letter = page.history.events.iter().find_map(|e| e.letter.as_ref()).unwrap();
    assert_eq!(letter.state, mail::State::Cancelled);

    house.write(&cast.ana, async |unit| macros::end(unit, id).await).await.unwrap();
    assert!(macros::one(house.reader(), house.keyring(), cast.ana.staff_id(), id).await.is_err());
    house.run_jobs().await;
    house.close().await;
}
