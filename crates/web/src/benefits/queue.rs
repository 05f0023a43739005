//! The queue of benefits checks, as those who check see it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use foundation::center::Center;
use foundation::{Instant, StaffId, day};
use intake::benefits::queue::{Row, rows, sentence};
use intake::clocks;
use intake::rules::benefits::{Holds, State as Stands, holds};
use intake::rules::clock::Clock;
use intake::rules::standing::long;

use super::view::{clock, codes, tag};
use crate::failure::Failure;
use crate::filters;
use crate::house::House;
use crate::look::{Place, Tag, initials};
use crate::page::{Page, Shell, show};
use crate::session::Me;

pub(super) async fn queue(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    let zone = Center::of(&house).await?.zone;
    let now = house.now();
    let found = rows(&house, &me).await?;
    let clocks = clocks::of(&house).await?;
    let office = clocks.office(zone);
    let (bold, rest) = sentence(&found, now, &office);
    Ok(show(Queue { bold, rest, groups: groups(found, me.staff_id(), now, &office) }))
}

/// One group of rows under its heading.
struct Rows {
    heading: &'static str,
    rows: Vec<Line>,
}

/// A row as the page shows it.
struct Line {
    reference: String,
    name: String,
    about: String,
    tag: Tag,
    kind: &'static str,
    due: String,
    due_tone: &'static str,
    age: String,
    owner: String,
    initials: String,
    who: &'static str,
}

fn groups(found: Vec<Row>, me: Option<StaffId>, now: Instant, office: &Clock<'_>) -> Vec<Rows> {
    let mut groups: Vec<Rows> = Vec::new();
    for row in found {
        let heading = row.group(day(now, office.zone)).words();
        let line = Line::new(row, me, now, office);
        match groups.last_mut() {
            Some(group) if group.heading == heading => group.rows.push(line),
            _ => groups.push(Rows { heading, rows: vec![line] }),
        }
    }
    groups
}

impl Line {
    fn new(row: Row, me: Option<StaffId>, now: Instant, office: &Clock<'_>) -> Self {
        let (due, due_tone) = due(&row, now, office);
        let (owner, who) = match (&row.taker, row.taken_by) {
            (_, Some(id)) if Some(id) == me => ("You".to_owned(), "who-me"),
            (Some(name), _) => (name.clone(), ""),
            _ => ("Nobody yet".into(), "who-none"),
        };
        let levels = codes(&row.coverage.levels);
        let plan = if row.coverage.is_self_pay() { "No plan" } else { row.coverage.plan.as_str() };
        Self {
            name: clients::person::shown(&row.name),
            about: row.why_not.map_or_else(|| format!("{plan} · {levels}"), |why| why.words().to_owned()),
            // The column is narrow; why it was not stands beside it.
            tag: match tag(row.state()) {
                tag if row.why_not.is_some() => Tag { words: "Not checked", ..tag },
                tag if row.answered_at.is_some() => {
                    Tag { words: if row.approved_at.is_some() { "Approved" } else { "Verified" }, ..tag }
                }
                tag => tag,
            },
            kind: if row.coverage.is_self_pay() { "Self-pay" } else { short(&row) },
            due,
            due_tone,
            age: age(&row, now),
            initials: row.taker.as_deref().map_or_else(|| "–".into(), initials),
            owner,
            who,
            reference: row.reference,
        }
    }
}

/// Kinds of plan with a short name; the others are on the page of the check.
fn short(row: &Row) -> &'static str {
    let words = row.coverage.plan_kind.words();
    if words.len() <= 11 { words } else { "" }
}

fn due(row: &Row, now: Instant, office: &Clock<'_>) -> (String, &'static str) {
    let today = day(now, office.zone);
    match (row.state(), row.valid_until) {
        (Stands::Asked | Stands::BeingChecked, _) => clock(now, row.due_at, office),
        (Stands::Answered | Stands::Approved, Some(last)) => match holds(last, today) {
            Holds::Yes => (format!("until {}", last.format("%-d %b")), "plain"),
            Holds::RunsOut => (format!("until {}", last.format("%-d %b")), "soon"),
            Holds::No => (format!("ran out {}", last.format("%-d %b")), "urgent"),
        },
        _ => (String::new(), "plain"),
    }
}

fn age(row: &Row, now: Instant) -> String {
    format!("{} ago", long(row.answered_at.unwrap_or(row.asked_at), now))
}

#[derive(Template)]
#[template(path = "pages/benefits/queue.html")]
struct Queue {
    bold: String,
    rest: String,
    groups: Vec<Rows>,
}

impl Page for Queue {
    fn title(&self) -> String {
        "Benefits".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Benefits)
    }
}
