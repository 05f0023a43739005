//! The page of one request and everything staff do with it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{NaiveDateTime, TimeZone};
use clients::timeline::Knot;
use foundation::center::Center;
use foundation::staff::inviting::everyone;
use foundation::{Act, Actor, Error, Faults, Instant, Role, StaffId, Zone, may};
use intake::Request;
use intake::request::page::{self, Page as Read};
use intake::request::{attempting, by_reference, claiming, closing, converting, stepping};
use intake::rules::standing::{Group, long};
use intake::rules::words::{Disposition, Outcome};

use crate::failure::Failure;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::inbox::when;
use crate::look::{Fact, Field, Place, Problem, Tag};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/inbox/{reference}", Access::Staff(Act::OpenRequest), open)
        .act("/inbox/{reference}/claim", Access::Staff(Act::ClaimRequest), claim)
        .act("/inbox/{reference}/release", Access::Staff(Act::ReleaseRequest), release)
        .act("/inbox/{reference}/owner", Access::Staff(Act::GiveRequest), give)
        .act("/inbox/{reference}/attempts", Access::Staff(Act::LogAttempt), attempt)
        .act("/inbox/{reference}/notes", Access::Staff(Act::NoteRequest), note)
        .act("/inbox/{reference}/next-step", Access::Staff(Act::SetNextStep), step)
        .act("/inbox/{reference}/closing", Access::Staff(Act::CloseRequest), close)
        .act("/inbox/{reference}/reopening", Access::Staff(Act::ReopenRequest), reopen)
        .act("/inbox/{reference}/client", Access::Staff(Act::ConvertRequest), convert)
}

type At = Path<String>;

async fn open(State(house): State<House>, Me(me, _): Me, Path(reference): At) -> Result<Response, Failure> {
    shown(&house, &me, &reference, &Typed::default(), &Faults::default()).await
}

/// The page, recorded as opened before it is shown.
async fn shown(
    house: &House,
    me: &Actor,
    reference: &str,
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, Failure> {
    let read = page::page(house.reader(), house.keyring(), me, reference, house.now()).await?;
    house.readings().record(me, Act::OpenRequest, &read.request.subject()).await?;
    Ok(show(RequestPage::new(house, me, read, typed, faults).await?))
}

/// Does something to a request and shows its page again, or the page with what must be put right.
async fn act_on(
    house: &House,
    me: &Actor,
    reference: &str,
    typed: &Typed,
    work: impl AsyncFnOnce(&Request) -> Result<String, Error>,
) -> Result<Response, Failure> {
    let request = by_reference(house.reader(), reference).await?;
    match work(&request).await {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            shown(house, me, reference, typed, &Failure::from(error).faults()?).await
        }
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add(
                "note",
                "Someone changed this request while you were at it. Look again; what you typed is below",
            );
            shown(house, me, reference, typed, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

fn here(reference: &str) -> String {
    format!("/inbox/{reference}")
}

async fn claim(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| claiming::claim(unit, request).await).await?;
        Ok(here(&reference))
    })
    .await
}

async fn release(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| claiming::release(unit, request).await).await?;
        Ok("/inbox".into())
    })
    .await
}

async fn give(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let to: StaffId = typed.text("to").parse().map_err(|_| chosen("to", "Choose a colleague"))?;
        house.write(&me, async |unit| claiming::give(unit, request, to).await).await?;
        Ok(here(&reference))
    })
    .await
}

async fn attempt(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let outcome =
            Outcome::parse(typed.text("outcome")).ok_or_else(|| chosen("outcome", "Choose how it went"))?;
        let text = typed.text("note").to_owned();
        house
            .write(&me, async |unit| {
                attempting::attempt(unit, request, outcome).await?;
                if !text.is_empty() {
                    clients::note::write(unit, Act::NoteRequest, &request.subject(), &text).await?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok(here(&reference))
    })
    .await
}

async fn note(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let text = typed.text("note").to_owned();
        house
            .write(&me, async |unit| {
                let id = clients::note::write(unit, Act::NoteRequest, &request.subject(), &text).await?;
                unit.tell(foundation::News::Inbox);
                Ok::<_, Error>(id)
            })
            .await?;
        Ok(here(&reference))
    })
    .await
}

async fn step(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let zone = Center::load(house.reader()).await?.zone;
        let at = moment(typed.text("next_step_at"), zone);
        let step = stepping::NextStep::parse(typed.text("next_step"), at, house.now())?;
        let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
        house.write(&me, async |unit| stepping::step(unit, request, version, step).await).await?;
        Ok(here(&reference))
    })
    .await
}

