//! The page of one request and everything staff do with it.

mod beside;
mod comparing;
mod confiding;
pub(crate) mod danger_hours;
mod doing;
mod drafting;
mod ending;
mod fields;
mod letters;
mod merging;
mod messages;
mod once_more;
mod owning;
mod recognizing;
mod referred;
mod resting;
pub(crate) mod same_person;
mod tagging;
mod telling;
mod touching;
mod view;
mod watching;

use axum::extract::{Path, State};
use axum::response::Response;
use consent::contact_rules;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Subject, read_moment};
use intake::Request;
use intake::request::attempting::Try;
use intake::request::merging::going_on;
use intake::request::page::{self, Around};
use intake::request::undoing::{self, Beside};
use intake::request::{attempting, noting, seen, stepping};
use mail::own_words::Sight;

use crate::differing::settled;
use crate::failure::Failure;
use crate::form::{Asked, Seen, Typed};
use crate::house::House;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::{ByItself, Me};
use doing::{Done, undoable};
use view::RequestPage;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/inbox/{reference}", Access::Staff(Act::OpenRequest), open)
        .act("/inbox/{reference}/attempts", Access::Staff(Act::LogAttempt), attempt)
        .act("/inbox/{reference}/notes", Access::Staff(Act::NoteRequest), note)
        .act("/inbox/{reference}/next-step", Access::Staff(Act::SetNextStep), step)
        .act("/inbox/{reference}/safe-contact", Access::Staff(Act::SetSafeContact), confirm)
        .and(watching::routes())
        .and(tagging::routes())
        .and(letters::routes())
        .and(drafting::routes())
        .and(owning::routes())
        .and(confiding::routes())
        .and(resting::routes())
        .and(ending::routes())
        .and(merging::routes())
        .and(recognizing::routes())
        .and(touching::routes())
        .and(referred::routes())
}

type At = Path<String>;

async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    Asked(asked): Asked,
    ByItself(by_itself): ByItself,
) -> Result<Response, Failure> {
    let faults = Faults::default();
    // A page that fetches itself keeps what is typed in it.
    let typed = if by_itself { Typed::default() } else { drafting::typed(&house, &me, &reference).await? };
    let seen = Seen { typed: &typed, faults: &faults, before: asked.text("before").parse().ok() };
    shown(&house, &me, &reference, seen, by_itself, None).await
}

/// The page, recorded as opened before it is shown, with a letter as it will look when somebody wants to see it first.
pub(crate) async fn shown(
    house: &House,
    me: &Actor,
    reference: &str,
    seen: Seen<'_>,
    by_itself: bool,
    sight: Option<Sight>,
) -> Result<Response, Failure> {
    let staff = Directory::of(house).await?;
    let around = Around::new(house, me, &staff, Center::of(house).await?.zone);
    let read = house.look(async |reader| page::page(reader, around, reference, seen.before).await).await?;
    if let Some(on) = read.goes_on_in.as_ref().filter(|_| seen.faults.0.is_empty()) {
        return Ok(sent_on(&here(on), Said::GoesOn, on));
    }
    let subject = read.request.subject();
    if by_itself {
        house.readings().go_on(me, Act::OpenRequest, &subject).await?;
    } else {
        house.readings().record(me, Act::OpenRequest, &subject).await?;
    }
    Ok(show(RequestPage::new(house, me, read, seen, sight).await?))
}

/// Does something to a request and shows its page again, or the page with what must be put right. What is done to one
/// that was merged is done to the one that goes on for it.
async fn act_on<D: Into<Done>>(
    house: &House,
    me: &Actor,
    reference: &str,
    typed: &Typed,
    work: impl AsyncFnOnce(&Request) -> Result<D, Error>,
) -> Result<Response, Failure> {
    let request = seen(house.reader(), me, reference).await?;
    let request = going_on(house.reader(), request.id).await?;
    let reference = request.reference.as_str();
    match work(&request).await.map(Into::into) {
        Ok(Done { to, said, undo: None }) => Ok(sent_on(&to, said, reference)),
        Ok(Done { to, said, undo: Some(group) }) => Ok(sent_on(&to, said, &group.to_string())),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let faults = Failure::from(error).faults()?;
            // On the heap: the page of a request is large, and every act of it would carry room for it.
            Box::pin(shown(house, me, reference, Seen::again(typed, &faults), false, None)).await
        }
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            // What was promised meanwhile stands beside what was typed, to be chosen field by field.
            let of_the_step = typed.given("next_step").or(typed.given("next_step_at")).is_some();
            let at = if of_the_step { "stale" } else { "note" };
            faults.add(
                at,
                "Someone changed this request while you were at it. Look again; what you typed is below",
            );
            Box::pin(shown(house, me, reference, Seen::again(typed, &faults), false, None)).await
        }
        Err(other) => Err(other.into()),
    }
}

