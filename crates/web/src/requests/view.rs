//! What the page of one request shows, in the words of the page.

use askama::Template;
use chrono::{Datelike, Days, TimeDelta};
use clients::timeline::Knot;
use consent::contact_rules::SafeContactCard;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Instant, Role, StaffId, Zone, may};
use intake::call::{Call, CallId};
use intake::request::merged::{Happened, Merged};
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

use super::comparing::day;
use super::same_person::{Line, SamePerson};

struct EventLine {
    class: &'static str,
    icon: &'static str,
    who: String,
    did: &'static str,
    when: String,
    detail: Option<String>,
    note: Option<String>,
    /// The merged request it happened to.
    from: Option<String>,
}

/// A request that goes on in this one.
struct MergedLine {
    reference: String,
    since: String,
    about: String,
    /// How they may be reached, when they did not say the same here.
    otherwise: Option<SafeContactCard>,
    words: Option<String>,
    promised: Option<String>,
    apart_until: Option<String>,
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
    snooze: bool,
    wake: bool,
    ask_again: bool,
    close: bool,
    convert: bool,
    merge: bool,
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
    merged: Vec<MergedLine>,
    /// Who may be the same person; `None` when nobody is asked for any more.
    same_person: Option<SamePerson>,
    caller_facts: Vec<Fact>,
    prospective_facts: Vec<Fact>,
    may: MayDo,
    colleagues: Vec<(StaffId, String)>,
    counselors: Vec<(StaffId, String)>,
    outcomes: &'static [Outcome],
    calls: Vec<CallLine>,
    /// Moments to put it aside until, by one button each.
    quick: Vec<(String, String)>,
    asleep: String,
    /// Which colleagues look at it as well.
    here: String,
    /// When somebody who allowed it is asked again.
    ask_again: String,
    /// Whether the viewer works the waitlist.
    waitlist: bool,
    /// How the benefits check stands, for those who may see it.
    benefits: Option<String>,
    fields: Vec<Field>,
    problem: Problem,
}

impl RequestPage {
    pub(super) async fn new(
        house: &House,
        me: &Actor,
        mut read: Read,
        typed: &Typed,
        faults: &Faults,
    ) -> Result<Self, Error> {
        let zone = Center::of(house).await?.zone;
        let now = house.now();
        let staff = Directory::of(house).await?;
        let names = [
            "note",
            "outcome",
            "next_step",
            "next_step_at",
            "disposition",
            "to",
            "counselor",
            "snooze_until",
            "through",
            "reason",
            "check_in",
            "asked",
        ];
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
            events: read.history.events.iter().map(|e| event_line(e, now, zone)).collect(),
            merged: merged_lines(&read, me, &staff, now, zone),
            same_person: read.request.is_open().then(|| same_person(&mut read, me, now, zone)),
            caller_facts: caller_facts(&read),
            prospective_facts: vec![Fact::new(
                "Name",
                Some(read.prospective.clone()).filter(|n| n != "Name not given"),
            )],
            may: MayDo::new(me, &read, now),
            colleagues: staff.working_as(&[Role::Intake, Role::FrontDesk, Role::Supervisor]),
            counselors: staff.working_as(&[Role::Counselor]),
            outcomes: Outcome::ALL,
            quick: quick(now, zone),
            asleep: asleep(&read, now, zone),
            here: house.presence().others(&read.request.reference, me.staff_id(), &staff),
            ask_again: read
                .request
                .check_in_at
                .map_or_else(String::new, |at| format!("They said we may. Next: {}.", when(at, now, zone))),
            calls: read.calls.iter().map(|call| call_line(call, &staff, now, zone)).collect(),
            waitlist: may(me, Act::ViewWaitlist, &read.request.subject()),
            benefits: may(me, Act::ViewBenefits, &read.request.subject())
                .then(|| benefits::view::line(read.benefits.as_ref(), &staff, now, zone)),
            fields: names.iter().map(|name| Field::of(name, typed, faults)).collect(),
            problem: Problem::from(faults),
            read,
        })
    }

    /// How asking again can go.
    fn answers(&self) -> Vec<(&'static str, &'static str)> {
        self.outcomes.iter().map(|outcome| (outcome.as_str(), outcome.words())).collect()
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }
}

