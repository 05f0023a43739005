//! What the public form asks, for an administrator: what can be left out, and the few questions of the center's own.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::{Act, Actor, Error, Faults, Lang, Subject, may};
use intake::form::{self, Change};
use intake::rules::form::{Kind, Optional, PublicForm, Question, QuestionId};
use sea_orm::prelude::Uuid;

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::listing::changed;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    let change = Access::Staff(Act::ChangeSettings);
    Routes::default()
        .page("/admin/form", Access::Staff(Act::ViewSettings), page)
        .act("/admin/form", change, add)
        .act("/admin/form/{question}/removal", change, remove)
        .act("/admin/form/asked/{what}", change, ask)
        .act("/admin/form/left-out/{what}", change, leave_out)
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    shown(&house, &me, &Typed::default(), &Faults::default()).await
}

async fn shown(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    let (form, version) = form::with_version(house.reader()).await?;
    Ok(show(FormPage::new(me, &form, version, typed, faults)))
}

async fn change(
    house: &House,
    me: &Actor,
    typed: &Typed,
    change: Result<Change, Faults>,
) -> Result<Response, Failure> {
    let faults = changed(typed, "english", change, async |version, change| {
        house.write(me, async |unit| form::change(unit, version, change).await).await
    })
    .await?;
    if faults.0.is_empty() {
        return Ok(sent_on("/admin/form", Said::FormChanged, ""));
    }
    shown(house, me, typed, &faults).await
}

async fn add(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    // Its key is given when it is kept.
    let new = Question::parse(QuestionId(Uuid::nil()), |name| typed.exact(name));
    change(&house, &me, &typed, new.map(Change::Add)).await
}

async fn remove(
    State(house): State<House>,
    Me(me, _): Me,
    Path(question): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id: QuestionId = key(&question)?;
    change(&house, &me, &typed, Ok(Change::Remove(id))).await
}

async fn ask(
    State(house): State<House>,
    Me(me, _): Me,
    Path(what): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let what = Optional::parse(&what).ok_or(Error::NotFound)?;
    change(&house, &me, &typed, Ok(Change::Ask(what))).await
}

async fn leave_out(
    State(house): State<House>,
    Me(me, _): Me,
    Path(what): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let what = Optional::parse(&what).ok_or(Error::NotFound)?;
    change(&house, &me, &typed, Ok(Change::LeaveOut(what))).await
}

/// A question as the page shows it.
struct Line {
    id: QuestionId,
    english: String,
    spanish: Option<String>,
    answered: String,
}

#[derive(Template)]
#[template(path = "pages/admin/form.html")]
struct FormPage {
    may_change: bool,
    version: i32,
    /// What can be left out, and whether it is asked.
    optional: Vec<(&'static str, &'static str, bool)>,
    lines: Vec<Line>,
    english: Field,
    spanish: Field,
    kind: Field,
    choices: Field,
    problem: Problem,
}

impl FormPage {
    fn new(me: &Actor, form: &PublicForm, version: i32, typed: &Typed, faults: &Faults) -> Self {
        Self {
            may_change: may(me, Act::ChangeSettings, &Subject::center()),
            version,
            optional: Optional::ALL.iter().map(|one| (one.as_str(), one.words(), form.asks(*one))).collect(),
            lines: form.questions.iter().map(line).collect(),
            english: Field::of("english", typed, faults),
            spanish: Field::of("spanish", typed, faults),
            kind: Field::of("kind", typed, faults),
            choices: Field {
                value: typed.exact("choices").to_owned(),
                ..Field::of("choices", typed, faults)
            },
            problem: Problem::from(faults),
        }
    }

    fn kinds() -> Vec<(&'static str, &'static str)> {
        Kind::ALL.iter().map(|kind| (kind.as_str(), kind.words())).collect()
    }
}

fn line(question: &Question) -> Line {
    let choices: Vec<String> = question.options(Lang::English).into_iter().map(|(_, words)| words).collect();
    Line {
        id: question.id,
        english: question.words.english.clone(),
        spanish: question.words.spanish.clone(),
        answered: if choices.is_empty() { question.kind.words().to_owned() } else { choices.join(" · ") },
    }
}

impl Page for FormPage {
    fn title(&self) -> String {
        "What the form asks".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
