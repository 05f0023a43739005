//! The client list: whom a viewer may see, by name.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use clients::client::{self, Line, ListQuery};
use clients::episode::LevelOfCare;

use crate::failure::Failure;
use crate::form::Asked;
use crate::house::House;
use crate::look::Place;
use crate::page::{Page, Shell, show};
use crate::session::Me;

/// Lines on one page of the list.
const PAGE: u64 = 50;

pub(super) async fn list(
    State(house): State<House>,
    Me(me, _): Me,
    Asked(asked): Asked,
) -> Result<Response, Failure> {
    let after = asked.given("after_name").zip(asked.given("after").and_then(|id| id.parse().ok()));
    let query = ListQuery {
        find: asked.text("q").chars().take(100).collect(),
        in_care: asked.checked("in_care"),
        after: after.map(|(name, id)| (name.to_owned(), id)),
        limit: PAGE,
    };
    let lines = client::list(house.reader(), &me, &query).await?;
    // Whoever looks for someone is not told how many there are: counting everyone costs more than finding one.
    let stands = if query.find.is_empty() {
        let (all, in_care) = client::counts(house.reader(), &me).await?;
        format!("{in_care} of your {all} people are in care now.")
    } else if lines.len() as u64 == PAGE {
        format!("More than {PAGE} people are found by these words.")
    } else {
        match lines.len() {
            1 => "One person is found.".to_owned(),
            n => format!("{n} people are found."),
        }
    };
    let older = (lines.len() as u64 == PAGE).then(|| lines.last()).flatten().and_then(|l| {
        let name = foundation::search::fold(&l.name_used);
        serde_urlencoded::to_string([
            ("q", query.find.as_str()),
            ("in_care", if query.in_care { "yes" } else { "" }),
            ("after_name", &name),
            ("after", &l.id.to_string()),
        ])
        .ok()
    });
    Ok(show(List { find: query.find, in_care: query.in_care, lines, stands, older }))
}

#[derive(Template)]
#[template(path = "pages/clients/list.html")]
struct List {
    find: String,
    in_care: bool,
    lines: Vec<Line>,
    stands: String,
    older: Option<String>,
}

pub(crate) fn level_words(line: &Line) -> &'static str {
    line.level.as_deref().and_then(LevelOfCare::parse).map_or("Not in care now", LevelOfCare::words)
}

impl Page for List {
    fn title(&self) -> String {
        "Clients".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Clients)
    }
}
