//! The reasons that are offered when a request ends: the coded ones, and those of the center's own.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::{Act, Actor, Faults, Subject, may};
use intake::reasons::{self, Change};
use intake::rules::outcome::Reason;
use intake::rules::reasons::{OwnReason, ReasonId, Reasons};
use intake::rules::words::Disposition;
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
        .page("/admin/reasons", Access::Staff(Act::ViewSettings), page)
        .act("/admin/reasons", change, add)
        .act("/admin/reasons/{reason}/ending", change, end)
        .act("/admin/reasons/{reason}/offering", change, offer)
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    shown(&house, &me, &Typed::default(), &Faults::default()).await
}

async fn shown(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    let (list, version) = reasons::with_version(house.reader()).await?;
    Ok(show(ReasonsPage::new(me, &list, version, typed, faults)))
}

async fn change(
    house: &House,
    me: &Actor,
    typed: &Typed,
    change: Result<Change, Faults>,
) -> Result<Response, Failure> {
    let faults = changed(typed, "words", change, async |version, change| {
        house.write(me, async |unit| reasons::change(unit, version, change).await).await
    })
    .await?;
    if faults.0.is_empty() {
        return Ok(sent_on("/admin/reasons", Said::ListChanged, ""));
    }
    shown(house, me, typed, &faults).await
}

async fn add(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    // Its key is given when it is kept.
    let nobody = ReasonId(Uuid::nil());
    let new = OwnReason::parse(nobody, typed.text("words"), typed.text("explains"), typed.text("under"));
    change(&house, &me, &typed, new.map(Change::Add)).await
}

async fn end(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reason): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let what = match Reason::parse(&reason) {
        Some(coded) => Change::Hide(coded),
        None => Change::End(key(&reason)?),
    };
    change(&house, &me, &typed, Ok(what)).await
}

async fn offer(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reason): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let what = match Reason::parse(&reason) {
        Some(coded) => Change::Offer(coded),
        None => Change::TakeUp(key(&reason)?),
    };
    change(&house, &me, &typed, Ok(what)).await
}

/// A reason as the page shows it.
struct Line {
    key: String,
    words: String,
    /// What it counts under; empty for a coded one.
    under: &'static str,
    own: bool,
    offered: bool,
}

#[derive(Template)]
#[template(path = "pages/admin/reasons.html")]
struct ReasonsPage {
    may_change: bool,
    version: i32,
    groups: Vec<(&'static str, Vec<Line>)>,
    words: Field,
    explains: Field,
    under: Field,
    problem: Problem,
}

impl ReasonsPage {
    fn new(me: &Actor, list: &Reasons, version: i32, typed: &Typed, faults: &Faults) -> Self {
        let of = |disposition| lines(list, disposition);
        let groups = Disposition::choosable().map(|one| (one.words(), of(one)));
        Self {
            may_change: may(me, Act::ChangeSettings, &Subject::center()),
            version,
            groups: groups.filter(|(_, lines)| !lines.is_empty()).collect(),
            words: Field::of("words", typed, faults),
            explains: Field::of("explains", typed, faults),
            under: Field::of("under", typed, faults),
            problem: Problem::from(faults),
        }
    }

    fn outcomes() -> Vec<(&'static str, &'static str)> {
        Disposition::choosable().map(|one| (one.as_str(), one.words())).collect()
    }

    fn coded() -> Vec<(&'static str, String)> {
        let words = |one: &Reason| format!("{}: {}", one.explains().words(), one.words());
        Reason::ALL.iter().map(|one| (one.as_str(), words(one))).collect()
    }
}

fn lines(list: &Reasons, of: Disposition) -> Vec<Line> {
    let coded = Reason::ALL.iter().filter(|one| one.explains() == of).map(|one| Line {
        key: one.to_string(),
        words: one.words().to_owned(),
        under: "",
        own: false,
        offered: !list.hidden.contains(one),
    });
    let own = list.own.iter().filter(|one| one.explains == of).map(|one| Line {
        key: one.id.to_string(),
        words: one.words.clone(),
        under: one.under.map_or("", Reason::words),
        own: true,
        offered: !one.ended,
    });
    coded.chain(own).collect()
}

impl Page for ReasonsPage {
    fn title(&self) -> String {
        "Why a request ends".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
