//! The inbox: who waits, and who is promised what.

mod bulk;
mod line;
mod undo;
mod views;

pub(crate) use bulk::{MOST as MOST_CHOSEN, again};
pub use line::{Line, Told, when};
pub(crate) use views::SavedViews;
pub(crate) use views::query;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{Months, NaiveTime, TimeDelta, TimeZone};
use dashboards::today::Waited;
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Day, Error, Instant, Zone, read_day};
use intake::clocks;
use intake::inbox::counting::{Counts, counts, counts_of};
use intake::inbox::filter::Filter;
use intake::inbox::{MOST, Place as From, Row, View, Which, goes_on, rows, sentence_of};
use intake::request::undoing::UndoGroup;

use crate::failure::Failure;
use crate::filters;
use crate::form::{Asked, Typed};
use crate::house::House;
use crate::look::{Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/inbox", Access::Staff(Act::ViewInbox), inbox)
        .and(bulk::routes())
        .and(undo::routes())
        .and(views::routes())
}

async fn inbox(State(house): State<House>, Me(me, _): Me, Asked(asked): Asked) -> Result<Response, Failure> {
    Ok(show(Inbox::new(&house, &me, &asked, Problem::default()).await?))
}

impl Inbox {
    async fn new(house: &House, me: &Actor, asked: &Typed, problem: Problem) -> Result<Self, Error> {
        let zone = Center::of(house).await?.zone;
        let (now, mine) = (house.now(), me.staff_id());
        let (which, about) = asked_for(asked, now, zone);
        let open = rows(house, me, Which::Open, None).await?;
        let counts = match counts_of(&open, mine, now) {
            Some(counts) => counts,
            None => counts(house.reader(), me, now).await?,
        };
        let awake: Vec<Row> =
            open.iter().filter(|row| View::Everyone.holds(row, mine, now)).cloned().collect();
        let (bold, rest) = sentence_of(&awake, now);
        let views = views::Views::new(house, me, asked, &open).await?;
        let found = match which {
            Which::View(View::Everyone) if open.len() < MOST => awake,
            Which::Filtered(filter) if open.len() < MOST => {
                open.into_iter().filter(|row| filter.holds(row, mine, now)).collect()
            }
            // Everything that is open is here already.
            Which::View(view) if open.len() < MOST && !matches!(view, View::Closed | View::CheckIn) => {
                open.into_iter().filter(|row| view.holds(row, mine, now)).collect()
            }
            _ => rows(house, me, which, place(asked.text("before"))).await?,
        };
        let view = if let Which::View(view) = which { Some(view) } else { None };
        let older = goes_on(which, &found).map(|place| older(asked, place));
        let (clocks, tags) = (clocks::of(house).await?, clients::tags::of(house).await?);
        let told = Told { me: mine, now, zone, clocks: &clocks, tags: &tags };
        let mut groups = match which {
            Which::Received { .. } => one_group(&about, found, told),
            Which::View(view @ (View::Snoozed | View::CheckIn)) => one_group(view.words(), found, told),
            _ => groups(found, told),
        };
        let staff = Directory::of(house).await?;
        for line in groups.iter_mut().flat_map(|group| group.rows.iter_mut()) {
            line.here = house.presence().others(&line.reference, mine, &staff);
        }
        let may_waitlist = reach_of(me, Act::ViewWaitlist) != Reach::No;
        let arrivals = if may_waitlist { arrivals(house, me).await? } else { 0 };
        let bulk = bulk::Offer::new(house, me, which, now, zone).await?;
        let told = crate::escalation::told(house, me).await?.len();
        let may_take = reach_of(me, Act::SetOwnDuty) != Reach::No;
        Ok(Self {
            view,
            about,
            counts,
            bold,
            rest,
            groups,
            may_waitlist,
            arrivals,
            older,
            bulk,
            views,
            told,
            may_take,
            problem,
            undo: None,
        })
    }
}

/// How many who were sent on are to be asked after now.
async fn arrivals(house: &House, me: &Actor) -> Result<usize, Error> {
    let sent = intake::referral_out::due::rows(house.reader(), me).await?;
    Ok(sent.iter().filter(|row| row.is_due(house.now())).count())
}