fn here(reference: &str) -> String {
    format!("/inbox/{reference}")
}

async fn attempt(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let tried = Try::parse(|name| typed.text(name))?;
        let step = then(&house, &typed).await?;
        let text = typed.text("note").to_owned();
        let undone_by = house
            .write(&me, async |unit| {
                // Merged meanwhile, it is a try of the one that goes on.
                let request = &going_on(unit.tx(), request.id).await?;
                let before = undoing::before(unit, request).await?;
                let can_be_undone = before.can_take_back(&tried, house.now());
                attempting::attempt(unit, request, tried).await?;
                let attempts = vec![attempting::newest(unit, request).await?];
                let mut notes = Vec::new();
                if let Some(step) = step {
                    // The try moved the request on by one: what was agreed in it is set on what it is now.
                    let now = going_on(unit.tx(), request.id).await?;
                    stepping::step(unit, &now, now.version, step).await?;
                }
                if !text.is_empty() {
                    notes.push(noting::note(unit, request, &text).await?);
                }
                if !can_be_undone {
                    return Ok::<_, Error>(None);
                }
                let group = unit.id();
                let beside = Beside { attempts, notes, ..Beside::default() };
                undoing::remember(unit, group, before, beside).await?;
                Ok(Some(group))
            })
            .await?;
        drafting::drop(&house, &me, &request.reference, &["note"]).await?;
        let done = Done::new(here(&request.reference), Said::AttemptLogged);
        Ok(match undone_by {
            Some(group) => done.undone_by(group),
            None => done,
        })
    })
    .await
}

/// What was agreed in the call, when something was.
async fn then(house: &House, typed: &Typed) -> Result<Option<stepping::NextStep>, Error> {
    if typed.text("then_step").is_empty() && typed.text("then_at").is_empty() {
        return Ok(None);
    }
    let at = read_moment(typed.text("then_at"), Center::of(house).await?.zone);
    match stepping::NextStep::parse(typed.text("then_step"), at, house.now()) {
        Ok(step) => Ok(Some(step)),
        Err(faults) => {
            let mut here = Faults::default();
            for fault in faults.0 {
                here.add(
                    fault.field.replace("next_step_at", "then_at").replace("next_step", "then_step"),
                    fault.words,
                );
            }
            Err(here.into())
        }
    }
}

async fn note(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let text = typed.text("note").to_owned();
        let group = undoable(&house, &me, request, async |unit| {
            let note = noting::note(unit, request, &text).await?;
            Ok(Beside { notes: vec![note], ..Beside::default() })
        })
        .await?;
        drafting::drop(&house, &me, &request.reference, &["note"]).await?;
        Ok(Done::new(here(&request.reference), Said::NoteKept).undone_by(group))
    })
    .await
}

async fn step(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    let typed = settled(&typed);
    act_on(&house, &me, &reference, &typed, async |request| {
        let zone = Center::of(&house).await?.zone;
        let version = still_at(request, &typed)?;
        let at = read_moment(typed.text("next_step_at"), zone);
        let step = stepping::NextStep::parse(typed.text("next_step"), at, house.now())?;
        let group = undoable(&house, &me, request, async |unit| {
            stepping::step(unit, request, version, step).await?;
            Ok(Beside::default())
        })
        .await?;
        Ok(Done::new(here(&request.reference), Said::StepSet).undone_by(group))
    })
    .await
}

/// They said that what is known of how they may be reached still holds.
async fn confirm(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let caller = Subject::of("person", request.caller_id).concerning(request.caller_id);
        house.write(&me, async |unit| contact_rules::confirm(unit, &caller).await).await?;
        Ok((here(&request.reference), Said::RulesConfirmed))
    })
    .await
}

/// The version a form was shown with, when nobody changed the request since. Asked before anything else that may be wrong:
/// a page that is shown again must not pass for a newer one.
fn still_at(request: &Request, typed: &Typed) -> Result<i32, Error> {
    let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
    if version == request.version { Ok(version) } else { Err(Error::Stale) }
}

/// Nobody closes a request, or gives it away, on a page from before a colleague did something at it: they look again first.
fn as_shown(request: &Request, typed: &Typed, field: &str) -> Result<(), Error> {
    let shown = typed.given("version").and_then(|version| version.parse::<i32>().ok());
    if shown.is_none_or(|version| version == request.version) {
        return Ok(());
    }
    Err(chosen(
        field,
        "Someone did something at this request while you were at it. Look at what happened, then do it again",
    ))
}

pub(crate) fn chosen(field: &str, words: &str) -> Error {
    let mut faults = Faults::default();
    faults.add(field, words);
    faults.into()
}
