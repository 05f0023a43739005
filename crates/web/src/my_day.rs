//! The front door: visitors choose what they came for, staff see their day.

mod clock;
mod machine;
mod waiting;

use std::collections::HashMap;

use alumni::worklist::worklist;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use clients::client::{self, ListQuery};
use consent::contact_override;
use consent::contact_rules::{Caution, cautions_of};
use foundation::acts::{Reach, reach_of};
use foundation::break_glass::how_many_wait;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::staff::inviting::is_empty;
use foundation::staff::{Session, Stage};
use foundation::{Act, Actor, Error, Instant, PersonId, Zone};
use intake::clocks;
use intake::inbox::{View, next_for, rows, sentence_of};
use intake::request::mentioning::{self, MentionId, Named};
use intake::request::watching;
use intake::rules::standing::Group;
use intake::waiting_on;

use crate::alerts::{self, AlertLine, LockedLine};
use crate::appointments::week;
use crate::escalation::{self, ToldLine};
use crate::failure::{Failure, entrance};
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::inbox::{Line, Told, when};
use crate::look::Place;
use crate::page::{Page, Shell, show};
use crate::referrals::Due;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::{Me, SignedIn};
use waiting::{Item, Promises};

/// Clients shown on the day.
const MOST: u64 = 30;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/", Access::Public, door).act(
        "/mentions/{id}/seeing",
        Access::Staff(Act::SeeMention),
        see,
    )
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

/// Whoever was named says that they saw it.
async fn see(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let id: MentionId = key(&id)?;
    house.write(&me, async |unit| mentioning::see(unit, id).await).await?;
    Ok(sent_on("/", Said::Seen, ""))
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
    fn is_translated(&self) -> bool {
        true
    }
    fn chooses_language(&self) -> Option<&'static str> {
        Some("/")
    }
}

#[derive(Template)]
#[template(path = "pages/my_day.html")]
struct MyDay {
    greeting: String,
    bold: String,
    rest: String,
    next: Option<Line>,
    /// Requests that wait and that the viewer was told of.
    told: Vec<ToldLine>,
    /// What the viewer promised.
    promises: Promises,
    /// What the viewer's requests wait for that others do.
    others: Vec<Item>,
    /// Calls the viewer began and never finished.
    left_open: Vec<Item>,
    /// Who was sent on and is to be asked after now, for whoever carries them.
    arrivals: Vec<Due>,
    /// Where colleagues named the viewer.
    named: Vec<NamedLine>,
    /// What happened at the requests the viewer watches.
    changed: Vec<ChangedLine>,
    /// Who comes in today.
    coming: Vec<week::Line>,
    books: bool,
    caseload: Vec<client::Line>,
    /// Alumni who need somebody now or today: first of all.
    alerts: Vec<AlertLine>,
    /// The same, of records that are locked for the one on call.
    locked: Vec<LockedLine>,
    /// Alumni on the viewer's list of whom to reach.
    to_reach: usize,
    /// Records that no counselor carries, for whoever answers for them.
    without_counselor: Vec<client::Line>,
    /// What to mind before reaching whoever is listed by their record.
    cautions: HashMap<PersonId, Caution>,
    /// Openings of locked records that wait for this reviewer.
    to_review: u64,
    /// Calls against what someone had said that wait for this reviewer.
    overrides: u64,
    /// When the clock of the machine jumped lately, for those who look after it.
    jumps: Vec<String>,
    /// What else they must look at.
    machine: Vec<machine::Trouble>,
    /// Letters about somebody that wait for the viewer as a second person.
    to_release: usize,
    doors: Vec<(&'static str, &'static str)>,
}

struct NamedLine {
    named: Named,
    when: String,
}

struct ChangedLine {
    reference: String,
    name: String,
    told: Vec<String>,
    more: usize,
}

