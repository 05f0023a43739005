//! The tags a center uses, on a page of the administration.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use clients::rules::tags::{Tag, TagId, Tags};
use clients::tags::{self, Change};
use foundation::{Act, Actor, Faults, Subject, may};

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
        .page("/admin/tags", Access::Staff(Act::ViewSettings), page)
        .act("/admin/tags", change, add)
        .act("/admin/tags/{tag}/ending", change, end)
        .act("/admin/tags/{tag}/offering", change, offer)
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    shown(&house, &me, &Typed::default(), &Faults::default()).await
}

async fn shown(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    let (Tags(lines), version) = tags::with_version(house.reader()).await?;
    Ok(show(TagsPage {
        may_change: may(me, Act::ChangeSettings, &Subject::center()),
        lines,
        version,
        words: Field::of("words", typed, faults),
        problem: Problem::from(faults),
    }))
}

async fn change(house: &House, me: &Actor, typed: &Typed, change: Change) -> Result<Response, Failure> {
    let faults = changed(typed, "words", Ok(change), async |version, change| {
        house.write(me, async |unit| tags::change(unit, version, change).await).await
    })
    .await?;
    if faults.0.is_empty() {
        return Ok(sent_on("/admin/tags", Said::ListChanged, ""));
    }
    shown(house, me, typed, &faults).await
}

async fn add(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    change(&house, &me, &typed, Change::Add(typed.text("words").to_owned())).await
}

async fn end(
    State(house): State<House>,
    Me(me, _): Me,
    Path(tag): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id: TagId = key(&tag)?;
    change(&house, &me, &typed, Change::End(id)).await
}

async fn offer(
    State(house): State<House>,
    Me(me, _): Me,
    Path(tag): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id: TagId = key(&tag)?;
    change(&house, &me, &typed, Change::TakeUp(id)).await
}

#[derive(Template)]
#[template(path = "pages/admin/tags.html")]
struct TagsPage {
    may_change: bool,
    lines: Vec<Tag>,
    version: i32,
    words: Field,
    problem: Problem,
}

impl Page for TagsPage {
    fn title(&self) -> String {
        "Tags".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