/// A moment as a browser sends it, in the center's zone. An hour that daylight saving skips is the next one.
fn moment(typed: &str, zone: Zone) -> Option<Instant> {
    let wall = NaiveDateTime::parse_from_str(typed, "%Y-%m-%dT%H:%M").ok()?;
    let local = zone.from_local_datetime(&wall).earliest();
    let local = local.or_else(|| zone.from_local_datetime(&(wall + chrono::TimeDelta::hours(1))).earliest());
    Some(local?.to_utc())
}

async fn close(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let how = Disposition::parse(typed.text("disposition"))
            .ok_or_else(|| chosen("disposition", "Choose how it ended"))?;
        house.write(&me, async |unit| closing::close(unit, request, how).await).await?;
        Ok("/inbox".into())
    })
    .await
}

async fn reopen(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        house.write(&me, async |unit| closing::reopen(unit, request).await).await?;
        Ok(here(&reference))
    })
    .await
}

async fn convert(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): At,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let counselor: Option<StaffId> = typed.given("counselor").and_then(|c| c.parse().ok());
        let person =
            house.write(&me, async |unit| converting::convert(unit, request, counselor).await).await?;
        Ok(format!("/clients/{person}"))
    })
    .await
}

fn chosen(field: &str, words: &str) -> Error {
    let mut faults = Faults::default();
    faults.add(field, words);
    faults.into()
}

struct EventLine {
    class: &'static str,
    icon: &'static str,
    who: String,
    did: &'static str,
    when: String,
    detail: Option<String>,
    note: Option<String>,
}

struct Stage {
    words: &'static str,
    detail: String,
    class: &'static str,
}

/// What buttons the viewer sees: the same question the act asks.
#[expect(clippy::struct_excessive_bools, reason = "one button each")]
struct MayDo {
    claim: bool,
    release: bool,
    give: bool,
    log: bool,
    close: bool,
    convert: bool,
}

#[derive(Template)]
#[template(path = "pages/inbox/request.html")]
struct RequestPage {
    read: Read,
    heading: String,
    stands: String,
    urgency: Tag,
    owner_line: String,
    mine: bool,
    stages: Vec<Stage>,
    events: Vec<EventLine>,
    caller_facts: Vec<Fact>,
    prospective_facts: Vec<Fact>,
    may: MayDo,
    colleagues: Vec<(StaffId, String)>,
    counselors: Vec<(StaffId, String)>,
    outcomes: &'static [Outcome],
    dispositions: Vec<Disposition>,
    fields: Vec<Field>,
    problem: Problem,
}

impl RequestPage {
    async fn new(
        house: &House,
        me: &Actor,
        read: Read,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let zone = Center::load(house.reader()).await?.zone;
        let now = house.now();
        let staff = everyone(house.reader()).await?;
        let active: Vec<_> = staff.into_iter().filter(|m| m.disabled_at.is_none()).collect();
        let holding = |role: &[Role]| {
            active
                .iter()
                .filter(|m| m.roles.iter().any(|r| role.contains(r)))
                .map(|m| (m.id, m.name.clone()))
                .collect()
        };
        let names = ["note", "outcome", "next_step", "next_step_at", "disposition", "to", "counselor"];
        Ok(Self {
            heading: heading(&read),
            stands: stands(&read, now, zone),
            urgency: Tag {
                tone: read.request.urgency.tone(),
                mark: read.request.urgency.mark(),
                words: read.request.urgency.words(),
            },
            owner_line: owner_line(&read, me, now, zone),
            mine: read.request.owner_id.is_some() && read.request.owner_id == me.staff_id(),
            stages: stages(&read, now, zone),
            events: read.events.iter().map(|e| event_line(e, now, zone)).collect(),
            caller_facts: caller_facts(&read),
            prospective_facts: vec![Fact::new(
                "Name",
                Some(read.prospective.clone()).filter(|n| n != "Name not given"),
            )],
            may: MayDo::new(me, &read),
            colleagues: holding(&[Role::Intake, Role::FrontDesk, Role::Supervisor]),
            counselors: holding(&[Role::Counselor]),
            outcomes: Outcome::ALL,
            dispositions: Disposition::choosable().collect(),
            fields: names.iter().map(|name| Field::of(name, typed, faults)).collect(),
            problem: Problem::from(faults),
            read,
        })
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }
}

