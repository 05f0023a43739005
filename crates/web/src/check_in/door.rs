//! Before a link shows a name or a question: 911, 988 and "Please call me", which work without it; then the word agreed
//! on, or the day and month of birth.

use alumni::check_in;
use alumni::link_word::{self, Door, Given, Tried};
use alumni::rules::response::Level;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use foundation::drafts::{self, Draft};
use foundation::links::Link;
use foundation::{Actor, Error, Faults};

use super::pages::phone;
use super::{OF_LINK, Opened, closed, open, visit_of};
use crate::address::Network;
use crate::failure::Failure;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::leaving::VISIT;
use crate::look::{Field, Problem};
use crate::page::{Page, Shell, show};
use crate::promises::promise_call;
use crate::session::set_cookie;

/// Where a visit remembers which link it has opened.
const PASSED: &str = "passed_door";
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Whether this visit may see what is behind the link: the word was given in it, or they chose to do without.
pub(super) async fn has_passed(house: &House, link: &Link, draft: &Draft) -> Result<bool, Error> {
    if link.closed_at.is_some() {
        return Ok(false);
    }
    if draft.text(PASSED) == link.id.to_string() {
        return Ok(true);
    }
    Ok(link_word::door(house.reader(), link.person_id).await? == Door::Open)
}

/// The page before everything else.
pub(super) async fn ask(house: &House, token: &str, link: &Link) -> Result<Response, Failure> {
    Ok(show(BeforeLink::new(house, token, link, &Typed::default(), None).await?))
}

/// Somebody gives the word.
pub(super) async fn give(
    State(house): State<House>,
    Path(token): Path<String>,
    Network(from): Network,
    headers: HeaderMap,
    typed: Typed,
) -> Result<Response, Failure> {
    if !house.answers_limit().allows(&from, house.now()) {
        return Err(Failure::TooMany);
    }
    let Some((_, link)) = open(&house, &token).await? else { return Ok(closed(&house).await) };
    let number = |field| typed.text(field).parse::<u32>().ok();
    let given = Given {
        word: typed.text("word").to_owned(),
        birthday: number("birth_day").zip(number("birth_month")),
    };
    let faulty = async |words: String| -> Result<Response, Failure> {
        Ok(show(BeforeLink::new(&house, &token, &link, &typed, Some(words)).await?))
    };
    if given.is_nothing() {
        return faulty("Give the word we agreed on, or the day and the month".into()).await;
    }
    let alum = Actor::Alum(link.person_id);
    match house.write(&alum, async |unit| link_word::give(unit, &link, &given).await).await? {
        Tried::Right => pass(&house, &token, &link, &headers).await,
        Tried::Wrong(1) => faulty("That is not it. One more try".into()).await,
        Tried::Wrong(left) => faulty(format!("That is not it. {left} tries are left")).await,
        Tried::Closed => Ok(Redirect::to(&format!("/c/{token}")).into_response()),
    }
}

/// Remembers in the visit that the link is open, for as long as a draft lives.
async fn pass(house: &House, token: &str, link: &Link, headers: &HeaderMap) -> Result<Response, Failure> {
    let (begun, mut draft) = visit_of(house, headers, link).await?;
    let visit = begun.unwrap_or_else(|| house.chance().secret().reveal().to_owned());
    draft.answers.insert(PASSED.to_owned(), link.id.to_string());
    draft.answers.insert(OF_LINK.to_owned(), link.id.to_string());
    drafts::keep(house, &visit, &draft).await?;
    let mut cookies = HeaderMap::new();
    set_cookie(&mut cookies, VISIT, &visit, None);
    Ok((cookies, Redirect::to(&format!("/c/{token}"))).into_response())
}

/// "Please call me", without a word: the wish is raised once, and nothing is shown of anyone. It works on a link that
/// was closed by wrong tries as well.
pub(super) async fn call_me(
    State(house): State<House>,
    Path(token): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let Some((check_in, link)) = open(&house, &token).await? else { return Ok(closed(&house).await) };
    if !check_in::is_call_asked(house.reader(), check_in).await? {
        let alum = Actor::Alum(link.person_id);
        house.write(&alum, async |unit| check_in::ask_for_call(unit, check_in).await).await?;
    }
    let calls = promise_call(&house, link.person_id, Level::Green, None, true).await?;
    Ok(show(Called { phone: phone(&house).await, calls }))
}

/// The page of a new visit goes on with the one that has given the word.
pub(super) async fn begin(
    house: &House,
    token: &str,
    (_, link): &Opened,
    headers: &HeaderMap,
) -> Result<Response, Failure> {
    let (begun, mut draft) = visit_of(house, headers, link).await?;
    if !has_passed(house, link, &draft).await? {
        return Ok(Redirect::to(&format!("/c/{token}")).into_response());
    }
    let visit = begun.unwrap_or_else(|| house.chance().secret().reveal().to_owned());
    draft.answers.insert(OF_LINK.to_owned(), link.id.to_string());
    drafts::keep(house, &visit, &draft).await?;
    let mut cookies = HeaderMap::new();
    set_cookie(&mut cookies, VISIT, &visit, None);
    Ok((cookies, Redirect::to(&format!("/c/{token}/safe"))).into_response())
}

/// The page before everything else. It says nothing about anyone.
#[derive(Template)]
#[template(path = "pages/check_in/before.html")]
struct BeforeLink {
    token: String,
    phone: String,
    /// Five tries were wrong.
    is_closed: bool,
    asks_word: bool,
    asks_birthday: bool,
    months: Vec<(String, &'static str)>,
    word: Field,
    day: Field,
    month: Field,
    problem: Problem,
}

impl BeforeLink {
    async fn new(
        house: &House,
        token: &str,
        link: &Link,
        typed: &Typed,
        fault: Option<String>,
    ) -> Result<Self, Error> {
        let door = link_word::door(house.reader(), link.person_id).await?;
        let is_closed = link.closed_at.is_some();
        let (asks_word, asks_birthday) = match door {
            Door::Asks { word, birthday } if !is_closed => (word, birthday),
            _ => (false, false),
        };
        let mut faults = Faults::default();
        if let Some(words) = fault {
            faults.add(if asks_word { "word" } else { "birth_day" }, words);
        }
        Ok(Self {
            token: token.to_owned(),
            phone: phone(house).await,
            is_closed,
            asks_word,
            asks_birthday,
            months: (1..).map(|n: u32| n.to_string()).zip(MONTHS).collect(),
            word: Field::of("word", typed, &faults),
            day: Field::of("birth_day", typed, &faults),
            month: Field::of("birth_month", typed, &faults),
            problem: Problem::from(&faults),
        })
    }
}

/// Somebody was asked to call.
#[derive(Template)]
#[template(path = "pages/check_in/called.html")]
struct Called {
    phone: String,
    calls: String,
}

impl Page for BeforeLink {
    fn title(&self) -> String {
        "A private page".into()
    }
    fn shell(&self) -> Shell {
        Shell::Public { leave: true }
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}

impl Page for Called {
    fn title(&self) -> String {
        "A private page".into()
    }
    fn shell(&self) -> Shell {
        Shell::Public { leave: true }
    }
}
