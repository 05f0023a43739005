//! The hours of the center: when someone answers, when the office works, its holidays, and how soon things are due.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::Datelike;
use foundation::center::Center;
use foundation::{Act, Actor, Day, Error, Faults, Subject, day, may};
use intake::clocks::{self, Clocks};
use intake::rules::calendar::holidays::federal;
use intake::rules::calendar::{Calendar, DAYS, Week};
use intake::rules::due::{TARGETS, Targets};

use crate::failure::Failure;
use crate::filters;
use crate::form::Typed;
use crate::house::House;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/admin/hours", Access::Staff(Act::ViewSettings), page).act(
        "/admin/hours",
        Access::Staff(Act::ChangeSettings),
        change,
    )
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    shown(&house, &me, &Typed::default(), &Faults::default()).await
}

async fn shown(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    let (clocks, version) = clocks::with_version(house.reader()).await?;
    let today = day(house.now(), Center::of(house).await?.zone);
    Ok(show(HoursPage::new(me, &clocks, version, today, typed, faults)))
}

async fn change(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
    let done = match parse(&typed) {
        Ok(clocks) => house.write(&me, async |unit| clocks::change(unit, &clocks, version).await).await,
        Err(faults) => Err(faults.into()),
    };
    match done {
        Ok(_) => Ok(sent_on("/admin/hours", Said::HoursChanged, "")),
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add("answering_mon", "Someone changed these while you were at it. What you typed is still here; compare and save again");
            shown(&house, &me, &typed, &faults).await
        }
        Err(Error::Invalid(faults)) => shown(&house, &me, &typed, &faults).await,
        Err(other) => Err(other.into()),
    }
}

/// Every fault of the page at once.
fn parse(typed: &Typed) -> Result<Clocks, Faults> {
    let mut faults = Faults::default();
    let answering =
        Week::parse("answering", |field| typed.text(field)).map_err(|more| faults.0.extend(more.0));
    let office = Week::parse("office", |field| typed.text(field)).map_err(|more| faults.0.extend(more.0));
    let targets = Targets::parse(|field| typed.text(field)).map_err(|more| faults.0.extend(more.0));
    let lines: Vec<&str> = [typed.text("holidays")].into_iter().chain(typed.many("federal[]")).collect();
    // A week that cannot be read has its fault already; the holidays are read all the same.
    let calendar = Calendar::with(
        answering.unwrap_or_else(|()| Week::always()),
        office.unwrap_or_else(|()| Week::always()),
        &lines.join("\n"),
    );
    let calendar = calendar.map_err(|more| faults.0.extend(more.0));
    match (calendar, targets, faults.0.is_empty()) {
        (Ok(calendar), Ok(targets), true) => Ok(Clocks { calendar, targets }),
        _ => Err(faults),
    }
}

/// A federal holiday that is not in the calendar yet.
struct Offer {
    line: String,
    words: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "pages/admin/hours.html")]
struct HoursPage {
    may_change: bool,
    version: i32,
    next: Option<String>,
    answering: Vec<(&'static str, Field)>,
    office: Vec<(&'static str, Field)>,
    targets: Vec<(&'static str, Field)>,
    holidays: Field,
    offers: Vec<Offer>,
    problem: Problem,
}

impl HoursPage {
    fn new(me: &Actor, clocks: &Clocks, version: i32, today: Day, typed: &Typed, faults: &Faults) -> Self {
        let sent = typed.all().next().is_some();
        let field = |name: &'static str, kept: String| {
            let field = Field::of(name, typed, faults);
            if sent { field } else { Field { value: kept, ..field } }
        };
        let week = |names: [&'static str; 7], kept: &Week| {
            let days = names.into_iter().zip(kept.typed()).zip(DAYS);
            days.map(|((name, kept), (_, words))| (words, field(name, kept))).collect()
        };
        let targets = TARGETS.into_iter().zip(clocks.targets.typed());
        let next = clocks.calendar.next_holiday(today);
        Self {
            may_change: may(me, Act::ChangeSettings, &Subject::center()),
            version,
            next: next
                .map(|(day, name)| format!("The next holiday is {name}, {}.", day.format("%A %-d %B %Y"))),
            answering: week(ANSWERING, &clocks.calendar.answering),
            office: week(OFFICE, &clocks.calendar.office),
            targets: targets.map(|((name, words), kept)| (words, field(name, kept))).collect(),
            holidays: field("holidays", clocks.calendar.typed_holidays()),
            offers: offers(&clocks.calendar, today, typed),
            problem: Problem::from(faults),
        }
    }
}

const ANSWERING: [&str; 7] = [
    "answering_mon",
    "answering_tue",
    "answering_wed",
    "answering_thu",
    "answering_fri",
    "answering_sat",
    "answering_sun",
];
const OFFICE: [&str; 7] =
    ["office_mon", "office_tue", "office_wed", "office_thu", "office_fri", "office_sat", "office_sun"];

/// The federal holidays of this year and the next that lie ahead and are not in the calendar.
fn offers(calendar: &Calendar, today: Day, typed: &Typed) -> Vec<Offer> {
    let days = [today.year(), today.year() + 1].into_iter().flat_map(federal);
    days.filter(|(day, _)| *day >= today && calendar.holiday(*day).is_none())
        .map(|(day, name)| {
            let line = format!("{day} {name}");
            Offer {
                words: format!("{name}, {}", day.format("%a %-d %b %Y")),
                chosen: typed.many("federal[]").any(|chosen| chosen == line),
                line,
            }
        })
        .collect()
}

impl Page for HoursPage {
    fn title(&self) -> String {
        "Hours and targets".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
