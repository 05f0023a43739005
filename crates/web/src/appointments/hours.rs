//! The hours of clinicians: every week, and what is different on some days. Administrators and supervisors set everyone's, a
//! clinician the own.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Day, Error, Faults, StaffId, Subject, may};
use intake::appointments::hours::{
    self, CLINICIANS, HoursException, LENGTHS, NewException, NewHours, WeeklyHours,
};
use intake::appointments::sites::{self, Site};
use intake::rules::appointments::ExceptionKind;
use intake::rules::slots::{DAY, Span};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

const HERE: &str = "/appointments/hours";

/// The routes of this file.
pub(super) fn routes() -> Routes {
    let set = Access::Staff(Act::SetHours);
    Routes::default()
        .page(HERE, set, open)
        .act(HERE, set, add)
        .act("/appointments/hours/{id}/ending", set, end)
        .act("/appointments/exceptions", set, except)
        .act("/appointments/exceptions/{id}/ending", set, end_exception)
}

async fn open(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    shown(&house, &me, &Typed::default(), &Faults::default()).await
}

async fn shown(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    Ok(show(HoursPage::new(house, me, typed, faults).await?))
}

/// Sends on after an act, or shows the page with what must be put right.
async fn after(
    house: &House,
    me: &Actor,
    typed: &Typed,
    done: Result<(), Error>,
    said: Said,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(sent_on(HERE, said, "")),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => {
            shown(house, me, typed, &Failure::from(error).faults()?).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn add(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let today = house.today(Center::of(&house).await?.zone);
    let done = match NewHours::parse(|name| typed.text(name), typed.many("weekdays[]"), today) {
        Ok(new) => house.write(&me, async |unit| hours::add(unit, new).await).await.map(|_| ()),
        Err(faults) => Err(faults.into()),
    };
    after(&house, &me, &typed, done, Said::HoursSet).await
}

async fn except(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let done = match NewException::parse(|name| typed.text(name)) {
        Ok(new) => house.write(&me, async |unit| hours::except(unit, new).await).await.map(|_| ()),
        Err(faults) => Err(faults.into()),
    };
    after(&house, &me, &typed, done, Said::HoursSet).await
}

async fn end(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let done = house.write(&me, async |unit| hours::end(unit, id).await).await;
    after(&house, &me, &typed, done, Said::HoursEnded).await
}

async fn end_exception(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id = key(&id)?;
    let done = house.write(&me, async |unit| hours::end_exception(unit, id).await).await;
    after(&house, &me, &typed, done, Said::HoursEnded).await
}

struct Line {
    id: String,
    who: String,
    /// When: days and hours.
    when: String,
    /// Where, and how long one time is.
    what: String,
    since: String,
    mine: bool,
}

#[derive(Template)]
#[template(path = "pages/appointments/hours.html")]
struct HoursPage {
    in_admin: bool,
    weekly: Vec<Line>,
    exceptions: Vec<Line>,
    clinicians: Vec<(String, String)>,
    sites: Vec<(String, String)>,
    weekdays: Vec<(usize, &'static str, bool)>,
    weekdays_field: Field,
    fields: Vec<Field>,
    problem: Problem,
}

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl HoursPage {
    async fn new(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Self, Error> {
        let zone = Center::of(house).await?.zone;
        let today = house.today(zone);
        let staff = Directory::of(house).await?;
        let (weekly, exceptions, all) = house
            .look(async |reader| {
                let exceptions = hours::exceptions(reader, today).await?;
                Ok::<_, Error>((hours::weekly(reader).await?, exceptions, sites::all(reader).await?))
            })
            .await?;
        let sets =
            |id: StaffId| may(me, Act::SetHours, &Subject::of("staff", id).cared_for_by(Some(id), None));
        let clinicians = staff.working_as(&CLINICIANS).into_iter().filter(|(id, _)| sets(*id));
        let mut weekly: Vec<Line> = weekly.iter().map(|row| of_week(row, &staff, &all, sets)).collect();
        weekly.sort_by(|a, b| a.who.cmp(&b.who));
        let names = [
            "clinician",
            "site",
            "opens",
            "closes",
            "slot_minutes",
            "from_on",
            "until_on",
            "who",
            "kind",
            "first_on",
            "last_on",
            "at_site",
            "from_clock",
            "until_clock",
            "extra_minutes",
        ];
        let open = all.iter().filter(|site| site.ended_at.is_none());
        let is_on = |day: usize| {
            if typed.all().next().is_some() {
                typed.many("weekdays[]").any(|one| one == day.to_string())
            } else {
                day < 5
            }
        };
        Ok(Self {
            in_admin: reach_of(me, Act::ViewAppointments) == Reach::No,
            weekly,
            exceptions: exceptions.iter().map(|row| of_days(row, &staff, &all, sets)).collect(),
            clinicians: clinicians.map(|(id, name)| (id.to_string(), name)).collect(),
            sites: open.map(|site| (site.id.to_string(), site.name.clone())).collect(),
            weekdays: WEEKDAYS.iter().enumerate().map(|(n, words)| (n, *words, is_on(n))).collect(),
            weekdays_field: Field::of("weekdays", typed, faults),
            fields: names.iter().map(|name| Field::of(name, typed, faults)).collect(),
            problem: Problem::from(faults),
        })
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }
}

fn lengths() -> Vec<(String, String)> {
    LENGTHS.iter().map(|minutes| (minutes.to_string(), format!("{minutes} minutes"))).collect()
}

fn kinds() -> Vec<(&'static str, &'static str)> {
    ExceptionKind::ALL.iter().map(|kind| (kind.as_str(), kind.words())).collect()
}

fn clock(minute: i32) -> String {
    let (hour, minute) = (minute / 60 % 24, minute % 60);
    let half = if hour < 12 { "am" } else { "pm" };
    let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
    format!("{hour}:{minute:02} {half}")
}

fn span(opens: i32, closes: i32) -> String {
    if (Span { opens, closes }) == Span::WHOLE {
        return "all day".into();
    }
    let until = if closes == DAY { "midnight".into() } else { clock(closes) };
    format!("{} to {until}", clock(opens))
}

fn of_week(row: &WeeklyHours, staff: &Directory, all: &[Site], sets: impl Fn(StaffId) -> bool) -> Line {
    let days: Vec<&str> = WEEKDAYS
        .iter()
        .enumerate()
        .filter(|(n, _)| row.weekdays & (1 << n) != 0)
        .map(|(_, words)| *words)
        .collect();
    let short = |day: Day| day.format("%-d %b %Y").to_string();
    let until = row.until_on.map(|day| format!(" until {}", short(day))).unwrap_or_default();
    Line {
        id: row.id.to_string(),
        who: staff.name(row.staff_id).unwrap_or("A former colleague").to_owned(),
        when: format!("{}, {}", days.join(" "), span(row.opens, row.closes)),
        what: format!("{}, {} minutes each", place(all, Some(row.site_id)), row.slot_minutes),
        since: format!("from {}{until}", short(row.from_on)),
        mine: sets(row.staff_id),
    }
}

fn of_days(row: &HoursException, staff: &Directory, all: &[Site], sets: impl Fn(StaffId) -> bool) -> Line {
    let short = |day: Day| day.format("%a %-d %b %Y").to_string();
    let days = if row.first_on == row.last_on {
        short(row.first_on)
    } else {
        format!("{} to {}", short(row.first_on), short(row.last_on))
    };
    let what = match row.kind {
        ExceptionKind::Away => ExceptionKind::Away.words().to_owned(),
        ExceptionKind::Extra => {
            format!("Extra hours, {}, {} minutes each", place(all, row.site_id), row.slot_minutes)
        }
    };
    Line {
        id: row.id.to_string(),
        who: staff.name(row.staff_id).unwrap_or("A former colleague").to_owned(),
        when: format!("{days}, {}", span(row.opens, row.closes)),
        what,
        since: String::new(),
        mine: sets(row.staff_id),
    }
}

fn place(all: &[Site], id: Option<sites::SiteId>) -> &str {
    all.iter().find(|site| Some(site.id) == id).map_or("a place that is gone", |site| site.name.as_str())
}

impl Page for HoursPage {
    fn title(&self) -> String {
        "Hours".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(if self.in_admin { Place::Admin } else { Place::Appointments })
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
