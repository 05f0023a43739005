//! For the privacy officer: which locked records were opened, why, what was looked at, and whether that was right.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use clients::client;
use foundation::break_glass::{self, BreakGlassId, Finding, Review, View};
use foundation::center::Center;
use foundation::staff::inviting::everyone;
use foundation::{Act, Actor, Error, Faults, StaffId};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Asked, Typed, key};
use crate::house::House;
use crate::inbox::when;
use crate::look::{Field, Place, Problem, Tag};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// Openings on one page.
const PAGE: u64 = 50;

pub(super) fn routes() -> Routes {
    Routes::default()
        .page("/admin/break-glass", Access::Staff(Act::ViewBreakGlass), list)
        .page("/admin/break-glass/{id}", Access::Staff(Act::ViewBreakGlass), open)
        .act("/admin/break-glass/{id}/review", Access::Staff(Act::ReviewBreakGlass), review)
}

type Names = HashMap<StaffId, String>;

async fn names(house: &House) -> Result<Names, Error> {
    Ok(everyone(house.reader()).await?.into_iter().map(|member| (member.id, member.name)).collect())
}

fn name_of(names: &Names, id: StaffId) -> String {
    names.get(&id).cloned().unwrap_or_else(|| "Someone no longer here".into())
}

/// The record number of someone whose record may have been forgotten since.
async fn reference(house: &House, person: foundation::PersonId) -> Result<String, Error> {
    match client::reference_of(house.reader(), person).await {
        Ok(reference) => Ok(reference),
        Err(Error::NotFound) => Ok("a record that is gone".into()),
        Err(other) => Err(other),
    }
}

struct Line {
    id: BreakGlassId,
    who: String,
    cause: &'static str,
    reference: String,
    when: String,
    tag: Tag,
}

const WAITS: Tag = Tag::new("soon", "diamond", "Not reviewed yet");
const RIGHT: Tag = Tag::new("calm", "check", "It was right");
const NOT_RIGHT: Tag = Tag::new("now", "crossed", "It was not right");

fn tag(finding: Option<Finding>) -> Tag {
    match finding {
        None => WAITS,
        Some(Finding::Right) => RIGHT,
        Some(Finding::NotRight) => NOT_RIGHT,
    }
}

#[derive(Template)]
#[template(path = "pages/break_glass/list.html")]
struct Openings {
    view: View,
    waiting: u64,
    lines: Vec<Line>,
    older: Option<String>,
}

async fn list(State(house): State<House>, Asked(asked): Asked) -> Result<Response, Failure> {
    let view = View::parse(asked.text("view")).unwrap_or(View::Waiting);
    let before = asked.given("before").and_then(|id| id.parse().ok());
    let rows = break_glass::list(house.reader(), view, before, PAGE).await?;
    let older = (rows.len() as u64 == PAGE).then(|| rows.last().map(|r| r.id)).flatten();
    let (now, zone, names) = (house.now(), Center::of(&house).await?.zone, names(&house).await?);
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        lines.push(Line {
            id: row.id,
            who: name_of(&names, row.staff),
            cause: row.cause.words(),
            reference: reference(&house, row.person).await?,
            when: when(row.began_at, now, zone),
            tag: tag(row.finding),
        });
    }
    Ok(show(Openings {
        view,
        waiting: break_glass::how_many_wait(house.reader()).await?,
        lines,
        older: older.map(|id| format!("/admin/break-glass?view={}&before={id}", view.as_str())),
    }))
}

struct Looked {
    at: String,
    did: &'static str,
}

#[derive(Template)]
#[template(path = "pages/break_glass/review.html")]
struct Opening {
    id: BreakGlassId,
    who: String,
    reference: String,
    cause: &'static str,
    reason: Option<String>,
    when: String,
    until: String,
    looked_at: Vec<Looked>,
    tag: Tag,
    reviewed: Option<(String, String)>,
    own: bool,
    remark_was: Option<String>,
    finding: Field,
    remark: Field,
    findings: &'static [Finding],
    problem: Problem,
}

async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    shown(&house, &me, key(&id)?, &Typed::default(), &Faults::default()).await
}

/// One opening; that its reason was read is in the ledger before it is shown.
async fn shown(
    house: &House,
    me: &Actor,
    id: BreakGlassId,
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, Failure> {
    let told = break_glass::one(house.reader(), house.keyring(), id).await?;
    house.readings().record(me, Act::ViewBreakGlass, &told.subject()).await?;
    let (now, zone, names) = (house.now(), Center::of(house).await?.zone, names(house).await?);
    let clock = |at: foundation::Instant| at.with_timezone(&zone).format("%-I:%M:%S %P").to_string();
    let looked =
        |entry: foundation::ledger::asking::Entry| Looked { at: clock(entry.at), did: entry.act.words() };
    Ok(show(Opening {
        id,
        who: name_of(&names, told.line.staff),
        reference: reference(house, told.line.person).await?,
        cause: told.line.cause.words(),
        reason: told.reason,
        when: when(told.line.began_at, now, zone),
        until: when(told.line.ends_at, now, zone),
        looked_at: told.looked_at.into_iter().map(looked).collect(),
        tag: tag(told.line.finding),
        reviewed: told.reviewed.map(|(at, by)| (when(at, now, zone), name_of(&names, by))),
        own: me.staff_id() == Some(told.line.staff),
        remark_was: told.remark,
        finding: Field::of("finding", typed, faults),
        remark: Field::of("remark", typed, faults),
        findings: Finding::ALL,
        problem: Problem::from(faults),
    }))
}

async fn review(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let done = match Review::parse(typed.text("finding"), typed.text("remark")) {
        Ok(review) => house.write(&me, async |unit| break_glass::review(unit, id, review).await).await,
        Err(faults) => Err(faults.into()),
    };
    match done {
        Ok(()) => Ok(sent_on("/admin/break-glass", Said::Reviewed, "")),
        Err(error) => shown(&house, &me, id, &typed, &Failure::from(error).faults()?).await,
    }
}

impl Page for Openings {
    fn title(&self) -> String {
        "Locked records that were opened".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
}

impl Page for Opening {
    fn title(&self) -> String {
        "Why a locked record was opened".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
