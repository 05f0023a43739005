//! The inbox: who waits, and who is promised what.

mod bulk;
mod undo;
mod views;

pub(crate) use bulk::{MOST as MOST_CHOSEN, again};
pub(crate) use views::SavedViews;
pub(crate) use views::query;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{Months, NaiveTime, TimeDelta, TimeZone};
use consent::rules::contact::{Permission, Voicemail};
use dashboards::today::Waited;
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Day, Error, Instant, Lang, StaffId, Zone, read_day};
use intake::clocks::{self, Clocks};
use intake::inbox::counting::{Counts, counts, counts_of};
use intake::inbox::filter::Filter;
use intake::inbox::{MOST, Place as From, Row, View, Which, goes_on, rows, sentence_of};
use intake::rules::countdown::{Countdown, awaited};
use intake::rules::standing::{Group, long};
use intake::rules::words::{Channel, ForWhom};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Asked, Typed};
use crate::house::House;
use crate::look::{Place, Problem, Tag};
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
        let clocks = clocks::of(house).await?;
        let told = Told { me: mine, now, zone, clocks: &clocks };
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

/// A row as the page shows it.
pub struct Line {
    pub reference: String,
    /// When it came in, for programs and as people say it.
    pub received: String,
    pub came: String,
    pub name: String,
    pub about: String,
    /// Only a few know of it, of whom the viewer is one.
    pub confidential: bool,
    pub urgency: Tag,
    pub channel: &'static str,
    pub icon: &'static str,
    pub safe: Tag,
    pub due: String,
    pub due_tone: &'static str,
    pub age: String,
    pub owner: String,
    pub initials: String,
    pub who: &'static str,
    /// Which colleagues look at it now.
    pub here: String,
}

/// By what a row is told: to whom, at which moment, by which clocks.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    pub me: Option<StaffId>,
    pub now: Instant,
    pub zone: Zone,
    pub clocks: &'a Clocks,
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

impl Line {
    /// A row in the words of the page.
    pub fn new(row: Row, told: Told<'_>) -> Self {
        let (me, group) = (told.me, row.group());
        let (due, due_tone) = due(&row, group, told);
        let (owner, who) = match (&row.owner, row.owner_id) {
            (_, Some(id)) if Some(id) == me => ("You".to_owned(), "who-me"),
            (Some(name), _) => (name.clone(), ""),
            _ => ("Nobody yet".into(), "who-none"),
        };
        let initials = row.owner.as_deref().map_or_else(|| "–".into(), crate::look::initials);
        Self {
            received: row.received_at.to_rfc3339(),
            came: when(row.received_at, told.now, told.zone),
            name: clients::person::shown(&row.name),
            about: about(&row),
            confidential: row.confidential,
            urgency: Tag { tone: row.urgency.tone(), mark: row.urgency.mark(), words: row.urgency.words() },
            channel: row.channel.words(),
            icon: icon(row.channel),
            safe: safe(&row),
            due,
            due_tone,
            age: age(&row, group, told),
            owner,
            initials,
            who,
            here: String::new(),
            reference: row.reference,
        }
    }
}

fn about(row: &Row) -> String {
    let whom = match row.for_whom {
        ForWhom::Self_ | ForWhom::NotSaid => String::new(),
        other => other.words().to_lowercase(),
    };
    let what = match (&row.next_step, row.disposition) {
        (_, Some(disposition)) => disposition.words().into(),
        (Some(step), None) => step.clone(),
        _ => whom,
    };
    match (Lang::of(&row.language), what.as_str()) {
        (Lang::English, _) => what,
        (lang, "") => format!("speaks {}", lang.words()),
        (lang, _) => format!("{what} · speaks {}", lang.words()),
    }
}

fn icon(channel: Channel) -> &'static str {
    match channel {
        Channel::Web | Channel::Website => "globe",
        Channel::Phone => "phone-incoming",
        Channel::Referral => "building-2",
        Channel::Email => "mail",
        Channel::OldRecords => "history",
    }
}

