//! Today in numbers; each opens the list behind it.

use alumni::due::Counted;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use dashboards::today::{Month, Today, Waiting, today};
use foundation::Act;
use foundation::center::Center;

use crate::failure::Failure;
use crate::house::House;
use crate::look::{Bar, Bars, Place, Stat};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/dashboards", Access::Staff(Act::ViewDashboards), async || {
            Redirect::to("/dashboards/today").into_response()
        })
        .page("/dashboards/today", Access::Staff(Act::ViewDashboards), page)
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    let zone = Center::of(&house).await?.zone;
    let read = today(house.reader(), &me, house.now(), zone).await?;
    Ok(show(TodayPage::new(&read)))
}

#[derive(Template)]
#[template(path = "pages/dashboards/today.html")]
struct TodayPage {
    bold: String,
    rest: String,
    waiting: Stat,
    care: Stat,
    due: Stat,
    reached: Stat,
    ages: Bars,
    months: Bars,
    admitted: Bars,
    census: Bars,
}

impl TodayPage {
    fn new(read: &Today) -> Self {
        let (asked, admitted) = read.months.iter().fold((0, 0), |(a, b), m| (a + m.requests, b + m.admitted));
        Self {
            bold: format!("{} people are in care.", read.in_care()),
            rest: format!("In twelve months {asked} people asked, and {admitted} of them became clients."),
            waiting: Stat {
                count: Some(read.waiting.all()),
                of: read.waiting.all(),
                sentence: "people wait for a first call.".into(),
                behind: Some(("/inbox".into(), "Open the inbox".into())),
                definition: Waiting::DEFINITION.into(),
            },
            care: Stat {
                count: Some(read.in_care()),
                of: read.clients,
                sentence: "people with a record are in care now.".into(),
                behind: Some(("/clients?in_care=yes".into(), "See who".into())),
                definition: Today::CENSUS.into(),
            },
            due: Stat {
                count: Some(read.alumni.due),
                of: read.alumni.in_aftercare,
                sentence: "alumni in aftercare are due for a check-in.".into(),
                behind: Some(("/alumni".into(), "See whom to reach".into())),
                definition: Counted::DUE.into(),
            },
            reached: Stat {
                // Of nothing there is no share, and none is not zero.
                count: (read.alumni.over > 0).then_some(read.alumni.reached),
                of: read.alumni.over,
                sentence: "check-ins of the last 30 days were reached.".into(),
                behind: Some(("/alumni".into(), "See who was not".into())),
                definition: Counted::REACHED.into(),
            },
            ages: ages(&read.waiting),
            months: by_month("months", "How many people asked?", "Requests", &read.months, |m| m.requests),
            admitted: by_month(
                "admitted",
                "How many of them became clients?",
                "Became clients",
                &read.months,
                |m| m.admitted,
            ),
            census: Bars {
                id: "census",
                question: "Who is in care tonight, by level?".into(),
                answer: format!("{} people.", read.in_care()),
                unit: "People",
                bars: read.census.iter().map(|(level, n)| bar(short(level.words()), *n)).collect(),
                definition: Today::CENSUS.into(),
            },
        }
    }
}

/// A level's number and first words: the drawing has room for so much.
fn short(words: &str) -> String {
    words.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

fn bar(label: impl Into<String>, count: u64) -> Bar {
    Bar { label: label.into(), count: Some(count) }
}

fn ages(waiting: &Waiting) -> Bars {
    Bars {
        id: "ages",
        question: "How long have people waited for a first call?".into(),
        answer: match waiting.longer + waiting.under_a_day {
            0 => "Nobody has waited more than an hour.".into(),
            1 => "One person has waited more than an hour.".into(),
            n => format!("{n} people have waited more than an hour."),
        },
        unit: "People",
        bars: vec![
            bar("under 15 minutes", waiting.under_15_minutes),
            bar("under an hour", waiting.under_an_hour),
            bar("under a day", waiting.under_a_day),
            bar("longer", waiting.longer),
        ],
        definition: Waiting::DEFINITION.into(),
    }
}

fn by_month(
    id: &'static str,
    question: &str,
    unit: &'static str,
    months: &[Month],
    count: fn(&Month) -> u64,
) -> Bars {
    let all: u64 = months.iter().map(count).sum();
    Bars {
        id,
        question: question.into(),
        answer: format!("{all} in twelve months."),
        unit,
        bars: months.iter().map(|m| bar(m.first.format("%b %Y").to_string(), count(m))).collect(),
        definition: Month::DEFINITION.into(),
    }
}

impl Page for TodayPage {
    fn title(&self) -> String {
        "Today".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Dashboards)
    }
}
