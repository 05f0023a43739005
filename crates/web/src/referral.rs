//! The public form for professionals who refer somebody: a hospital, a court, an employer. One page, no account, no script
//! needed. It says what happens next, and to nobody whether the person is known here.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::TimeDelta;
use clients::episode::LevelOfCare;
use foundation::center::Center;
use foundation::{Actor, Error, Faults, Instant, Lang, hash_of, hex};
use intake::Request;
use intake::clocks;
use intake::referral_in::receiving::{NewReferral, receive_referral};
use intake::request::receiving::by_submission;
use intake::rules::due::Asked;
use intake::rules::referral::{Agrees, Protected, Soon};
use intake::rules::words::Urgency;

use crate::address::Network;
use crate::failure::Failure;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::inbox::when;
use crate::leaving::REFERRED;
use crate::look::{Field, Problem};
use crate::opening::Opening;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::{cookie, set_cookie};
use crate::sources::kinds_of_organizations;

/// How long the page that says what happens next can be opened again, in seconds.
const HOUR: u32 = 3600;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/referral", Access::Public, form).act("/referral", Access::Public, send).page(
        "/referral/done",
        Access::Public,
        done,
    )
}

async fn form(State(house): State<House>) -> Result<Response, Failure> {
    Ok(show(Form::new(&house, &Typed::default(), &Faults::default()).await?))
}

/// The form's own secret: sent twice, it is one referral.
fn secret(text: &str) -> Option<&str> {
    Some(text).filter(|text| text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// The submission a form makes: known to the browser alone, and not the secret itself.
fn submission_of(secret: &str) -> String {
    hex(&hash_of(&format!("submission of referral {secret}")))
}

async fn send(State(house): State<House>, Network(from): Network, typed: Typed) -> Result<Response, Failure> {
    if !house.answers_limit().allows(&from, house.now()) {
        return Err(Failure::TooMany);
    }
    let new = NewReferral::parse(|name| typed.text(name));
    let (Some(secret), Ok(new)) = (secret(typed.text("submission")), &new) else {
        let faults = new.err().unwrap_or_default();
        return Ok(show(Form::new(&house, &typed, &faults).await?.again(&faults)));
    };
    // People leave a hidden box empty and need more than two seconds; programs do neither.
    let shown = typed.text("shown").parse().ok().and_then(chrono::DateTime::from_timestamp_millis);
    let too_fast = shown.is_none_or(|shown: Instant| house.now() - shown < TimeDelta::seconds(2));
    if typed.checked("website") || too_fast {
        return Ok(show(Form::new(&house, &typed, &Faults::default()).await?.again(&Faults::default())));
    }
    let submission = submission_of(secret);
    let submission = submission.as_str();
    if by_submission(house.reader(), submission).await?.is_none() {
        if !house.sends_limit().allows(&from, house.now()) {
            return Err(Failure::TooMany);
        }
        let new = new.clone();
        let received =
            house.write(&Actor::Visitor, async |unit| receive_referral(unit, submission, new).await).await;
        match received {
            // Of two presses at once the second meets the first one's row.
            Ok(_) | Err(Error::Exists) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let mut headers = HeaderMap::new();
    set_cookie(&mut headers, REFERRED, secret, Some(HOUR));
    Ok((headers, Redirect::to("/referral/done")).into_response())
}

async fn done(State(house): State<House>, headers: HeaderMap) -> Result<Response, Failure> {
    let sent = cookie(&headers, REFERRED);
    let Some(secret) = sent.as_deref().and_then(secret) else {
        return Ok(Redirect::to("/referral").into_response());
    };
    match by_submission(house.reader(), &submission_of(secret)).await? {
        Some(request) => Ok(show(Done::new(&house, &request).await?)),
        None => Ok(Redirect::to("/referral").into_response()),
    }
}

/// The fields of the form.
const FIELDS: [&str; 18] = [
    "safe",
    "place",
    "name",
    "organization",
    "kind",
    "position",
    "phone",
    "email",
    "other_name",
    "agrees",
    "reach",
    "reason",
    "level",
    "soon",
    "protected",
    "notice",
    "notice_text",
    "website",
];

#[derive(Template)]
#[template(path = "pages/public/referral.html")]
struct Form {
    submission: String,
    shown: String,
    opening: Opening,
    /// By when we would call back, if it were sent now.
    by_when: String,
    fields: Vec<Field>,
    problem: Problem,
    /// Something made it look like a program; a person can say otherwise by pressing again.
    look_again: bool,
}

impl Form {
    async fn new(house: &House, typed: &Typed, faults: &Faults) -> Result<Self, Error> {
        let (zone, now) = (Center::of(house).await?.zone, house.now());
        let decision = clocks::of(house).await?.decision(now, zone);
        let fresh = || house.chance().secret().reveal().to_owned();
        let shown = typed.given("shown").and_then(|at| at.parse::<i64>().ok());
        Ok(Self {
            submission: secret(typed.text("submission")).map_or_else(fresh, str::to_owned),
            shown: shown.unwrap_or_else(|| house.now().timestamp_millis()).to_string(),
            opening: Opening::load(house, Lang::English).await?,
            by_when: format!("before {}", when(decision, now, zone)),
            fields: FIELDS.iter().map(|name| Field::of(name, typed, faults)).collect(),
            problem: Problem::from(faults),
            look_again: false,
        })
    }

    /// Shown again although nothing typed is wrong.
    fn again(mut self, faults: &Faults) -> Self {
        self.look_again = faults.0.is_empty();
        self
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }
}

fn levels() -> Vec<(&'static str, &'static str)> {
    LevelOfCare::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
}

impl Page for Form {
    fn title(&self) -> String {
        "Send someone to us".into()
    }
    fn shell(&self) -> Shell {
        Shell::Public { leave: true }
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty() || self.look_again
    }
}

/// What happens next. It is the same whoever the person is.
#[derive(Template)]
#[template(path = "pages/public/referral_done.html")]
struct Done {
    reference: String,
    by_when: String,
    opening: Opening,
    pressing: bool,
}

impl Done {
    async fn new(house: &House, request: &Request) -> Result<Self, Error> {
        let (zone, now) = (Center::of(house).await?.zone, house.now());
        // As they said it themselves a moment ago.
        let urgency = Urgency::of(request.danger);
        let (at, channel) = (request.received_at, request.channel);
        let asked = Asked { at, channel, urgency, safe: None, theirs: None, outside: None, pauses: &[] };
        let promise = clocks::of(house).await?.promise(asked, zone);
        Ok(Self {
            reference: request.reference.clone(),
            by_when: when(promise.unwrap_or(request.due_at), now, zone),
            opening: Opening::load(house, Lang::English).await?,
            pressing: urgency.is_pressing(),
        })
    }
}

impl Page for Done {
    fn title(&self) -> String {
        "We have your note".into()
    }
    fn shell(&self) -> Shell {
        Shell::Public { leave: true }
    }
}