/// Which requests the address asks for, and what they are called when it is no view: the lists behind the numbers of
/// the dashboards.
fn asked_for(asked: &Typed, now: Instant, zone: Zone) -> (Which, String) {
    if let Some(band) = asked.given("waited").and_then(Waited::parse) {
        let ago = |minutes: Option<i64>| minutes.map(|m| now - TimeDelta::minutes(m));
        let (from, until) = band.minutes();
        let which = Which::Waiting { after: ago(until), until: ago(Some(from)).unwrap_or(now) };
        return (which, format!("Waiting for a first call {}", band.words()));
    }
    let month = asked.given("received").and_then(|month| read_day(&format!("{month}-01")));
    let (Some(first), converted) = (month, asked.text("became") == "client") else {
        let filter = Filter::read(|name| asked.text(name));
        if filter.is_any() {
            return (Which::Filtered(filter), String::new());
        }
        return (Which::View(View::parse(asked.text("view")).unwrap_or(View::Everyone)), String::new());
    };
    let midnight = |day: Day| {
        let local = day.and_time(NaiveTime::MIN);
        let at = zone.from_local_datetime(&local).earliest();
        at.or_else(|| zone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest())
    };
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let (from, until) = (midnight(first), midnight(next));
    let which = Which::Received {
        from: from.map_or(now, |at| at.to_utc()),
        until: until.map_or(now, |at| at.to_utc()),
        converted,
    };
    let became = if converted { ", and became clients" } else { "" };
    (which, format!("Asked in {}{became}", first.format("%B %Y")))
}

/// Where a list goes on, as the address carries it: a moment in milliseconds and a key.
fn place(text: &str) -> Option<From> {
    let (at, id) = text.split_once('.')?;
    Some((chrono::DateTime::from_timestamp_millis(at.parse().ok()?)?, id.parse().ok()?))
}

/// The address of the older ones: the same list from a place on.
fn older(asked: &Typed, (at, id): From) -> String {
    let kept = ["view", "waited", "received", "became"].map(|name| (name, asked.text(name).to_owned()));
    let place = ("before", format!("{}.{id}", at.timestamp_millis()));
    let pairs: Vec<_> = kept.into_iter().filter(|(_, v)| !v.is_empty()).chain([place]).collect();
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// One group of rows under its heading.
struct Rows {
    heading: String,
    rows: Vec<Line>,
}

fn groups(found: Vec<Row>, told: Told<'_>) -> Vec<Rows> {
    let mut groups: Vec<Rows> = Vec::new();
    for row in found {
        let heading = row.group().words();
        let line = Line::new(row, told);
        match groups.last_mut() {
            Some(group) if group.heading == heading => group.rows.push(line),
            _ => groups.push(Rows { heading: heading.to_owned(), rows: vec![line] }),
        }
    }
    groups
}

/// A list of a month is one list, whatever became of them.
fn one_group(about: &str, found: Vec<Row>, told: Told<'_>) -> Vec<Rows> {
    let rows: Vec<Line> = found.into_iter().map(|row| Line::new(row, told)).collect();
    if rows.is_empty() { Vec::new() } else { vec![Rows { heading: about.to_owned(), rows }] }
}

#[derive(Template)]
#[template(path = "pages/inbox/inbox.html")]
struct Inbox {
    view: Option<View>,
    /// What the list is called when it is no view.
    about: String,
    counts: Counts,
    bold: String,
    rest: String,
    groups: Vec<Rows>,
    /// Whether the waitlist is one of their lists.
    may_waitlist: bool,
    /// How many who were sent on are to be asked after now.
    arrivals: usize,
    /// The query of the older ones.
    older: Option<String>,
    /// What can be done with several at once.
    bulk: bulk::Offer,
    views: views::Views,
    /// How many that wait the viewer was told of.
    told: usize,
    /// Whether rules may give requests to the viewer.
    may_take: bool,
    problem: Problem,
    /// What takes back what was done at those at which it could be done.
    undo: Option<UndoGroup>,
}

impl Inbox {
    fn is(&self, view: &str) -> bool {
        self.view.is_some_and(|v| v.as_str() == view)
    }
}

impl Page for Inbox {
    fn title(&self) -> String {
        "Inbox".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
