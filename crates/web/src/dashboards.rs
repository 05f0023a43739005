//! Today in numbers; each opens the list behind it.

use alumni::due::Counted;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use dashboards::today::{Month, Today, Waited, Waiting, today};
use foundation::acts::{Reach, reach_of};
use foundation::center::Center;
use foundation::{Act, Actor};

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
    let read = house.look(async |reader| today(reader, &me, house.now(), zone).await).await?;
    Ok(show(TodayPage::new(&me, &read)))
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

/// The list behind a number, for whoever may open it; the others see the number.
struct Behind<'a>(&'a Actor);

impl Behind<'_> {
    fn list(&self, act: Act, href: impl Into<String>) -> Option<String> {
        (reach_of(self.0, act) != Reach::No).then(|| href.into())
    }

    fn said(&self, act: Act, href: &str, words: &str) -> Option<(String, String)> {
        Some((self.list(act, href)?, words.to_owned()))
    }
}

impl TodayPage {
    fn new(me: &Actor, read: &Today) -> Self {
        let behind = Behind(me);
        let (asked, admitted) = read.months.iter().fold((0, 0), |(a, b), m| (a + m.requests, b + m.admitted));
        Self {
            bold: format!("{} people are in care.", read.in_care()),
            rest: format!("In twelve months {asked} people asked, and {admitted} of them became clients."),
            waiting: Stat {
                count: Some(read.waiting.all()),
                of: read.open,
                sentence: "open requests wait for a first call.".into(),
                behind: behind.said(Act::ViewInbox, "/inbox", "Open the inbox"),
                definition: Waiting::DEFINITION.into(),
            },
            care: Stat {
                count: Some(read.in_care()),
                of: read.clients,
                sentence: "people with a record are in care now.".into(),
                behind: behind.said(Act::ViewClients, "/clients?in_care=yes", "See who"),
                definition: Today::CENSUS.into(),
            },
            due: Stat {
                count: Some(read.alumni.due),
                of: read.alumni.in_aftercare,
                sentence: "alumni in aftercare are due for a check-in.".into(),
                behind: behind.said(Act::ViewAlumni, "/alumni", "See whom to reach"),
                definition: Counted::DUE.into(),
            },
            reached: Stat {
                // Of nothing there is no share, and none is not zero.
                count: (read.alumni.over > 0).then_some(read.alumni.reached),
                of: read.alumni.over,
                sentence: "check-ins of the last 30 days were reached.".into(),
                behind: behind.said(Act::ViewAlumni, "/alumni/reached", "See who was, and who was not"),
                definition: Counted::REACHED.into(),
            },
            ages: ages(&behind, &read.waiting),
            months: by_month(&ASKED, &behind, &read.months),
            admitted: by_month(&BECAME, &behind, &read.months),
            census: Bars {
                id: "census",
                question: "Who is in care tonight, by level?".into(),
                answer: format!("{} people.", read.in_care()),
                unit: "People",
                bars: read
                    .census
                    .iter()
                    .map(|(level, n)| {
                        let href = format!("/clients?in_care=yes&level={}", level.as_str());
                        bar(short(level.words()), *n, behind.list(Act::ViewClients, href))
                    })
                    .collect(),
                definition: Today::CENSUS.into(),
            },
        }
    }
}

/// A level's number and first words: the drawing has room for so much.
fn short(words: &str) -> String {
    words.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

fn bar(label: impl Into<String>, count: u64, behind: Option<String>) -> Bar {
    Bar { label: label.into(), count: Some(count), behind }
}

fn ages(behind: &Behind<'_>, waiting: &Waiting) -> Bars {
    let bar = |band: &Waited| {
        let href = format!("/inbox?waited={}", band.as_str());
        bar(band.words(), waiting.of(*band), behind.list(Act::ViewInbox, href))
    };
    Bars {
        id: "ages",
        question: "How long have people waited for a first call?".into(),
        answer: match waiting.of(Waited::Longer) + waiting.of(Waited::UnderADay) {
            0 => "Nobody has waited more than an hour.".into(),
            1 => "One person has waited more than an hour.".into(),
            n => format!("{n} people have waited more than an hour."),
        },
        unit: "People",
        bars: Waited::ALL.iter().map(bar).collect(),
        definition: Waiting::DEFINITION.into(),
    }
}

/// A series by month of arrival.
struct ByMonth {
    id: &'static str,
    question: &'static str,
    unit: &'static str,
    count: fn(&Month) -> u64,
    /// What narrows the list behind a month.
    only: &'static str,
}

const ASKED: ByMonth = ByMonth {
    id: "months",
    question: "How many people asked?",
    unit: "Requests",
    count: |m| m.requests,
    only: "",
};
const BECAME: ByMonth = ByMonth {
    id: "admitted",
    question: "How many of them became clients?",
    unit: "Became clients",
    count: |m| m.admitted,
    only: "&became=client",
};

fn by_month(series: &ByMonth, behind: &Behind<'_>, months: &[Month]) -> Bars {
    let all: u64 = months.iter().map(series.count).sum();
    let bar = |m: &Month| {
        let href = format!("/inbox?received={}{}", m.first.format("%Y-%m"), series.only);
        bar(m.first.format("%b %Y").to_string(), (series.count)(m), behind.list(Act::ViewInbox, href))
    };
    Bars {
        id: series.id,
        question: series.question.into(),
        answer: format!("{all} in twelve months."),
        unit: series.unit,
        bars: months.iter().map(bar).collect(),
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