impl MayDo {
    fn new(me: &Actor, read: &Read) -> Self {
        let subject = read.request.subject();
        let (open, owned) = (read.request.is_open(), read.request.owner_id.is_some());
        let may = |act| may(me, act, &subject);
        Self {
            claim: open && !owned && may(Act::ClaimRequest),
            release: open && read.request.owner_id == me.staff_id() && owned && may(Act::ReleaseRequest),
            give: open && may(Act::GiveRequest),
            log: open && may(Act::LogAttempt),
            close: may(Act::CloseRequest),
            convert: open && may(Act::ConvertRequest),
        }
    }
}

fn heading(read: &Read) -> String {
    if read.request.caller_id == read.request.prospective_id {
        return read.caller.clone();
    }
    match (&read.request.relationship, read.prospective.as_str()) {
        (_, name) if name != "Name not given" => format!("{}, for {name}", read.caller),
        (Some(relationship), _) => format!("{}, as their {relationship}", read.caller),
        _ => format!("{}, for someone else", read.caller),
    }
}

fn stands(read: &Read, now: Instant, zone: Zone) -> String {
    let r = &read.request;
    let since = match (now - r.received_at).num_minutes() {
        0 => "They asked just now.".to_owned(),
        _ => format!("They asked {} ago.", long(r.received_at, now)),
    };
    let what = match read.group {
        Group::Closed => {
            format!("Closed: {}.", r.disposition.map(Disposition::words).unwrap_or_default().to_lowercase())
        }
        Group::Promised => {
            let at = r.next_step_at.map(|at| when(at, now, zone)).unwrap_or_default();
            format!("Next: {}, {at}.", r.next_step.clone().unwrap_or_default())
        }
        Group::Waiting => "Nothing is agreed yet. Set the next step, or close with an outcome.".into(),
        _ if r.due_at <= now => format!("The first call is {} late.", long(r.due_at, now)),
        _ => format!("The first call is due in {}.", long(now, r.due_at)),
    };
    format!("{since} {what}")
}

fn owner_line(read: &Read, me: &Actor, now: Instant, zone: Zone) -> String {
    let since = read.request.claimed_at.map(|at| when(at, now, zone)).unwrap_or_default();
    match (&read.owner, read.request.owner_id) {
        (_, Some(id)) if Some(id) == me.staff_id() => format!("Yours since {since}"),
        (Some(name), _) => format!("{name}, since {since}"),
        _ => "Nobody has it yet".into(),
    }
}

fn stages(read: &Read, now: Instant, zone: Zone) -> Vec<Stage> {
    let r = &read.request;
    let steps = [
        ("Received", Some(r.received_at)),
        ("Taken", r.claimed_at),
        ("First attempt", read.attempts.first().map(|a| a.made_at)),
        ("Reached", r.reached_at),
        ("Became a client", r.converted_at),
    ];
    let mut at_found = false;
    steps
        .into_iter()
        .map(|(words, at)| {
            let class = match (at, at_found) {
                (Some(_), _) => "",
                (None, false) => {
                    at_found = true;
                    "at"
                }
                (None, true) => "later",
            };
            Stage { words, detail: at.map(|at| when(at, now, zone)).unwrap_or_default(), class }
        })
        .collect()
}

fn event_line(event: &clients::timeline::Event, now: Instant, zone: Zone) -> EventLine {
    let (class, icon) = match event.knot {
        Knot::People => ("steady", "hand"),
        Knot::House => ("info", "building-2"),
        Knot::Note => ("person", "pencil"),
    };
    EventLine {
        class,
        icon,
        who: event.who.clone(),
        did: event.did,
        when: when(event.at, now, zone),
        detail: event.detail.clone(),
        note: event.note.clone(),
    }
}

fn caller_facts(read: &Read) -> Vec<Fact> {
    let point = |kind| read.points.iter().find(|p| p.kind == kind).map(|p| p.value.clone());
    vec![
        Fact::new("Name used", Some(read.caller.clone()).filter(|n| n != "Name not given")),
        Fact::new("They are their", read.request.relationship.clone()),
        Fact::new("Phone", point(consent::contact_point::Kind::Phone)),
        Fact::new("E-mail", point(consent::contact_point::Kind::Email)),
        Fact::new("Asked", Some(read.request.for_whom.words().into())),
        Fact::new("In danger right now", Some(read.request.danger.words().into())),
    ]
}

impl Page for RequestPage {
    fn title(&self) -> String {
        format!("Request {}", self.read.request.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Inbox)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