impl MyDay {
    #[expect(clippy::too_many_lines, reason = "everything that stands on the page, in its order")]
    async fn new(house: &House, session: &Session) -> Result<Self, Error> {
        let me = session.actor();
        let zone = Center::of(house).await?.zone;
        let now = house.now();
        let may = |act| reach_of(&me, act) != Reach::No;
        let open =
            if may(Act::ViewInbox) { rows(house, &me, View::Everyone, None).await? } else { Vec::new() };
        let sentence = may(Act::ViewInbox).then(|| sentence_of(&open, now));
        let (clocks, tags) = (clocks::of(house).await?, clients::tags::of(house).await?);
        let told = Told { me: me.staff_id(), now, zone, clocks: &clocks, tags: &tags };
        let next = next_for(&open, me.staff_id(), &clocks, zone, now)
            .filter(|r| matches!(r.group(), Group::Safety | Group::FirstCall))
            .cloned();
        let (mine, aside) = if may(Act::ViewInbox) {
            // Their own, asked for by themselves: of everyone's rows only the first are here.
            let aside = rows(house, &me, View::Snoozed, None).await?;
            (rows(house, &me, View::Mine, None).await?, aside)
        } else {
            (Vec::new(), Vec::new())
        };
        let aside = aside.into_iter().filter(|row| row.owner_id == me.staff_id()).collect();
        let waiting = waiting_on::of(house.reader(), &me).await?;
        let arrivals =
            if may(Act::FollowReferral) { arrivals(house, &me, now, zone).await? } else { Vec::new() };
        let (named, changed) = if may(Act::OpenRequest) {
            of_the_team(house, &me, now, zone).await?
        } else {
            (Vec::new(), Vec::new())
        };
        let caseload = caseload(house, &me).await?;
        let without_counselor = without_counselor(house, &me).await?;
        let listed = caseload.iter().chain(&without_counselor).map(|line| line.id);
        let cautions = cautions_of(house.reader(), listed).await?;
        let to_review = if may(Act::ReviewBreakGlass) { how_many_wait(house.reader()).await? } else { 0 };
        let overrides = if may(Act::ReviewContactOverride) {
            contact_override::how_many_wait(house.reader()).await?
        } else {
            0
        };
        let (alerts, locked) =
            (alerts::list_lines(house, &me).await?, alerts::list_locked(house, &me).await?);
        let to_reach = if may(Act::ViewAlumni) { to_reach(house, &me).await? } else { 0 };
        let coming = week::coming_in(house, &me).await?;
        let others_wait =
            to_reach > 0 || overrides > 0 || to_review > 0 || !locked.is_empty() || !coming.is_empty();
        let to_release = crate::mail::letters_to_release(house, &me).await?;
        let jumps = clock::jumps(house, &me, zone).await?;
        let machine = machine::troubles(house, &me, zone).await?;
        let others_wait = others_wait || !machine.is_empty();
        let others_wait = others_wait || !jumps.is_empty() || !without_counselor.is_empty() || to_release > 0;
        let (bold, rest) = sentence.unwrap_or_else(|| of_caseload(&caseload, others_wait));
        let (bold, rest) = match alerts::sentence(&alerts) {
            Some(first) => (first, format!("{bold} {rest}")),
            None => (bold, rest),
        };
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
            next: next.map(|row| Line::new(row, told)),
            told: escalation::told(house, &me).await?,
            promises: Promises::of(mine, told),
            others: waiting::others(aside, &waiting, now, zone),
            left_open: waiting::left_open(&waiting.calls, now, zone),
            arrivals,
            named,
            changed,
            coming,
            books: may(Act::BookAppointment),
            caseload,
            alerts,
            locked,
            to_reach,
            without_counselor,
            cautions,
            to_review,
            overrides,
            jumps,
            machine,
            to_release,
            doors: doors(&may),
        })
    }
}

/// Whom I sent on and of whom nobody knows yet, as far as it is time to ask.
async fn arrivals(house: &House, me: &Actor, now: Instant, zone: Zone) -> Result<Vec<Due>, Error> {
    let rows = intake::referral_out::due::rows(house.reader(), me).await?;
    let mine = rows.into_iter().filter(|row| row.is_due(now) && row.is_for(me.staff_id()));
    Ok(mine.map(|row| Due::of(&row, now, zone)).collect())
}

/// Where colleagues named the viewer, and what they did at what the viewer watches.
async fn of_the_team(
    house: &House,
    me: &Actor,
    now: Instant,
    zone: Zone,
) -> Result<(Vec<NamedLine>, Vec<ChangedLine>), Error> {
    let staff = Directory::of(house).await?;
    let (named, changed) = house
        .look(async |reader| {
            let named = mentioning::unseen(reader, me, house.keyring(), &staff).await?;
            Ok((named, watching::changed(reader, me, &staff).await?))
        })
        .await?;
    let named = named.into_iter().map(|named| NamedLine { when: when(named.at, now, zone), named });
    let changed = changed.into_iter().map(|one| ChangedLine {
        reference: one.reference,
        name: one.name,
        told: one
            .told
            .iter()
            .map(|(who, did, at)| format!("{who} {did}, {}", when(*at, now, zone)))
            .collect(),
        more: one.more,
    });
    Ok((named.collect(), changed.collect()))
}

/// The people a counselor carries who are in care now.
async fn caseload(house: &House, me: &Actor) -> Result<Vec<client::Line>, Error> {
    if !matches!(reach_of(me, Act::OpenClient), Reach::Caseload | Reach::Team) {
        return Ok(Vec::new());
    }
    let query = ListQuery { in_care: true, limit: MOST, ..ListQuery::default() };
    client::list(house.reader(), me, &query).await
}

/// The records that no counselor carries, for supervisors: until somebody does, they answer for them.
async fn without_counselor(house: &House, me: &Actor) -> Result<Vec<client::Line>, Error> {
    if reach_of(me, Act::OpenClient) != Reach::Team {
        return Ok(Vec::new());
    }
    let query = ListQuery { without_counselor: true, limit: MOST, ..ListQuery::default() };
    client::list(house.reader(), me, &query).await
}

/// Alumni whom the viewer should reach today, the grave ones among them.
async fn to_reach(house: &House, me: &Actor) -> Result<usize, Error> {
    let today = house.today(Center::of(house).await?.zone);
    let list = house.look(async |reader| worklist(reader, me, today).await).await?;
    Ok(list.groups.iter().map(|(_, lines)| lines.len()).sum())
}

/// The sentence of who works with clients. "All caught up" never stands above something that waits.
fn of_caseload(caseload: &[client::Line], others_wait: bool) -> (String, String) {
    match (caseload.len(), others_wait) {
        (0, true) => (String::new(), String::new()),
        (0, false) => ("You’re all caught up.".into(), String::new()),
        (1, _) => ("1 of your clients is in care now.".into(), String::new()),
        (n, _) => (format!("{n} of your clients are in care now."), String::new()),
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
        (Act::ExportRecord, "/admin/own-records", "A person’s own record"),
        (Act::ViewContactOverrides, "/admin/contact-overrides", "Calls against rules"),
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
