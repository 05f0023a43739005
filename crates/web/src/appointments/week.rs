//! Seven days of appointments, with what is free on each, and a time booked from there.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::Days;
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, Faults, Instant, StaffId, Zone, may, read_day};
use intake::appointments::list::{Row, bounds, of_day, rows};
use intake::appointments::offering::{self, Offer};
use intake::appointments::{booked, booking};
use intake::inbox::{self, Which};
use intake::request::seen;
use intake::rules::appointments::State as Stands;

use super::view::Time;
use super::{choice, told};
use crate::failure::Failure;
use crate::filters;
use crate::form::{Asked, Typed, chosen};
use crate::house::House;
use crate::look::{Field, Place, Problem, Tag};
use crate::page::{Page, Shell, show};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// Free times to choose from in one form.
const MOST: usize = 60;

pub(super) async fn open(
    State(house): State<House>,
    Me(me, _): Me,
    Asked(asked): Asked,
) -> Result<Response, Failure> {
    shown(&house, &me, &asked, &Faults::default()).await
}

/// The week that was asked for, or the one that begins today.
pub(super) async fn shown(
    house: &House,
    me: &Actor,
    typed: &Typed,
    faults: &Faults,
) -> Result<Response, Failure> {
    Ok(show(WeekPage::new(house, me, typed, faults).await?))
}

pub(super) async fn book(
    State(house): State<House>,
    Me(me, _): Me,
    typed: Typed,
) -> Result<Response, Failure> {
    let done = async {
        let reference = chosen(typed.given("request"), "request", "Choose who comes")?;
        let about = seen(house.reader(), &me, reference).await;
        let about = chosen(about.ok(), "request", "Choose who comes")?;
        let slot = choice(&typed)?;
        house.write(&me, async |unit| booking::book(unit, &about, slot, None).await).await?;
        Ok::<_, Error>(about.reference)
    };
    match done.await {
        Ok(reference) => Ok(sent_on(&format!("/inbox/{reference}/appointment"), Said::Booked, &reference)),
        Err(error) => {
            let mut faults = told(error)?;
            for fault in &mut faults.0 {
                if fault.field == "appointment" {
                    "request".clone_into(&mut fault.field);
                }
            }
            shown(&house, &me, &typed, &faults).await
        }
    }
}

/// Someone who comes, or did not.
pub(crate) struct Line {
    id: String,
    pub reference: String,
    pub name: String,
    pub clock: String,
    pub clinician: String,
    pub site: String,
    pub tag: Tag,
    /// Whether somebody can say here if they came.
    begun: bool,
    arrived: bool,
    missed: bool,
}

/// Who comes in today, for the day of whoever may see it.
pub(crate) async fn coming_in(house: &House, me: &Actor) -> Result<Vec<Line>, Error> {
    if reach_of(me, Act::ViewAppointments) == Reach::No {
        return Ok(Vec::new());
    }
    let (zone, now) = (Center::of(house).await?.zone, house.now());
    let today = house.today(zone);
    let found = of_day(house.reader(), me, today, zone).await?;
    Ok(found.into_iter().map(|row| Line::new(row, me, now, today, zone)).collect())
}

struct OneDay {
    on: Day,
    words: String,
    lines: Vec<Line>,
    free: Vec<String>,
}

#[expect(clippy::struct_excessive_bools, reason = "each shows or hides one part of the page")]
#[derive(Template)]
#[template(path = "pages/appointments/week.html")]
struct WeekPage {
    bold: String,
    rest: String,
    days: Vec<OneDay>,
    before: String,
    after: String,
    is_now: bool,
    clinicians: Vec<(StaffId, String)>,
    clinician: String,
    /// Whether the viewer opens requests.
    opens: bool,
    books: bool,
    sets_hours: bool,
    has_times: bool,
    requests: Vec<(String, String)>,
    times: Vec<Time>,
    request: Field,
    slot: Field,
    problem: Problem,
}

