//! The check-in of an alum: a private link, one question a page, no account, no script needed. Opening the link changes
//! nothing, because mail programs open links by themselves; answers are kept as they go and sent once.

mod pages;

use alumni::check_in::{self, CheckInId};
use alumni::rules::response::{Answers, Level, respond};
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

foundation::words! {
    /// The pages, in order, with their headings (domain reference 4.7).
    pub enum Step {
        Safe = "safe", "Is this a good moment to answer?",
        Overall = "overall", "How are things overall?",
        Used = "used", "Any alcohol or drug use since last time?",
        About = "about", "A little more, so that we can help",
        Urge = "urge", "How strong was the strongest urge?",
        Sure = "sure", "How sure are you about staying on track this coming week?",
        Week = "week", "Your last seven days",
        Medicines = "medicines", "Did your medicines go as planned?",
        Changes = "changes", "Did anything big change?",
        Thoughts = "thoughts", "Did you have thoughts of not wanting to be alive, or of hurting yourself?",
        HelpNow = "help-now", "Thank you for saying so. You do not have to be alone with it.",
        Commitments = "commitments", "One thing until next time",
        Help = "help", "What could we do that would help?",
    }
}

impl Step {
    /// The answers a page asks for.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Safe => &["safe_to_talk"],
            Self::Overall => &["overall"],
            Self::Used => &["used"],
            Self::About => &["used_opioids", "naloxone_at_hand", "danger_signs_now", "overdose"],
            Self::Urge => &["urge"],
            Self::Sure => &["confidence"],
            Self::Week => &["supportive_days", "risky_days", "activities"],
            Self::Medicines => &["medicines_as_planned", "medicine_gap_days", "next_dose_secured"],
            Self::Changes => &["lost_housing", "lost_job", "changes"],
            Self::Thoughts => &["thoughts"],
            Self::HelpNow => &[],
            Self::Commitments => &["last_commitment", "next_commitment"],
            Self::Help => &["would_help", "connections", "call_me"],
        }
    }

    /// The page after this one. Who did not use is not asked what, and who is in distress sees where to turn at once.
    fn after(self, draft: &Draft) -> Option<Self> {
        let next = match self {
            Self::Used if !matches!(draft.text("used"), "once_or_twice" | "more") => Self::Urge,
            Self::Thoughts if draft.text("thoughts") != "yes" => Self::Commitments,
            Self::Help => return None,
            other => *Self::ALL.iter().skip_while(|step| **step != other).nth(1)?,
        };
        Some(next)
    }

    /// The page before this one, as the answers led to it.
    fn before(self, draft: &Draft) -> Option<Self> {
        let mut at = Self::Safe;
        while let Some(next) = at.after(draft) {
            if next == self {
                return Some(at);
            }
            at = next;
        }
        None
    }
}

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/c/{token}", Access::Public, hello)
        .act("/c/{token}", Access::Public, begin)
        .page("/c/{token}/{step}", Access::Public, question)
        .act("/c/{token}/{step}", Access::Public, answer)
}

type Opened = (CheckInId, Link);

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

async fn hello(State(house): State<House>, Path(token): Path<String>) -> Result<Response, Failure> {
    let Some((_, link)) = open(&house, &token).await? else { return Ok(closed(&house).await) };
    Ok(show(Hello::new(&house, link.person_id).await?))
}

/// Begins a visit: its cookie is the key of the draft, so that leaving the page throws the answers away.
async fn begin(State(house): State<House>, Path(token): Path<String>, _: Typed) -> Result<Response, Failure> {
    if open(&house, &token).await?.is_none() {
        return Ok(closed(&house).await);
    }
    let mut headers = HeaderMap::new();
    set_cookie(&mut headers, VISIT, house.chance().secret().reveal(), None);
    Ok((headers, Redirect::to(&format!("/c/{token}/safe"))).into_response())
}

/// The visit of this browser, when it was begun.
fn visit(headers: &HeaderMap) -> Option<String> {
    cookie(headers, VISIT).filter(|v| v.len() == 64)
}