impl MayDo {
    fn new(me: &Actor, read: &Read, now: Instant) -> Self {
        let asleep = read.request.snoozed_until.is_some_and(|until| until > now);
        // Whoever may be in danger is not put aside.
        let is_pressing = read.group == Group::Safety;
        let subject = read.request.subject();
        let (open, owned) = (read.request.is_open(), read.request.owner_id.is_some());
        let may = |act| may(me, act, &subject);
        Self {
            claim: open && !owned && may(Act::ClaimRequest),
            release: open && read.request.owner_id == me.staff_id() && owned && may(Act::ReleaseRequest),
            give: open && may(Act::GiveRequest),
            log: open && may(Act::LogAttempt),
            call: open && may(Act::TakeCall),
            snooze: open && !asleep && !is_pressing && may(Act::SnoozeRequest),
            ask_again: read.request.check_in_at.is_some() && may(Act::LogAttempt),
            wake: open && asleep && may(Act::WakeRequest),
            close: may(Act::CloseRequest),
            convert: open && may(Act::ConvertRequest),
            merge: open && may(Act::MergeRequests),
        }
    }
}

/// In an hour, tomorrow morning, Monday morning.
fn quick(now: Instant, zone: Zone) -> Vec<(String, String)> {
    let local = now.with_timezone(&zone);
    let morning = |days: u64| {
        let day = local.date_naive().checked_add_days(Days::new(days))?;
        Some(day.format("%Y-%m-%dT09:00").to_string())
    };
    let monday = 7 - u64::from(local.weekday().num_days_from_monday());
    let hour = (local + TimeDelta::hours(1)).format("%Y-%m-%dT%H:%M").to_string();
    let days = [(1, "Tomorrow 9 am"), (monday, "Monday 9 am")];
    let mornings = days.into_iter().filter_map(|(days, words)| Some((morning(days)?, words.to_owned())));
    [(hour, "One hour".to_owned())].into_iter().chain(mornings).collect()
}

fn asleep(read: &Read, now: Instant, zone: Zone) -> String {
    let Some(until) = read.request.snoozed_until.filter(|until| *until > now) else { return String::new() };
    let through = if read.request.snoozed_through { ", also when they call or write" } else { "" };
    format!("Until {}{through}.", when(until, now, zone))
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
            let why = r
                .disposition_reason
                .map(|why| format!(", {}", why.words().to_lowercase()))
                .unwrap_or_default();
            format!(
                "Closed: {}{why}.",
                r.disposition.map(Disposition::words).unwrap_or_default().to_lowercase()
            )
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

fn same_person(read: &mut Read, me: &Actor, now: Instant, zone: Zone) -> SamePerson {
    let lines = std::mem::take(&mut read.alike).into_iter().map(|one| Line::of(one, now, zone)).collect();
    let merges = may(me, Act::MergeRequests, &read.request.subject());
    SamePerson { lines, merge: merges.then(|| read.request.reference.clone()) }
}

/// Who asked there, how and when, and by what they can be reached.
fn about_merged(one: &Merged, now: Instant, zone: Zone) -> String {
    let asked = [one.request.channel.words().to_owned(), when(one.request.received_at, now, zone)];
    let points = one.points.iter().map(|point| point.value.clone());
    let parts: Vec<String> = std::iter::once(one.caller.clone()).chain(asked).chain(points).collect();
    parts.join(" · ")
}

fn merged_lines(read: &Read, me: &Actor, staff: &Directory, now: Instant, zone: Zone) -> Vec<MergedLine> {
    let line = |one: &Merged| {
        let r = &one.request;
        let by = match one.merged_by {
            Some(id) if Some(id) == me.staff_id() => "you",
            by => by.and_then(|id| staff.name(id)).unwrap_or("a former colleague"),
        };
        let parts = may(me, Act::UnmergeRequests, &r.subject());
        let promised = one.next_step.as_ref().zip(r.next_step_at);
        MergedLine {
            reference: r.reference.clone(),
            since: format!("merged by {by}, {}", when(one.merged_at, now, zone)),
            about: about_merged(one, now, zone),
            otherwise: Some(&one.card).filter(|card| card.ways != read.card.ways).cloned(),
            words: one.words.clone(),
            promised: promised.map(|(what, at)| format!("{what}, {}", when(at, now, zone))),
            apart_until: one.apart_until.filter(|_| parts).map(|at| day(at, zone)),
        }
    };
    read.merged.iter().map(line).collect()
}

fn event_line(happened: &Happened, now: Instant, zone: Zone) -> EventLine {
    let event = &happened.event;
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
        from: happened.from.clone(),
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
