//! What the page of one request shows, in the words of the page.

use askama::Template;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Instant, Role, StaffId, Zone, may};
use intake::request::page::Page as Read;
use intake::rules::standing::Group;
use intake::rules::words::Outcome;

use crate::benefits;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::inbox::when;
use crate::look::{Fact, Field, Place, Problem, Tag};
use crate::page::{Page, Shell};

use super::messages::{MessageLine, message_lines};
use super::same_person::{Line, SamePerson};
use super::telling::{
    CallLine, EventLine, MergedLine, Stage, asleep, call_line, caller_facts, event_line, heading,
    merged_lines, owner_line, quick, stages, stands,
};

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
    /// What came in about it since.
    messages: Vec<MessageLine>,
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
            messages: message_lines(&read.messages, now, zone),
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

fn same_person(read: &mut Read, me: &Actor, now: Instant, zone: Zone) -> SamePerson {
    let lines = std::mem::take(&mut read.alike).into_iter().map(|one| Line::of(one, now, zone)).collect();
    let merges = may(me, Act::MergeRequests, &read.request.subject());
    SamePerson { lines, merge: merges.then(|| read.request.reference.clone()) }
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