async fn question(
    State(house): State<House>,
    Path((token, step)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let step = Step::parse(&step).ok_or(Error::NotFound)?;
    let Some(opened) = open(&house, &token).await? else { return Ok(closed(&house).await) };
    let Some(visit) = visit(&headers) else {
        return Ok(Redirect::to(&format!("/c/{token}")).into_response());
    };
    let draft = drafts::of(&house, &visit).await?;
    let calls = promised(&house, step, opened.1.person_id).await?;
    Ok(show(Question::new(&token, step, &draft, &Faults::default(), calls)))
}

async fn answer(
    State(house): State<House>,
    Path((token, step)): Path<(String, String)>,
    Network(from): Network,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, Failure> {
    let step = Step::parse(&step).ok_or(Error::NotFound)?;
    if !house.answers_limit().allows(&from, house.now()) {
        return Err(Failure::TooMany);
    }
    let Some(opened) = open(&house, &token).await? else { return Ok(closed(&house).await) };
    let Some(visit) = visit(&headers) else {
        return Ok(Redirect::to(&format!("/c/{token}")).into_response());
    };
    let mut draft = drafts::of(&house, &visit).await?;
    for field in step.fields() {
        draft.answers.insert((*field).to_owned(), typed.text(field).to_owned());
    }
    drafts::keep(&house, &visit, &draft).await?;
    if draft.text("safe_to_talk") == "no" {
        drafts::discard(&house, &visit).await?;
        return Ok(show(NotNow::new(&house, &token).await));
    }
    let answers = Answers::read(|field| draft.text(field));
    if let Err(faults) = &answers
        && faults.0.iter().any(|f| step.fields().contains(&f.field.as_str()))
    {
        let calls = promised(&house, step, opened.1.person_id).await?;
        return Ok(show(Question::new(&token, step, &draft, faults, calls)));
    }
    match (step.after(&draft), answers) {
        (Some(next), _) => Ok(Redirect::to(&format!("/c/{token}/{}", next.as_str())).into_response()),
        (None, Ok(answers)) => send(&house, opened, &visit, &draft, &answers).await,
        (None, Err(faults)) => Ok(show(Question::new(&token, step, &draft, &faults, String::new()))),
    }
}

/// What a page that speaks of a call promises whoever says yes there.
async fn promised(house: &House, step: Step, person: PersonId) -> Result<String, Error> {
    match step {
        Step::Thoughts | Step::HelpNow => promise_call(house, person, Level::Red, Some(0), true).await,
        _ => Ok(String::new()),
    }
}

/// Sends the answers and uses the link up, in one unit: pressed twice, it is sent once.
async fn send(
    house: &House,
    (check_in, link): Opened,
    visit: &str,
    draft: &Draft,
    answers: &Answers,
) -> Result<Response, Failure> {
    let call_me = !draft.text("call_me").is_empty();
    let sent = house
        .write(&Actor::Alum(link.person_id), async |unit| {
            match links::spend(unit, link.id).await {
                // Pressed twice at once: the other press has kept them.
                Err(Error::NotFound) => return Ok(()),
                other => other?,
            }
            check_in::answer(unit, check_in, answers).await?;
            if call_me {
                check_in::ask_for_call(unit, check_in).await?;
            }
            Ok(())
        })
        .await;
    let kept = match sent {
        Ok(()) => true,
        // Somebody asked them by phone meanwhile, and those answers stand. What they say now must not be lost: one of us
        // calls.
        Err(Error::Refused(_)) => {
            house
                .write(&Actor::Alum(link.person_id), async |unit| {
                    links::spend(unit, link.id).await?;
                    check_in::ask_for_call(unit, check_in).await.map(|_| ())
                })
                .await?;
            false
        }
        Err(other) => return Err(other.into()),
    };
    // What the page says first follows from what they said, whatever became of it; what it promises, from who is there.
    let answered = respond(answers);
    let level = answered.level;
    let calls = promise_call(house, link.person_id, level, answered.within_hours, call_me || !kept).await?;
    drafts::discard(house, visit).await?;
    Ok(show(Thanks::new(house, level, calls, kept).await))
}
