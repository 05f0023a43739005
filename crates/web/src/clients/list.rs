//! The client list: whom a viewer may see, by name.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use clients::client::{self, Line, ListQuery};
use clients::episode::LevelOfCare;
use consent::contact_rules::{Caution, cautions_of};
use foundation::PersonId;

use crate::failure::Failure;
use crate::filters;
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
        without_counselor: asked.checked("without_counselor"),
        level: asked.given("level").and_then(LevelOfCare::parse),
        after: after.map(|(name, id)| (name.to_owned(), id)),
        limit: PAGE,
    };
    let lines = client::list(house.reader(), &me, &query).await?;
    let cautions = cautions_of(house.reader(), lines.iter().map(|line| line.id)).await?;
    // Whoever looks for someone is not told how many there are: counting everyone costs more than finding one.
    let stands = if query.without_counselor {
        without_counselor(lines.len())
    } else if let Some(level) = query.level {
        format!("In care now at {}.", level.words())
    } else if query.find.is_empty() {
        let (all, in_care) = client::counts(house.reader(), &me).await?;
        format!("{in_care} of your {all} people are in care now.")
    } else if lines.len() as u64 == PAGE {
        format!("{PAGE} people or more are found. Add a word to find the right one.")
    } else {
        match lines.len() {
            1 => "One person is found.".to_owned(),
            n => format!("{n} people are found."),
        }
    };
    let older =
        (query.find.is_empty() && lines.len() as u64 == PAGE).then(|| lines.last()).flatten().and_then(|l| {
            let name = foundation::search::fold(&l.name_used);
            serde_urlencoded::to_string([
                ("in_care", if query.in_care { "yes" } else { "" }),
                ("without_counselor", if query.without_counselor { "yes" } else { "" }),
                ("level", query.level.map_or("", LevelOfCare::as_str)),
                ("after_name", &name),
                ("after", &l.id.to_string()),
            ])
            .ok()
        });
    let ListQuery { find, in_care, level, .. } = query;
    Ok(show(List { find, in_care, level, lines, cautions, stands, older }))
}

/// How many records no counselor carries.
pub(crate) fn without_counselor(n: usize) -> String {
    match n {
        0 => "Every record has a counselor.".into(),
        1 => "1 record has no counselor.".into(),
        n => format!("{n} records have no counselor."),
    }
}

#[derive(Template)]
#[template(path = "pages/clients/list.html")]
struct List {
    find: String,
    in_care: bool,
    level: Option<LevelOfCare>,
    lines: Vec<Line>,
    cautions: HashMap<PersonId, Caution>,
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