/// The safe-contact mark of the row: what must be known before anyone dials.
fn safe(row: &Row) -> Tag {
    let (tone, mark, words) = match (row.call, row.voicemail) {
        (None | Some(Permission::NotAsked), _) => ("plain", "dashed", "Not asked yet"),
        (Some(Permission::Never), _) => ("now", "crossed", "Do not call"),
        _ if row.hours().is_some() => ("soon", "half", "Certain hours"),
        (_, Some(Voicemail::Never)) => ("soon", "half", "No voicemail"),
        _ => ("calm", "check", "Any time"),
    };
    Tag { tone, mark, words }
}

fn due(row: &Row, group: Group, told: Told<'_>) -> (String, &'static str) {
    let Told { now, zone, .. } = told;
    if let Some(until) = row.snoozed_until.filter(|_| row.is_snoozed(now)) {
        return (format!("until {}", when(until, now, zone)), "plain");
    }
    if let Some(at) = row.check_in_at {
        return (format!("ask {}", when(at, now, zone)), "plain");
    }
    match (group, row.next_step_at) {
        (Group::Closed, _) => ("Closed".into(), "plain"),
        // Whoever may be in danger is waited for by nobody.
        (Group::Safety, _) => ("Call now".into(), "now"),
        _ if row.waits_for(now).is_some() => ("Paused".into(), "plain"),
        (Group::Promised, Some(at)) if at <= now => (late(at, now), "now"),
        (Group::Promised, Some(at)) => (when(at, now, zone), "plain"),
        (Group::Waiting, _) => ("No next step".into(), "soon"),
        // How long they wait stands below it.
        _ => match row.countdown(told.clocks, zone, now) {
            Countdown::Late(since) => (late(since, now), "now"),
            Countdown::Left(time) => (format!("{} left", long(now, now + time)), "urgent"),
            Countdown::Rests(_) | Countdown::Waits(..) => ("Paused".into(), "plain"),
        },
    }
}

/// A moment as a colleague says it: "at 11:00", "tomorrow 9:00", "Mon 2 Mar 9:00".
pub fn when(at: Instant, now: Instant, zone: Zone) -> String {
    let (local, today) = (at.with_timezone(&zone), now.with_timezone(&zone).date_naive());
    let clock = local.format("%-I:%M %P");
    match (local.date_naive() - today).num_days() {
        0 => format!("today {clock}"),
        1 => format!("tomorrow {clock}"),
        -1 => format!("yesterday {clock}"),
        days if days.abs() > 300 => format!("{} {clock}", local.format("%-d %b %Y")),
        _ => format!("{} {clock}", local.format("%a %-d %b")),
    }
}

/// How late it is; what is due this very minute is not late yet.
fn late(since: Instant, now: Instant) -> String {
    if (now - since).num_minutes() == 0 { "Due now".into() } else { format!("Late {}", long(since, now)) }
}

fn age(row: &Row, group: Group, told: Told<'_>) -> String {
    let Told { now, zone, .. } = told;
    if let Some((why, until)) = row.waits_for(now).filter(|_| group != Group::Closed) {
        return format!("{} until {}", awaited(why, &row.name), when(until, now, zone));
    }
    if group == Group::FirstCall
        && let Countdown::Rests(again) = row.countdown(told.clocks, zone, now)
    {
        return format!("the clock goes on {}", when(again, now, zone));
    }
    if let Some(woke) = row.woke(now) {
        return format!("awake again for {}", long(woke, now));
    }
    match (group, row.attempts) {
        (Group::FirstCall | Group::Safety, _) => format!("waiting {}", long(row.received_at, now)),
        (_, 1) => "1 attempt".into(),
        (_, n) if n > 1 => format!("{n} attempts"),
        _ => format!("since {}", long(row.received_at, now)),
    }
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
