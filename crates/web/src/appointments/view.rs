//! What the page of one appointment shows, in the words of the page, and the free times as every page offers them.

use askama::Template;
use consent::contact_rules::SafeContactCard;
use foundation::staff::Directory;
use foundation::{Faults, Instant};
use intake::appointments::offering::{Offer, said};
use intake::appointments::sites::Site;
use intake::appointments::{Appointment, Page as Read};
use intake::rules::appointments::{State, Why, is_soon};
use intake::rules::standing::long;

use crate::filters;
use crate::form::Typed;
use crate::look::{Fact, Field, Place, Problem};
use crate::page::{Page, Shell};

/// Who works here, where people are met, and what time it is.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub staff: &'a Directory,
    pub sites: &'a [Site],
    pub now: Instant,
}

/// A free time as a form offers it.
pub struct Time {
    pub value: String,
    /// When.
    pub words: String,
    /// With whom and where.
    pub with: String,
    /// Whether it lies within a day.
    pub soon: bool,
}

impl Time {
    /// An offer as it is read aloud.
    pub fn new(offer: &Offer, now: Instant) -> Self {
        Self {
            value: offer.choice.to_string(),
            words: said(offer.starts_at, offer.zone),
            with: format!("{}, {}", offer.clinician, offer.site),
            soon: is_soon(offer.starts_at, now),
        }
    }
}

/// Whom a question asks about; somebody who gave no name is "they".
pub(crate) fn who(name: &str) -> &str {
    if name == clients::person::shown("") { "they" } else { name }
}

/// How an appointment stands, in one line.
pub(crate) fn line(on: Option<&Appointment>, staff: &Directory, now: Instant) -> String {
    let Some(on) = on else { return "not booked".into() };
    let at = said(on.starts_at, on.zone());
    let with = staff.name(on.staff_id).unwrap_or("a former colleague");
    match on.state {
        State::Booked if on.is_asked(now) => format!("did they arrive? {at}, with {with}"),
        State::Booked => format!("{at}, with {with}"),
        other => format!("{}, {at}", other.words().to_lowercase()),
    }
}

#[expect(clippy::struct_excessive_bools, reason = "each shows or hides one part of the page")]
#[derive(Template)]
#[template(path = "pages/appointments/appointment.html")]
pub(super) struct AppointmentPage {
    reference: String,
    name: String,
    /// The same in the middle of a question.
    who: String,
    stands: String,
    open: bool,
    id: String,
    version: i32,
    booked: bool,
    /// They should be here by now, and nobody has said so.
    asked: bool,
    /// They did not come, and no other time is booked.
    missed: bool,
    /// Something can be said about whether they came.
    begun: bool,
    state: Option<State>,
    confirmed: bool,
    facts: Vec<Fact>,
    letter: String,
    earlier: Vec<String>,
    times: Vec<Time>,
    /// How they may be reached, read before anyone dials.
    pub card: Option<SafeContactCard>,
    /// There are more times than are shown.
    pub more: bool,
    fields: Vec<Field>,
    problem: Problem,
}

impl AppointmentPage {
    pub(super) fn new(
        read: Read,
        offers: &[Offer],
        around: Around<'_>,
        typed: &Typed,
        faults: &Faults,
    ) -> Self {
        let Read { request, name, appointment, earlier, no_letter } = read;
        let now = around.now;
        let on = appointment.as_ref();
        let booked = on.is_some_and(Appointment::is_booked);
        let came = |on: &Appointment| line(Some(on), around.staff, now);
        let names = ["slot", "why", "why_off"];
        Self {
            stands: stands(on, &name, around),
            open: request.is_open(),
            id: on.map(|on| on.id.to_string()).unwrap_or_default(),
            version: on.map_or(0, |on| on.version),
            booked,
            asked: on.is_some_and(|on| on.is_asked(now)),
            missed: request.is_open() && on.is_some_and(|on| on.state == State::NotArrived),
            begun: on.is_some_and(|on| on.state != State::Cancelled && is_its_day(on, now)),
            state: on.map(|on| on.state),
            confirmed: on.is_some_and(|on| on.confirmed_at.is_some()),
            facts: on.map(|on| facts(on, around)).unwrap_or_default(),
            letter: letter(no_letter),
            earlier: earlier.iter().map(came).collect(),
            times: offers.iter().map(|offer| Time::new(offer, now)).collect(),
            card: None,
            more: false,
            fields: names.iter().map(|name| Field::of(name, typed, faults)).collect(),
            problem: Problem::from(faults),
            reference: request.reference,
            who: who(&name).to_owned(),
            name,
        }
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }

    fn is(&self, state: State) -> bool {
        self.state == Some(state)
    }
}

/// Arrivals are said from the day of the appointment on.
fn is_its_day(on: &Appointment, now: Instant) -> bool {
    foundation::day(on.starts_at, on.zone()) <= foundation::day(now, on.zone())
}

fn stands(on: Option<&Appointment>, name: &str, around: Around<'_>) -> String {
    let Some(on) = on else { return "No time is booked yet.".into() };
    let local = on.starts_at.with_timezone(&on.zone());
    let at = local.format("%A, %-d %B, %-I:%M %P (%Z)");
    let now = around.now;
    match on.state {
        State::Booked if on.is_asked(now) => {
            format!("Did {} arrive? It was to begin {} ago: {at}.", who(name), long(on.starts_at, now))
        }
        State::Booked if on.starts_at <= now => format!("It begins now: {at}."),
        State::Booked => format!("In {}: {at}.", long(now, on.starts_at)),
        State::Arrived => format!("They came: {at}."),
        State::NotArrived => format!("They did not come: {at}."),
        State::Cancelled => format!("Cancelled: {at}. No other time is booked."),
    }
}

fn facts(on: &Appointment, around: Around<'_>) -> Vec<Fact> {
    let site = around.sites.iter().find(|site| site.id == on.site_id);
    let said_at = |at: Instant| said(at, on.zone());
    let minutes = (on.ends_at - on.starts_at).num_minutes();
    let booked_by = on.booked_by.and_then(|id| around.staff.name(id)).unwrap_or("a former colleague");
    let was_moved = on.first_starts_at != on.starts_at;
    let mut facts = vec![
        Fact::new("When", Some(format!("{}, {minutes} minutes", said_at(on.starts_at)))),
        Fact::new("With", around.staff.name(on.staff_id).map(str::to_owned)),
        Fact::new("Where", site.map(|site| format!("{}, {}", site.name, site.address))),
        Fact { label: "They said they will come", value: on.confirmed_at.map(said_at), missing: "Not yet" },
        Fact::new("Booked", Some(format!("{} by {booked_by}", said_at(on.booked_at)))),
    ];
    if was_moved {
        facts.push(Fact::new("First agreed for", Some(said_at(on.first_starts_at))));
    }
    if let Some(why) = on.why {
        facts.push(Fact::new("Changed because", Some(why.words().into())));
    }
    facts
}

/// Whether the person hears of it by letter, in a sentence for staff.
fn letter(no: Option<&str>) -> String {
    match no {
        None => {
            "They hear of it by a letter that names no place and no reason, and once more on the day before."
                .into()
        }
        Some(why) => format!("No letter leaves: {why} Tell them on the phone."),
    }
}

/// Why a time is moved or given up, to choose from.
fn whys() -> Vec<(&'static str, &'static str)> {
    Why::choosable().map(|why| (why.as_str(), why.words())).collect()
}

impl Page for AppointmentPage {
    fn title(&self) -> String {
        format!("Appointment {}", self.reference)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Appointments)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
