//! The front door: visitors choose what they came for, staff see their day.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use clients::client::{self, ListQuery};
use foundation::acts::{Reach, reach_of};
use foundation::break_glass::how_many_wait;
use foundation::center::Center;
use foundation::staff::inviting::is_empty;
use foundation::staff::{Session, Stage};
use foundation::{Act, Actor, Error, Instant, Zone};
use intake::inbox::{Row, View, next_for, rows, sentence_of};
use intake::rules::standing::Group;

use crate::failure::{Failure, entrance};
use crate::filters;
use crate::house::House;
use crate::inbox::Line;
use crate::look::Place;
use crate::page::{Page, Shell, show};
use crate::referrals::Due;
use crate::routes::{Access, Routes};
use crate::session::SignedIn;

/// Clients shown on the day.
const MOST: u64 = 30;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/", Access::Public, door)
}

async fn door(State(house): State<House>, session: Option<Extension<SignedIn>>) -> Result<Response, Failure> {
    match session {
        Some(Extension(SignedIn(session))) if session.stage == Stage::In => {
            Ok(show(MyDay::new(&house, &session).await?))
        }
        Some(Extension(SignedIn(session))) => Ok(Redirect::to(entrance(session.stage)).into_response()),
        None if is_empty(house.reader()).await? => Ok(Redirect::to("/setup").into_response()),
        None => Ok(show(Door)),
    }
}

#[derive(Template)]
#[template(path = "pages/public/door.html")]
struct Door;

impl Page for Door {
    fn title(&self) -> String {
        "Talk to us".into()
    }
    fn shell(&self) -> Shell {
        Shell::Public { leave: true }
    }
}

#[derive(Template)]
#[template(path = "pages/my_day.html")]
struct MyDay {
    greeting: String,
    bold: String,
    rest: String,
    next: Option<Line>,
    promises: Vec<Line>,
    /// Who was sent on and is to be asked after now, for whoever carries them.
    arrivals: Vec<Due>,
    caseload: Vec<client::Line>,
    /// Openings of locked records that wait for this reviewer.
    to_review: u64,
    doors: Vec<(&'static str, &'static str)>,
}

impl MyDay {
    async fn new(house: &House, session: &Session) -> Result<Self, Error> {
        let me = session.actor();
        let zone = Center::of(house).await?.zone;
        let now = house.now();
        let may = |act| reach_of(&me, act) != Reach::No;
        let open =
            if may(Act::ViewInbox) { rows(house, &me, View::Everyone, None).await? } else { Vec::new() };
        let sentence = may(Act::ViewInbox).then(|| sentence_of(&open, now));
        let next = next_for(&open, me.staff_id())
            .filter(|r| matches!(r.group(), Group::Safety | Group::FirstCall))
            .cloned();
        let promises = mine(open, &me).map(|row| Line::new(row, me.staff_id(), now, zone)).collect();
        let arrivals =
            if may(Act::FollowReferral) { arrivals(house, &me, now, zone).await? } else { Vec::new() };
        let caseload = caseload(house, &me).await?;
        let to_review = if may(Act::ReviewBreakGlass) { how_many_wait(house.reader()).await? } else { 0 };
        let (bold, rest) = sentence.unwrap_or_else(|| of_caseload(&caseload));
        let first_name = session.staff.name.split(' ').next().unwrap_or_default();
        let hour = now.with_timezone(&zone).format("%H").to_string().parse::<u32>().unwrap_or(12);
        let part = match hour {
            4..12 => "Good morning",
            12..18 => "Good afternoon",
            _ => "Good evening",
        };
        Ok(Self {
            greeting: format!("{part}, {first_name}"),
            bold,
            rest,
            next: next.map(|row| Line::new(row, me.staff_id(), now, zone)),
            promises,
            arrivals,
            caseload,
            to_review,
            doors: doors(&may),
        })
    }
}

/// What I promised, the next first.
fn mine(open: Vec<Row>, me: &Actor) -> impl Iterator<Item = Row> {
    let me = me.staff_id();
    open.into_iter().filter(move |r| r.owner_id.is_some() && r.owner_id == me && r.next_step_at.is_some())
}

/// Whom I sent on and of whom nobody knows yet, as far as it is time to ask.
async fn arrivals(house: &House, me: &Actor, now: Instant, zone: Zone) -> Result<Vec<Due>, Error> {
    let rows = intake::referral_out::due::rows(house.reader(), me).await?;
    let mine = rows.into_iter().filter(|row| row.is_due(now) && row.is_for(me.staff_id()));
    Ok(mine.map(|row| Due::of(&row, now, zone)).collect())
}

/// The people a counselor carries who are in care now.
async fn caseload(house: &House, me: &Actor) -> Result<Vec<client::Line>, Error> {
    if !matches!(reach_of(me, Act::OpenClient), Reach::Caseload | Reach::Team) {
        return Ok(Vec::new());
    }
    let query = ListQuery { in_care: true, limit: MOST, ..ListQuery::default() };
    client::list(house.reader(), me, &query).await
}

fn of_caseload(caseload: &[client::Line]) -> (String, String) {
    match caseload.len() {
        0 => ("Nothing waits for you here.".into(), String::new()),
        1 => ("One person you carry is in care now.".into(), String::new()),
        n => (format!("{n} people you carry are in care now."), String::new()),
    }
}

/// Where someone goes whose day is not in the inbox.
fn doors(may: &impl Fn(Act) -> bool) -> Vec<(&'static str, &'static str)> {
    [
        (Act::ViewDashboards, "/dashboards/today", "Today in numbers"),
        (Act::ViewSources, "/sources", "Where people come from"),
        (Act::ManageStaff, "/admin/staff", "Staff accounts"),
        (Act::ViewAudit, "/admin/audit", "The ledger"),
        (Act::ViewBreakGlass, "/admin/break-glass", "Opened records"),
        (Act::BreakGlass, "/break-glass", "Open a locked record"),
    ]
    .into_iter()
    .filter(|(act, ..)| may(*act))
    .map(|(_, href, words)| (href, words))
    .collect()
}

impl Page for MyDay {
    fn title(&self) -> String {
        "My day".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::MyDay)
    }
}
