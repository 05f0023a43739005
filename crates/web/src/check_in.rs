//! The check-in of an alum: a private link, one question a page, no account, no script needed. Opening the link changes
//! nothing, because mail programs open links by themselves; answers are kept as they go and sent once. A grave answer
//! counts when it is given.

mod door;
mod pages;
mod steps;

use alumni::check_in::{self, Answered, CheckInId};
use alumni::rules::response::{Answers, Level, grave, respond};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use foundation::drafts::{self, Draft};
use foundation::links::{self, Link, Purpose};
use foundation::{Actor, Error, Faults, PersonId};

use crate::address::Network;
use crate::failure::Failure;
use crate::form::Typed;
use crate::house::House;
use crate::leaving::VISIT;
use crate::page::show;
use crate::promises::promise_call;
use crate::routes::{Access, Routes};
use crate::session::{cookie, set_cookie};
use pages::{Closed, Hello, NotNow, Question, Thanks};
use steps::Step;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/c/{token}", Access::Public, hello)
        .act("/c/{token}", Access::Public, begin)
        .act("/c/{token}/word", Access::Public, door::give)
        .act("/c/{token}/call", Access::Public, door::call_me)
        .page("/c/{token}/{step}", Access::Public, question)
        .act("/c/{token}/{step}", Access::Public, answer)
}

type Opened = (CheckInId, Link);

/// Where a visit remembers of which link it is.
const OF_LINK: &str = "of_link";

/// The check-in a link opens; `None` for a link that is wrong, used or too old, which are one answer.
async fn open(house: &House, token: &str) -> Result<Option<Opened>, Error> {
    match links::open(house.reader(), Purpose::CheckIn, token, house.now()).await {
        Ok(link) => Ok(Some((CheckInId(link.subject_id), link))),
        Err(Error::NotFound) => Ok(None),
        Err(e) => Err(e),
    }
}

async fn closed(house: &House) -> Response {
    (StatusCode::NOT_FOUND, show(Closed::new(house).await)).into_response()
}

async fn hello(
    State(house): State<House>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Some((_, link)) = open(&house, &token).await? else { return Ok(closed(&house).await) };
    if !door::has_passed(&house, &link, &visit_of(&house, &headers, &link).await?.1).await? {
        return door::ask(&house, &token, &link).await;
    }
    Ok(show(Hello::new(&house, link.person_id).await?))
}

/// Begins a visit: its cookie is the key of the draft, so that leaving the page throws the answers away.
async fn begin(
    State(house): State<House>,
    Path(token): Path<String>,
    headers: HeaderMap,
    _: Typed,
) -> Result<Response, Failure> {
    let Some(opened) = open(&house, &token).await? else { return Ok(closed(&house).await) };
    door::begin(&house, &token, &opened, &headers).await
}

/// The visit of this browser to this link and what it has kept; nothing when none was begun. Whoever opens their own link
/// in a browser that somebody else has used begins anew: no answer of one person is another's.
async fn visit_of(house: &House, headers: &HeaderMap, link: &Link) -> Result<(Option<String>, Draft), Error> {
    let Some(visit) = cookie(headers, VISIT).filter(|v| v.len() == 64) else {
        return Ok((None, Draft::default()));
    };
    let draft = drafts::of(house, &visit).await?;
    if draft.text(OF_LINK) == link.id.to_string() {
        Ok((Some(visit), draft))
    } else {
        Ok((None, Draft::default()))
    }
}

