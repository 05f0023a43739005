//! The public request form: one question a page, no account, no script needed. What is typed is kept on the server
//! under a cookie of this visit, so that Back, refresh and a lost connection lose nothing, and leaving leaves nothing.

mod pages;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use consent::rules::contact::SaidBy;
use foundation::drafts::{self, Draft};
use foundation::{Actor, Error, Faults, hash_of, hex};
use intake::request::receiving::{NewRequest, TypedRequest, by_submission, receive};
use intake::rules::words::Channel;

use crate::address::Network;
use crate::failure::Failure;
use crate::form::Typed;
use crate::house::House;
use crate::language::Reads;
use crate::leaving::VISIT;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::session::{cookie, set_cookie};
use pages::{Check, Done, Question, Start};

foundation::words! {
    /// The questions, in order, with their titles.
    pub enum Step {
        Danger = "danger", "Is anyone in danger right now?",
        HelpNow = "help-now", "Help right now",
        For = "for", "Who is this for?",
        Name = "name", "What should we call you?",
        Contact = "contact", "How can we reach you?",
        Answering = "answering", "What may we say if someone else answers?",
        Words = "words", "What would help?",
    }
}

impl Step {
    /// The fields a question asks for.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Danger => &["danger"],
            Self::HelpNow => &[],
            Self::For => &["for_whom", "relationship", "other_name"],
            Self::Name => &["name"],
            Self::Contact => &["phone", "email", "email_ok", "call", "call_from", "call_until", "call_days"],
            Self::Answering => &["answering", "voicemail"],
            Self::Words => &["words"],
        }
    }

    /// The question before, as the Back link names it.
    fn before(self) -> &'static str {
        match self {
            Self::Danger => "/consultation",
            Self::HelpNow | Self::For => "/consultation/danger",
            Self::Name => "/consultation/for",
            Self::Contact => "/consultation/name",
            Self::Answering => "/consultation/contact",
            Self::Words => "/consultation/answering",
        }
    }

    /// The question after, given the answers so far. Someone who cannot be called is not asked about voicemail.
    fn after(self, draft: &Draft) -> &'static str {
        match self {
            Self::Danger if matches!(draft.text("danger"), "yes" | "not_sure") => "/consultation/help-now",
            Self::Danger | Self::HelpNow => "/consultation/for",
            Self::For => "/consultation/name",
            Self::Name => "/consultation/contact",
            Self::Contact if draft.text("phone").is_empty() || draft.text("call") == "never" => {
                "/consultation/words"
            }
            Self::Contact => "/consultation/answering",
            Self::Answering => "/consultation/words",
            Self::Words => "/consultation/check",
        }
    }
}

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/consultation", Access::Public, start)
        .act("/consultation", Access::Public, begin)
        .page("/consultation/check", Access::Public, check)
        .act("/consultation/check", Access::Public, send)
        .page("/consultation/done", Access::Public, done)
        .page("/consultation/{step}", Access::Public, question)
        .act("/consultation/{step}", Access::Public, answer)
}

async fn start(State(house): State<House>) -> Response {
    show(Start::new(&house).await)
}

/// Begins a visit: a fresh token, so that what was sent before is not sent again.
async fn begin(State(house): State<House>, _: Typed) -> Response {
    let mut headers = HeaderMap::new();
    set_cookie(&mut headers, VISIT, house.chance().secret().reveal(), None);
    (headers, Redirect::to("/consultation/danger")).into_response()
}

/// The visit of a browser; without one it starts at the beginning.
fn visit(headers: &HeaderMap) -> Option<String> {
    cookie(headers, VISIT).filter(|v| v.len() == 64)
}

fn from_the_start() -> Response {
    Redirect::to("/consultation").into_response()
}

/// The submission a visit makes: known to the browser alone, and not the cookie itself.
fn submission(visit: &str) -> String {
    hex(&hash_of(&format!("submission of {visit}")))
}

async fn question(
    State(house): State<House>,
    Path(step): Path<String>,
    Reads(lang): Reads,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let step = Step::parse(&step).ok_or(Error::NotFound)?;
    let Some(visit) = visit(&headers) else { return Ok(from_the_start()) };
    if by_submission(house.reader(), &submission(&visit)).await?.is_some() {
        return Ok(Redirect::to("/consultation/done").into_response());
    }
    Ok(show(Question::new(step, &drafts::of(&house, &visit).await?, &Faults::default(), lang)))
}

