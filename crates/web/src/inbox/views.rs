//! Filters of the inbox and the views somebody saved: chosen, counted, saved, taken away.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::TimeDelta;
use clients::tags;
use foundation::{Act, Actor, Error, Faults, Instant};
use intake::inbox::counting::counts_in;
use intake::inbox::filter::{Filter, Owner};
use intake::inbox::saving::{self, NewView, Saved, ViewId};
use intake::inbox::{MOST, Row};
use intake::rules::source::SourceKind;
use intake::rules::words::{Channel, ForWhom, Urgency};

use super::Inbox;
use crate::failure::Failure;
use crate::form::{Typed, key};
use crate::house::House;
use crate::look::Problem;
use crate::page::show;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().act("/inbox/views", Access::Staff(Act::SaveView), save).act(
        "/inbox/views/{id}/ended",
        Access::Staff(Act::EndView),
        end,
    )
}

/// A saved view among the others.
pub(super) struct Line {
    pub id: ViewId,
    pub name: String,
    pub query: String,
    pub count: i64,
    pub shared: bool,
    pub is_mine: bool,
    pub is_current: bool,
}

/// The choices of a filter, and the views that were saved.
pub(super) struct Views {
    pub filter: Filter,
    pub name: String,
    pub saved: Vec<Line>,
    /// The center's words, to choose by.
    tags: Vec<(String, String)>,
}

impl Views {
    pub(super) async fn new(house: &House, me: &Actor, asked: &Typed, open: &[Row]) -> Result<Self, Error> {
        let filter = Filter::read(|name| asked.text(name));
        let (now, mine) = (house.now(), me.staff_id());
        let tags =
            tags::of(house).await?.0.iter().map(|tag| (tag.id.to_string(), tag.words.clone())).collect();
        let all = house.saved_views().of(house).await?;
        let saved: Vec<&Saved> = all.iter().filter(|one| one.whose.is_for(mine)).collect();
        let filters: Vec<Filter> = saved.iter().map(|one| one.filter).collect();
        let counts = if open.len() < MOST {
            let count = |filter: &Filter| open.iter().filter(|row| filter.holds(row, mine, now)).count();
            filters.iter().map(|filter| i64::try_from(count(filter)).unwrap_or(i64::MAX)).collect()
        } else {
            counts_in(house.reader(), me, &filters, now).await?
        };
        let lines = saved.into_iter().zip(counts).map(|(one, count)| Line {
            id: one.id,
            name: one.name.clone(),
            query: query(one.filter),
            count,
            shared: one.whose.shared,
            is_mine: Some(one.whose.by) == mine,
            is_current: filter.is_any() && one.filter == filter,
        });
        Ok(Self { filter, name: asked.text("view_name").to_owned(), saved: lines.collect(), tags })
    }

    /// The saved view that is shown, when it is one.
    pub(super) fn current(&self) -> Option<&Line> {
        self.saved.iter().find(|line| line.is_current)
    }

    /// The choices: name, label, and each value with its words and whether it is chosen.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let choice = |name, label, chosen: Option<&str>, all: Vec<(String, String)>| {
            let values = all.into_iter().map(|(value, words)| {
                let is_chosen = chosen == Some(value.as_str());
                (value, words, is_chosen)
            });
            Choice { name, label, values: values.collect() }
        };
        let of = |name, label, chosen, all: Vec<(&'static str, &'static str)>| {
            choice(name, label, chosen, all.into_iter().map(|(v, w)| (v.into(), w.into())).collect())
        };
        let channels = Channel::ALL.iter().map(|c| (c.as_str(), c.words())).collect();
        let urgencies = Urgency::ALL.iter().map(|u| (u.as_str(), u.words())).collect();
        let whom = ForWhom::ALL.iter().map(|f| (f.as_str(), f.words())).collect();
        let owners = Owner::ALL.iter().map(|o| (o.as_str(), o.words())).collect();
        let sources = SourceKind::ALL.iter().map(|s| (s.as_str(), s.words())).collect();
        let hours = self.filter.hours.map(|hours| hours.to_string());
        let tag = self.filter.tag.map(|tag| tag.to_string());
        let mut choices = vec![
            of("urgency", "Urgency", self.filter.urgency.map(Urgency::as_str), urgencies),
            of("channel", "How they came", self.filter.channel.map(Channel::as_str), channels),
            of("for_whom", "For whom", self.filter.for_whom.map(ForWhom::as_str), whom),
            of("owner", "Whose", self.filter.owner.map(Owner::as_str), owners),
            of("source", "Sent by", self.filter.source.map(SourceKind::as_str), sources),
            of("hours", "Waiting for", hours.as_deref(), HOURS.to_vec()),
        ];
        if !self.tags.is_empty() {
            choices.push(choice("tag", "Tag", tag.as_deref(), self.tags.clone()));
        }
        choices
    }
}

const HOURS: [(&str, &str); 4] = [
    ("1", "an hour or longer"),
    ("4", "four hours or longer"),
    ("24", "a day or longer"),
    ("168", "a week or longer"),
];

/// How long the inbox may go by the views another process knows of.
const KEPT: TimeDelta = TimeDelta::seconds(5);

/// Every saved view as it was read a moment ago: each page of the inbox asks for them, and they hardly ever change.
#[derive(Default)]
pub struct SavedViews(Mutex<Option<(Instant, Arc<Vec<Saved>>)>>);

impl SavedViews {
    async fn of(&self, house: &House) -> Result<Arc<Vec<Saved>>, Error> {
        let now = house.now();
        if let Some((at, all)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && (*at..*at + KEPT).contains(&now)
        {
            return Ok(Arc::clone(all));
        }
        let all = Arc::new(saving::all(house.reader(), house.keyring()).await?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&all)));
        Ok(all)
    }

    /// The next who asks reads them anew.
    fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// One choice of the filter.
pub(super) struct Choice {
    pub name: &'static str,
    pub label: &'static str,
    pub values: Vec<(String, String, bool)>,
}

/// A filter as an address carries it.
pub(crate) fn query(filter: Filter) -> String {
    serde_urlencoded::to_string(filter.pairs()).unwrap_or_default()
}

async fn save(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let filter = Filter::read(|name| typed.text(name));
    let saved = match NewView::parse(typed.text("view_name"), filter, typed.checked("shared")) {
        Ok(new) => house.write(&me, async |unit| saving::save(unit, new).await).await,
        Err(faults) => Err(faults.into()),
    };
    match saved {
        Ok(_) => {
            house.saved_views().forget();
            Ok(sent_on(&format!("/inbox?{}", query(filter)), Said::ViewSaved, "view"))
        }
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            let faults: Faults = Failure::from(error).faults()?;
            Ok(show(Inbox::new(&house, &me, &typed, Problem::from(&faults)).await?))
        }
        Err(other) => Err(other.into()),
    }
}

async fn end(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let id: ViewId = key(&id)?;
    house.write(&me, async |unit| saving::end(unit, id).await).await?;
    house.saved_views().forget();
    Ok(sent_on("/inbox", Said::ViewEnded, "view"))
}
