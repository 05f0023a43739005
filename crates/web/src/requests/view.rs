//! What the page of one request shows, in the words of the page.

use askama::Template;
use clients::timeline::Knot;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Instant, Role, StaffId, Zone, may};
use intake::call::{Call, CallId};
use intake::request::page::Page as Read;
use intake::rules::standing::{Group, long};
use intake::rules::words::{Disposition, Outcome};

use crate::benefits;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::inbox::when;
use crate::look::{Fact, Field, Place, Problem, Tag};
use crate::page::{Page, Shell};

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

/// A call with its sheet, and how it stands.
struct CallLine {
    id: CallId,
    words: String,
}

fn call_line(call: &Call, staff: &Directory, now: Instant, zone: Zone) -> CallLine {
    let who = staff.name(call.staff_id).unwrap_or("a former colleague");
    let stands = match (call.ended_at, call.parked_at) {
        (Some(_), _) => "finished",
        (None, Some(_)) => "cut off, go on with it",
        (None, None) => "not finished, go on with it",
    };
    CallLine { id: call.id, words: format!("{}, by {who}: {stands}", when(call.began_at, now, zone)) }
}

/// What buttons the viewer sees: the same question the act asks.
#[expect(clippy::struct_excessive_bools, reason = "one button each")]
struct MayDo {
    claim: bool,
    release: bool,
    give: bool,
    log: bool,
    call: bool,
    close: bool,
    convert: bool,
}

#[derive(Template)]
#[template(path = "pages/inbox/request.html")]
pub(super) struct RequestPage {
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
    calls: Vec<CallLine>,
    /// Whether the viewer works the waitlist.
    waitlist: bool,
    /// How the benefits check stands, for those who may see it.
    benefits: Option<String>,
    dispositions: Vec<Disposition>,
    fields: Vec<Field>,
    problem: Problem,
}

impl RequestPage {
    pub(super) async fn new(
        house: &House,
        me: &Actor,
        read: Read,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let zone = Center::of(house).await?.zone;
        let now = house.now();
        let staff = Directory::of(house).await?;
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
            events: read.timeline.events.iter().map(|e| event_line(e, now, zone)).collect(),
            caller_facts: caller_facts(&read),
            prospective_facts: vec![Fact::new(
                "Name",
                Some(read.prospective.clone()).filter(|n| n != "Name not given"),
            )],
            may: MayDo::new(me, &read),
            colleagues: staff.working_as(&[Role::Intake, Role::FrontDesk, Role::Supervisor]),
            counselors: staff.working_as(&[Role::Counselor]),
            outcomes: Outcome::ALL,
            calls: read.calls.iter().map(|call| call_line(call, &staff, now, zone)).collect(),
            waitlist: may(me, Act::ViewWaitlist, &read.request.subject()),
            benefits: may(me, Act::ViewBenefits, &read.request.subject())
                .then(|| benefits::view::line(read.benefits.as_ref(), &staff, now, zone)),
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
            call: open && may(Act::TakeCall),
            close: may(Act::CloseRequest),
            convert: open && may(Act::ConvertRequest),
        }
    }
}

fn heading(read: &Read) -> String {
    if read.request.caller_id == read.request.prospective_id {
        return read.caller.clone();
    }
    match (&read.relationship, read.prospective.as_str()) {
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
            format!("Next: {}, {at}.", read.next_step.clone().unwrap_or_default())
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
        Fact::new("They are their", read.relationship.clone()),
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