async fn answer(
    State(house): State<House>,
    Path(step): Path<String>,
    Network(from): Network,
    Reads(lang): Reads,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, Failure> {
    let step = Step::parse(&step).ok_or(Error::NotFound)?;
    let Some(visit) = visit(&headers) else { return Ok(from_the_start()) };
    if !house.answers_limit().allows(&from, house.now()) {
        return Err(Failure::TooMany);
    }
    let mut draft = drafts::of(&house, &visit).await?;
    for field in step.fields() {
        draft.answers.insert((*field).to_owned(), typed.text(field).to_owned());
    }
    let faults = faults_of(step, &draft);
    // Kept before it is judged: what is not right yet is not lost either.
    drafts::keep(&house, &visit, &draft).await?;
    if !faults.0.is_empty() {
        return Ok(show(Question::new(step, &draft, &faults, lang)));
    }
    let onward = if typed.text("then") == "check" { "/consultation/check" } else { step.after(&draft) };
    Ok(Redirect::to(onward).into_response())
}

/// The faults of one question: those of the whole form that are about its fields.
fn faults_of(step: Step, draft: &Draft) -> Faults {
    let all = parse(draft).err().unwrap_or_default();
    Faults(all.0.into_iter().filter(|f| step.fields().contains(&f.field.as_str())).collect())
}

fn parse(draft: &Draft) -> Result<NewRequest, Faults> {
    let typed = TypedRequest::read(|field| draft.text(field));
    NewRequest::parse(&typed, Channel::Web, SaidBy::Self_)
}

async fn check(
    State(house): State<House>,
    Reads(lang): Reads,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Some(visit) = visit(&headers) else { return Ok(from_the_start()) };
    if by_submission(house.reader(), &submission(&visit)).await?.is_some() {
        return Ok(Redirect::to("/consultation/done").into_response());
    }
    let draft = drafts::of(&house, &visit).await?;
    let faults = parse(&draft).err().unwrap_or_default();
    Ok(show(Check::new(&draft, &faults, false, lang)))
}

/// Sends it: once for a visit, however often the button is pressed.
async fn send(
    State(house): State<House>,
    Network(from): Network,
    Reads(lang): Reads,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, Failure> {
    let Some(visit) = visit(&headers) else { return Ok(from_the_start()) };
    let submission = submission(&visit);
    if by_submission(house.reader(), &submission).await?.is_some() {
        return Ok(Redirect::to("/consultation/done").into_response());
    }
    let draft = drafts::of(&house, &visit).await?;
    // People leave a hidden box empty and need more than two seconds; programs do neither.
    let too_fast = draft.begun_at.is_none_or(|begun| house.now() - begun < chrono::TimeDelta::seconds(2));
    let new = match parse(&draft) {
        Ok(new) if !typed.checked("website") && !too_fast => new,
        Ok(_) => return Ok(show(Check::new(&draft, &Faults::default(), true, lang))),
        // Pressed twice at once: the first press may have sent it and thrown the draft away meanwhile.
        Err(_) if by_submission(house.reader(), &submission).await?.is_some() => {
            return Ok(Redirect::to("/consultation/done").into_response());
        }
        Err(faults) => return Ok(show(Check::new(&draft, &faults, false, lang))),
    };
    if !house.sends_limit().allows(&from, house.now()) {
        return Err(Failure::TooMany);
    }
    let received =
        house.write(&Actor::Visitor, async |unit| receive(unit, &submission, new.speaking(lang)).await).await;
    match received {
        // Of two presses at once the second meets the first one's row.
        Ok(_) | Err(Error::Exists) => {}
        Err(other) => return Err(other.into()),
    }
    drafts::discard(&house, &visit).await?;
    Ok(Redirect::to("/consultation/done").into_response())
}

async fn done(
    State(house): State<House>,
    Reads(lang): Reads,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Some(visit) = visit(&headers) else { return Ok(from_the_start()) };
    match by_submission(house.reader(), &submission(&visit)).await? {
        Some(request) => Ok(show(Done::new(&house, &request, lang).await?)),
        None => Ok(Redirect::to("/consultation").into_response()),
    }
}
