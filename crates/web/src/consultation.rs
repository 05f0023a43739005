//! The public request form: one question a page, no account, no script needed. What is typed is kept on the server
//! under a cookie of this visit, so that Back, refresh and a lost connection lose nothing, and leaving leaves nothing.

mod pages;

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use consent::rules::contact::SaidBy;
use foundation::drafts::{self, Draft};
use foundation::{Actor, Error, Faults, hash_of, hex};
use intake::form;
use intake::request::receiving::{NewRequest, TypedRequest, by_submission, receive};
use intake::rules::form::{self as rules, Optional, PublicForm};
use intake::rules::words::{Channel, Danger};

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
        More = "more", "A few more questions",
        Words = "words", "What would help?",
    }
}

impl Step {
    /// The fields a question asks for.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Danger => &["danger"],
            Self::For => &["for_whom", "relationship", "other_name"],
            Self::Name => &["name"],
            Self::Contact => &[
                "phone",
                "call",
                "call_from",
                "call_until",
                "call_days",
                "outside_hours",
                "email",
                "email_ok",
            ],
            Self::Answering => &["answering", "voicemail"],
            // The questions of the center's own have names of their own.
            Self::HelpNow | Self::More => &[],
            Self::Words => &["words"],
        }
    }

    /// Whether the form of this center asks it.
    fn is_asked(self, form: &PublicForm) -> bool {
        match self {
            Self::HelpNow => false,
            Self::Name => form.asks(Optional::Name),
            Self::Words => form.asks(Optional::Words),
            Self::More => !form.questions.is_empty(),
            Self::Danger | Self::For | Self::Contact | Self::Answering => true,
        }
    }

    /// The question before, as the Back link names it.
    fn before(self, form: &PublicForm) -> String {
        if self == Self::HelpNow {
            return "/consultation/danger".to_owned();
        }
        let before = Self::ALL.iter().take_while(|step| **step != self).filter(|step| step.is_asked(form));
        before.last().map_or_else(|| "/consultation".to_owned(), |step| format!("/consultation/{step}"))
    }

    /// The question after, given the answers so far. Someone who cannot be called is not asked about voicemail.
    fn after(self, draft: &Draft, form: &PublicForm) -> String {
        if self == Self::Danger && matches!(draft.text("danger"), "yes" | "not_sure") {
            return "/consultation/help-now".to_owned();
        }
        let is_called = !draft.text("phone").is_empty() && draft.text("call") != "never";
        let after = Self::ALL.iter().skip_while(|step| **step != self).skip(1);
        let mut after = after.filter(|step| step.is_asked(form) && (**step != Self::Answering || is_called));
        after.next().map_or_else(|| "/consultation/check".to_owned(), |step| format!("/consultation/{step}"))
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

async fn start(State(house): State<House>, Reads(lang): Reads) -> Result<Response, Failure> {
    Ok(show(Start::new(&house, lang).await?))
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
    let (draft, form) = (drafts::of(&house, &visit).await?, form::of(&house).await?);
    Ok(show(Question::new(step, &draft, &Faults::default(), (&form, lang))))
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
    let form = form::of(&house).await?;
    for field in fields_of(step, &form) {
        draft.answers.insert(field.clone(), typed.text(&field).to_owned());
    }
    let faults = faults_of(step, &draft, &form);
    // Kept before it is judged: what is not right yet is not lost either.
    drafts::keep(&house, &visit, &draft).await?;
    if !faults.0.is_empty() {
        return Ok(show(Question::new(step, &draft, &faults, (&form, lang))));
    }
    let to_check = typed.text("then") == "check";
    let onward = if to_check { "/consultation/check".to_owned() } else { step.after(&draft, &form) };
    Ok(Redirect::to(&onward).into_response())
}

/// The names of the fields of one question.
fn fields_of(step: Step, form: &PublicForm) -> Vec<String> {
    match step {
        Step::More => form.questions.iter().map(rules::Question::field).collect(),
        step => step.fields().iter().map(|field| (*field).to_owned()).collect(),
    }
}

/// The faults of one question: those of the whole form that are about its fields.
fn faults_of(step: Step, draft: &Draft, form: &PublicForm) -> Faults {
    let all = parse(draft, form).err().unwrap_or_default();
    let fields = fields_of(step, form);
    Faults(all.0.into_iter().filter(|fault| fields.contains(&fault.field)).collect())
}

/// What was answered as a request. What the center asks beyond stands under their words.
fn parse(draft: &Draft, form: &PublicForm) -> Result<NewRequest, Faults> {
    let mut faults = Faults::default();
    // Nobody passes it in silence: what is not answered here is asked again.
    if Danger::parse(draft.text("danger")).is_none() {
        faults.add("danger", "Choose yes, no or not sure, so that we know if someone needs help now");
    }
    for question in &form.questions {
        if let Some(why) = question.fault(draft.text(&question.field())) {
            faults.add(question.field(), why);
        }
    }
    let whole = form.whole(draft.text("words"), |field| draft.text(field));
    let typed = TypedRequest::read(|field| if field == "words" { &whole } else { draft.text(field) });
    match NewRequest::parse(&typed, Channel::Web, SaidBy::Self_) {
        Ok(new) => faults.or(|| new),
        Err(more) => {
            faults.0.extend(more.0);
            Err(faults)
        }
    }
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
    let form = form::of(&house).await?;
    let faults = parse(&draft, &form).err().unwrap_or_default();
    Ok(show(Check::new(&draft, &faults, false, (&form, lang))))
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
    let form = form::of(&house).await?;
    let new = match parse(&draft, &form) {
        Ok(new) if !typed.checked("website") && !too_fast => new,
        Ok(_) => return Ok(show(Check::new(&draft, &Faults::default(), true, (&form, lang)))),
        // Pressed twice at once: the first press may have sent it and thrown the draft away meanwhile.
        Err(_) if by_submission(house.reader(), &submission).await?.is_some() => {
            return Ok(Redirect::to("/consultation/done").into_response());
        }
        Err(faults) => return Ok(show(Check::new(&draft, &faults, false, (&form, lang)))),
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