async fn question(
    State(house): State<House>,
    Path((token, step)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let step = Step::parse(&step).ok_or(Error::NotFound)?;
    let Some((_, link)) = open(&house, &token).await? else { return Ok(closed(&house).await) };
    let (begun, draft) = visit_of(&house, &headers, &link).await?;
    // Where to turn is shown to everyone; it says nothing about anyone.
    let may_see = begun.is_some() && door::has_passed(&house, &link, &draft).await?;
    if !may_see && !step.is_help() {
        return Ok(Redirect::to(&format!("/c/{token}")).into_response());
    }
    let calls = promised(&house, step, link.person_id).await?;
    Ok(show(Question::new(&house, &token, step, &draft, &Faults::default(), calls).await))
}

async fn answer(
    State(house): State<House>,
    Path((token, step)): Path<(String, String)>,
    Network(from): Network,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, Failure> {
    let step = Step::parse(&step).ok_or(Error::NotFound)?;
    let Some(opened) = open(&house, &token).await? else { return Ok(closed(&house).await) };
    let pressed =
        Answers::read_so_far(|field| if step.fields().contains(&field) { typed.text(field) } else { "" });
    let is_grave = !grave(&pressed).is_empty();
    // Neither a busy network nor a visit that is over nor a word that was not given keeps a grave answer from being heard.
    if !is_grave && !house.answers_limit().allows(&from, house.now()) {
        return Err(Failure::TooMany);
    }
    let (begun, before) = visit_of(&house, &headers, &opened.1).await?;
    let may_answer = begun.is_some() && door::has_passed(&house, &opened.1, &before).await?;
    if !may_answer && !is_grave {
        return Ok(Redirect::to(&format!("/c/{token}")).into_response());
    }
    let visit = begun.clone().unwrap_or_else(|| house.chance().secret().reveal().to_owned());
    let mut draft = before;
    draft.answers.insert(OF_LINK.to_owned(), opened.1.id.to_string());
    for field in step.fields() {
        // Whoever comes back to a question that is answered by a press and goes on has not taken the answer back.
        if step.is_pressed() && typed.given(field).is_none() {
            continue;
        }
        draft.answers.insert((*field).to_owned(), typed.text(field).to_owned());
    }
    let is_heard = hear(&house, &opened, &draft, &pressed).await?;
    drafts::keep(&house, &visit, &draft).await?;
    if draft.text("safe_to_talk") == "no" && !is_grave {
        drafts::discard(&house, &visit).await?;
        return Ok(show(NotNow::new(&house, &token, is_heard).await));
    }
    let response = go_on(&house, opened, &token, step, &visit, &draft).await?;
    if begun.is_some() {
        return Ok(response);
    }
    let mut cookies = HeaderMap::new();
    set_cookie(&mut cookies, VISIT, &visit, None);
    Ok((cookies, response).into_response())
}

/// Writes down what was said so far, when something grave is or was among it: in a unit of its own, before anything else
/// is shown. Whether something was heard.
async fn hear(
    house: &House,
    (check_in, link): &Opened,
    draft: &Draft,
    pressed: &Answers,
) -> Result<bool, Error> {
    if grave(pressed).is_empty() && !check_in::is_heard(house.reader(), *check_in).await? {
        return Ok(false);
    }
    let so_far = Answers::read_so_far(|field| draft.text(field));
    let alum = Actor::Alum(link.person_id);
    house.write(&alum, async |unit| check_in::hear(unit, *check_in, &so_far, pressed).await).await?;
    Ok(true)
}

/// The page again with what must be put right, the next page, or the last one.
async fn go_on(
    house: &House,
    opened: Opened,
    token: &str,
    step: Step,
    visit: &str,
    draft: &Draft,
) -> Result<Response, Failure> {
    let answers = Answers::read(|field| draft.text(field));
    if let Err(faults) = &answers
        && faults.0.iter().any(|f| step.fields().contains(&f.field.as_str()))
    {
        let calls = promised(house, step, opened.1.person_id).await?;
        return Ok(show(Question::new(house, token, step, draft, faults, calls).await));
    }
    match (step.after(draft), answers) {
        (Some(next), _) => Ok(Redirect::to(&format!("/c/{token}/{}", next.as_str())).into_response()),
        (None, Ok(answers)) => send(house, opened, visit, draft, &answers).await,
        (None, Err(faults)) => {
            Ok(show(Question::new(house, token, step, draft, &faults, String::new()).await))
        }
    }
}

/// What a page that speaks of a call promises whoever says yes there.
async fn promised(house: &House, step: Step, person: PersonId) -> Result<String, Error> {
    match step {
        Step::Thoughts | Step::HelpNow | Step::UnwellNow | Step::SafeNow => {
            promise_call(house, person, Level::Red, Some(0), true).await
        }
        _ => Ok(String::new()),
    }
}

/// Sends the answers and uses the link up, in one unit: pressed twice, it is sent once. When somebody asked them by phone
/// meanwhile, what they say now stands beside what was written down then.
async fn send(
    house: &House,
    (check_in, link): Opened,
    visit: &str,
    draft: &Draft,
    answers: &Answers,
) -> Result<Response, Failure> {
    let call_me = !draft.text("call_me").is_empty();
    let sent: Option<Answered> = house
        .write(&Actor::Alum(link.person_id), async |unit| {
            match links::spend(unit, link.id).await {
                // Pressed twice at once: the other press has kept them.
                Err(Error::NotFound) => return Ok(None),
                other => other?,
            }
            let answered = check_in::answer(unit, check_in, answers).await?;
            if call_me {
                check_in::ask_for_call(unit, check_in).await?;
            }
            Ok(Some(answered))
        })
        .await?;
    // What the page says first follows from what they said; what it promises, from who is there.
    let response = sent.as_ref().map_or_else(|| respond(answers), |answered| answered.response.clone());
    let level = sent.as_ref().map_or(response.level, |answered| answered.level);
    let within_hours = if level == Level::Red { Some(0) } else { response.within_hours };
    let is_added = sent.is_some_and(|answered| answered.is_added);
    let calls = promise_call(house, link.person_id, level, within_hours, call_me).await?;
    drafts::discard(house, visit).await?;
    Ok(show(Thanks::new(house, level, calls, is_added, draft).await))
}
