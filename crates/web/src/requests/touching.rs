//! How they came to us: the touches of a request on its page, written down, chosen, taken away.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use foundation::{Act, Actor, Error, Zone, may};
use intake::organization::finding::Choices;
use intake::request::page::Page as Read;
use intake::rules::source::{SourceKind, TouchWay};
use intake::touch::{self, Line, NewTouch, TouchId};

use crate::failure::Failure;
use crate::form::{Typed, key};
use crate::house::House;
use crate::inbox::when;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

use super::{act_on, here};

/// The routes of this file.
pub(super) fn routes() -> Routes {
    let attribute = Access::Staff(Act::AttributeRequest);
    Routes::default()
        .act("/inbox/{reference}/touches", attribute, add)
        .act("/inbox/{reference}/touches/{touch}/first", attribute, choose)
        .act("/inbox/{reference}/touches/{touch}/removed", attribute, remove)
}

async fn add(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let new = NewTouch::parse(|name| typed.text(name))?;
        house.write(&me, async |unit| touch::add(unit, request, new).await).await?;
        Ok((here(&request.reference), Said::TouchKept))
    })
    .await
}

async fn choose(
    State(house): State<House>,
    Me(me, _): Me,
    Path((reference, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id: TouchId = key(&id)?;
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| touch::choose(unit, request, id).await).await?;
        Ok((here(&request.reference), Said::TouchFirst))
    })
    .await
}

async fn remove(
    State(house): State<House>,
    Me(me, _): Me,
    Path((reference, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id: TouchId = key(&id)?;
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| touch::remove(unit, request, id).await).await?;
        Ok((here(&request.reference), Said::TouchRemoved))
    })
    .await
}

/// A touch as the page tells it.
pub(super) struct TouchLine {
    pub id: TouchId,
    pub words: String,
    pub small: String,
    pub detail: Option<String>,
    pub first: bool,
}

/// How they came to us.
pub(super) struct Came {
    pub lines: Vec<TouchLine>,
    /// Organizations and people there, to choose from by name.
    pub choices: Vec<String>,
    pub may: bool,
}

impl Came {
    pub(super) async fn new(house: &House, me: &Actor, read: &mut Read, zone: Zone) -> Result<Self, Error> {
        let may = may(me, Act::AttributeRequest, &read.request.subject());
        let choices = if may { Choices::of(house).await? } else { Arc::default() };
        let now = house.now();
        let line = |line: Line| {
            let from = [line.contact, line.organization].into_iter().flatten().collect::<Vec<_>>();
            let kind = line.touch.kind.words();
            let words = if from.is_empty() { kind.to_owned() } else { from.join(", ") };
            let teds = line.touch.kind.teds().words();
            let kind = if from.is_empty() { String::new() } else { format!("{kind}. ") };
            let small = format!(
                "{kind}{}. Counted as: {teds}. Written down {}",
                line.touch.way.words(),
                when(line.touch.added_at, now, zone)
            );
            TouchLine { id: line.touch.id, words, small, detail: line.detail, first: line.touch.is_primary }
        };
        Ok(Self {
            lines: std::mem::take(&mut read.touches).into_iter().map(line).collect(),
            choices: choices.0.iter().map(|choice| choice.words.clone()).collect(),
            may,
        })
    }
}

/// How a touch can be known, as stored and as read.
pub(super) fn ways() -> Vec<(&'static str, &'static str)> {
    TouchWay::ALL.iter().map(|way| (way.as_str(), way.words())).collect()
}

/// Where people can come from, as stored and as read.
pub(super) fn kinds() -> Vec<(&'static str, &'static str)> {
    SourceKind::ALL.iter().map(|kind| (kind.as_str(), kind.words())).collect()
}
