//! Who is on call when the office is closed: the list an administrator sets, and the hours in which nobody is there.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::TimeDelta;
use foundation::calendar::{DAYS, Stretch};
use foundation::on_call::turn::HOLIDAYS;
use foundation::on_call::{
    Change, OfficeHours, Turn, TurnId, TypedTurn, WhoAnswers, change_turns, list_turns, may_be_on_call,
};
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Instant, StaffId, Subject, Zone, may};
use mail::staff_notice;

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::listing::changed;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::promises::say_when;
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// Days ahead in which gaps are looked for.
const AHEAD: TimeDelta = TimeDelta::days(7);

/// The routes of this file.
pub fn routes() -> Routes {
    let change = Access::Staff(Act::ChangeSettings);
    Routes::default()
        .page("/admin/on-call", Access::Staff(Act::ViewSettings), page)
        .act("/admin/on-call", change, add)
        .act("/admin/on-call/{turn}/removal", change, remove)
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    render(&house, &me, &Typed::default(), &Faults::default()).await
}

async fn render(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    Ok(show(OnCallPage::load(house, me, typed, faults).await?))
}

async fn change(
    house: &House,
    me: &Actor,
    typed: &Typed,
    change: Result<Change, Faults>,
) -> Result<Response, Failure> {
    let faults = changed(typed, "staff", change, async |version, change| {
        house.write(me, async |unit| change_turns(unit, version, change).await).await
    })
    .await?;
    if faults.0.is_empty() {
        return Ok(sent_on("/admin/on-call", Said::OnCallChanged, ""));
    }
    render(house, me, typed, &faults).await
}

async fn add(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let turn = TypedTurn {
        staff: typed.text("staff"),
        days: typed.many("days[]").collect(),
        from: typed.text("from"),
        until: typed.text("until"),
    };
    change(&house, &me, &typed, Turn::parse(&turn).map(Change::Add)).await
}

async fn remove(
    State(house): State<House>,
    Me(me, _): Me,
    Path(turn): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let turn: TurnId = key(&turn)?;
    change(&house, &me, &typed, Ok(Change::Remove(turn))).await
}

/// One turn as the page shows it.
struct TurnLine {
    id: TurnId,
    name: String,
    days: String,
    hours: String,
    /// Why nobody would be told by it; empty when they would.
    trouble: &'static str,
}

#[derive(Template)]
#[template(path = "pages/admin/on_call.html")]
struct OnCallPage {
    may_change: bool,
    version: i32,
    /// Who is there now.
    now: String,
    turns: Vec<TurnLine>,
    gaps: Vec<String>,
    people: Vec<(String, String)>,
    staff: Field,
    days: Vec<(&'static str, &'static str, bool)>,
    days_field: Field,
    from: Field,
    until: Field,
    hours: Vec<(String, String)>,
    problem: Problem,
}

impl OnCallPage {
    async fn load(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Self, Error> {
        let (hours, staff) = (OfficeHours::load(house.reader()).await?, Directory::of(house).await?);
        let (turns, version) = list_turns(house.reader()).await?;
        let addresses = staff_notice::list_addresses(house.reader()).await?;
        let (now, zone) = (house.now(), hours.zone);
        // Whoever gave no address hears nothing at home: their turns leave gaps.
        let mut reached = hours.clone();
        reached.turns.retain(|turn| addresses.contains_key(&turn.staff));
        let name = |id: StaffId| staff.name(id).unwrap_or("A former colleague").to_owned();
        let field = |name| Field::of(name, typed, faults);
        let named = DAYS.into_iter().chain([HOLIDAYS]);
        let trouble = |turn: &Turn| match () {
            () if !hours.turns.contains(turn) => {
                "Their account is closed or no longer looks after alumni: not on call"
            }
            () if !addresses.contains_key(&turn.staff) => {
                "No address to write to, so nobody is reached: they set it under Your account"
            }
            () => "",
        };
        Ok(Self {
            may_change: may(me, Act::ChangeSettings, &Subject::center()),
            version,
            now: now_words(&reached.who_answers(now), &name, now, zone),
            turns: turns.iter().map(|turn| turn_line(turn, name(turn.staff), trouble(turn))).collect(),
            gaps: reached.gaps(now, now + AHEAD).into_iter().map(|gap| gap_words(gap, now, zone)).collect(),
            people: staff
                .working()
                .filter(|one| may_be_on_call(one))
                .map(|one| (one.id.to_string(), one.name.clone()))
                .collect(),
            staff: field("staff"),
            days: named
                .map(|(short, words)| (short, words, typed.many("days[]").any(|day| day == short)))
                .collect(),
            days_field: field("days"),
            from: field("from"),
            until: field("until"),
            hours: (0..24u16).map(|hour| (format!("{hour}:00"), minute_words(hour * 60))).collect(),
            problem: Problem::from(faults),
        })
    }
}

fn turn_line(turn: &Turn, name: String, trouble: &'static str) -> TurnLine {
    TurnLine { id: turn.id, name, days: turn.days_words(), hours: hours_words(turn), trouble }
}

/// The hours of a turn: "6 pm to 8 am the next day".
pub(crate) fn hours_words(turn: &Turn) -> String {
    let (from, until, over_midnight) = turn.minutes();
    let next = if over_midnight { " the next day" } else { "" };
    format!("{} to {}{next}", minute_words(from), minute_words(until))
}

/// A minute of the day as people say it: "8 pm", "8:30 am", "midnight".
fn minute_words(minute: u16) -> String {
    let hour = consent::rules::contact::clock(u8::try_from(minute / 60).unwrap_or_default());
    match (minute % 60, hour.split_once(' ')) {
        (0, _) => hour,
        (rest, Some((number, half))) => format!("{number}:{rest:02} {half}"),
        (rest, None) => format!("12:{rest:02} {}", if minute < 720 { "am" } else { "pm" }),
    }
}

fn now_words(who: &WhoAnswers, name: &impl Fn(StaffId) -> String, now: Instant, zone: Zone) -> String {
    match who {
        WhoAnswers::Office => "The office is open now.".into(),
        WhoAnswers::OnCall(staff) => {
            let names: Vec<String> = staff.iter().map(|id| name(*id)).collect();
            format!("On call now: {}.", names.join(", "))
        }
        WhoAnswers::Nobody(Some(next)) => {
            format!(
                "Nobody is in the office or on call now. The next time is {}.",
                say_when(*next, now, zone)
            )
        }
        WhoAnswers::Nobody(None) => "Nobody is in the office or on call in the weeks ahead.".into(),
    }
}

fn gap_words((from, until): Stretch, now: Instant, zone: Zone) -> String {
    let begins = if from <= now { "Now".to_owned() } else { say_when(from, now, zone) };
    format!("{begins} until {}", say_when(until, now, zone))
}

impl Page for OnCallPage {
    fn title(&self) -> String {
        "On call".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