impl WeekPage {
    async fn new(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Self, Error> {
        let (zone, now) = (Center::of(house).await?.zone, house.now());
        let today = house.today(zone);
        let first = read_day(typed.text("week")).unwrap_or(today);
        let last = first.checked_add_days(Days::new(6)).unwrap_or(first);
        let (from, until) = bounds(first, last, zone);
        let clinician: Option<StaffId> = typed.text("clinician").parse().ok();
        let sees_all = reach_of(me, Act::ViewAppointments) == Reach::Everyone;
        let of = if sees_all { clinician } else { me.staff_id() };
        let (mut found, offers) = house
            .look(async |reader| {
                let found = rows(reader, me, from, until).await?;
                let soonest = now + offering::lead(reader).await?;
                let offers = offering::offers(reader, of, Ord::max(from, soonest), until).await?;
                Ok::<_, Error>((found, offers))
            })
            .await?;
        let mut clinicians: Vec<(StaffId, String)> =
            found.iter().map(|row| (row.staff_id, row.clinician.clone())).collect();
        clinicians.extend(offers.iter().map(|offer| (offer.choice.staff, offer.clinician.clone())));
        clinicians.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
        clinicians.dedup();
        found.retain(|row| of.is_none_or(|of| row.staff_id == of));
        let books = reach_of(me, Act::BookAppointment) != Reach::No;
        let requests = if books { choosable(house, me).await? } else { Vec::new() };
        let (bold, rest) = sentence(&found, now, today, zone);
        let week = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        Ok(Self {
            bold,
            rest,
            before: week(first.checked_sub_days(Days::new(7))),
            after: week(first.checked_add_days(Days::new(7))),
            is_now: first == today,
            clinician: clinician.map(|id| id.to_string()).unwrap_or_default(),
            clinicians: if sees_all { clinicians } else { Vec::new() },
            opens: reach_of(me, Act::OpenRequest) != Reach::No,
            books,
            sets_hours: reach_of(me, Act::SetHours) != Reach::No,
            has_times: !offers.is_empty(),
            requests,
            times: offers.iter().take(MOST).map(|offer| Time::new(offer, now)).collect(),
            request: Field::of("request", typed, faults),
            slot: Field::of("slot", typed, faults),
            days: days(first, last, found, &offers, me, now, today, zone),
            problem: Problem::from(faults),
        })
    }
}

/// Open requests that have no time ahead of them.
async fn choosable(house: &House, me: &Actor) -> Result<Vec<(String, String)>, Error> {
    let taken = booked(house.reader()).await?;
    let open = inbox::rows(house, me, Which::Open, None).await?.into_iter();
    let words = |row: &inbox::Row| format!("{}, {}", clients::person::shown(&row.name), row.reference);
    Ok(open.filter(|row| !taken.contains(&row.id)).map(|row| (row.reference.clone(), words(&row))).collect())
}

#[expect(clippy::too_many_arguments, reason = "one call, of what the page has gathered")]
fn days(
    first: Day,
    last: Day,
    found: Vec<Row>,
    offers: &[Offer],
    me: &Actor,
    now: Instant,
    today: Day,
    zone: Zone,
) -> Vec<OneDay> {
    let mut days: Vec<OneDay> = first
        .iter_days()
        .take_while(|on| *on <= last)
        .map(|on| OneDay { on, words: day_words(on, today), lines: Vec::new(), free: Vec::new() })
        .collect();
    // A day of the center: a place in another zone may have another date, and its own clock beside the time.
    let of = |at: Instant| foundation::day(at, zone);
    for row in found {
        if let Some(day) = days.iter_mut().find(|day| day.on == of(row.starts_at)) {
            day.lines.push(Line::new(row, me, now, today, zone));
        }
    }
    for offer in offers {
        if let Some(day) = days.iter_mut().find(|day| day.on == of(offer.starts_at)) {
            day.free.push(format!("{} {}", clock(offer.starts_at, offer.zone, zone), offer.clinician));
        }
    }
    days
}

fn day_words(on: Day, today: Day) -> String {
    let date = on.format("%A, %-d %B");
    match (on - today).num_days() {
        0 => format!("Today, {date}"),
        1 => format!("Tomorrow, {date}"),
        _ => date.to_string(),
    }
}

/// A time on the clock of its place, which is named when it is not the center's.
fn clock(at: Instant, there: Zone, center: Zone) -> String {
    let local = at.with_timezone(&there);
    if there == center {
        local.format("%-I:%M %P").to_string()
    } else {
        local.format("%-I:%M %P %Z").to_string()
    }
}

impl Line {
    fn new(row: Row, me: &Actor, now: Instant, today: Day, zone: Zone) -> Self {
        let tag = match row.state {
            Stands::Booked if row.is_asked(now) => Tag::new("now", "late", "Did they arrive?"),
            Stands::Booked if row.confirmed_at.is_some() => Tag::new("steady", "check", "Will come"),
            Stands::Booked => Tag::new("plain", "ring", "Booked"),
            Stands::Arrived => Tag::new("calm", "check", "Arrived"),
            Stands::NotArrived => Tag::new("urgent", "crossed", "Did not come"),
            Stands::Cancelled => Tag::new("plain", "crossed", "Cancelled"),
        };
        let subject = foundation::Subject::of("appointment", row.id).cared_for_by(Some(row.staff_id), None);
        let begun = foundation::day(row.starts_at, row.zone()) <= today;
        Self {
            id: row.id.to_string(),
            clock: clock(row.starts_at, row.zone(), zone),
            tag,
            begun: begun && may(me, Act::RecordArrival, &subject),
            arrived: row.state == Stands::Arrived,
            missed: row.state == Stands::NotArrived || row.starts_at > now,
            reference: row.reference,
            name: row.name,
            clinician: row.clinician,
            site: row.site,
        }
    }
}

/// How the day stands: who comes in, and about whom somebody must say something.
fn sentence(found: &[Row], now: Instant, today: Day, zone: Zone) -> (String, String) {
    let is_today = |row: &&Row| foundation::day(row.starts_at, zone) == today;
    let coming = found.iter().filter(is_today).filter(|row| row.state == Stands::Booked).count();
    let asked = found.iter().filter(|row| row.is_asked(now)).count();
    let bold = match coming {
        0 => "Nobody else is expected today.".to_owned(),
        1 => "One person is expected today.".to_owned(),
        n => format!("{n} people are expected today."),
    };
    let rest = match asked {
        0 => String::new(),
        1 => "Of one nobody has said yet whether they arrived.".to_owned(),
        n => format!("Of {n} nobody has said yet whether they arrived."),
    };
    (bold, rest)
}

impl Page for WeekPage {
    fn title(&self) -> String {
        "Appointments".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Appointments)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
