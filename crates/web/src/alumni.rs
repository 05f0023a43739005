//! The alumni worklist: whom to reach today, and why. Beneath it, the parts of a record that staying in touch needs.

mod check_ins;
mod connections;

use alumni::worklist::{Line, Worklist, worklist};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use foundation::Act;
use foundation::center::Center;

use crate::failure::Failure;
use crate::house::House;
use crate::look::Place;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/alumni", Access::Staff(Act::ViewAlumni), today)
        .and(connections::routes())
        .and(check_ins::routes())
}

async fn today(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    let zone = Center::of(&house).await?.zone;
    let list = worklist(house.reader(), &me, house.today(zone)).await?;
    Ok(show(Today { list }))
}

#[derive(Template)]
#[template(path = "pages/alumni/worklist.html")]
struct Today {
    list: Worklist,
}

/// How the stay ended, when that matters for the call, before the reasons.
fn early(line: &Line) -> &'static str {
    if line.standing.early_leaver { "Left before completing." } else { "" }
}

impl Page for Today {
    fn title(&self) -> String {
        "Whom to reach today".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Alumni)
    }
}
