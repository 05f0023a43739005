//! The alumni worklist: whom to reach today, and why. Beneath it, the parts of a record that staying in touch needs.

mod check_ins;
mod connections;

use std::collections::HashMap;

use alumni::due::{Over, over};
use alumni::worklist::{Line, Worklist, worklist};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use consent::contact_rules::{Caution, cautions_of};
use foundation::center::Center;
use foundation::{Act, PersonId};

use crate::alerts::{self, AlertLine};
use crate::failure::Failure;
use crate::filters;
use crate::house::House;
use crate::look::Place;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/alumni", Access::Staff(Act::ViewAlumni), today)
        .page("/alumni/reached", Access::Staff(Act::ViewAlumni), reached)
        .and(connections::routes())
        .and(check_ins::routes())
}

async fn today(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    let zone = Center::of(&house).await?.zone;
    let mut list = house.look(async |reader| worklist(reader, &me, house.today(zone)).await).await?;
    let mut alerts = alerts::list_lines(&house, &me).await?;
    // Who stands on top with a number to call stands there once, with everything that is known of them.
    for (_, lines) in &mut list.groups {
        lines.retain(|line| {
            let Some(alert) = alerts.iter_mut().find(|alert| alert.person == line.standing.person) else {
                return true;
            };
            let is_new = |reason: &&String| !alert.reasons.contains(&reason.as_str());
            alert.also = line.reasons.iter().filter(is_new).cloned().collect();
            false
        });
    }
    list.groups.retain(|(_, lines)| !lines.is_empty());
    let listed = list.groups.iter().flat_map(|(_, lines)| lines).map(|line| line.standing.person);
    let people: Vec<PersonId> = listed.chain(list.in_care.iter().map(|standing| standing.person)).collect();
    let cautions = cautions_of(house.reader(), people).await?;
    Ok(show(Today { list, alerts, cautions }))
}

/// The list behind a number of the dashboard: the check-ins of the last 30 days, and who was spoken with.
async fn reached(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    let zone = Center::of(&house).await?.zone;
    let all = house.look(async |reader| over(reader, &me, house.today(zone)).await).await?;
    let spoken = all.iter().filter(|one| one.reached).count();
    let cautions = cautions_of(house.reader(), all.iter().map(|one| one.person)).await?;
    Ok(show(Reached { spoken, all, cautions }))
}

#[derive(Template)]
#[template(path = "pages/alumni/reached.html")]
struct Reached {
    spoken: usize,
    all: Vec<Over>,
    cautions: HashMap<PersonId, Caution>,
}

impl Page for Reached {
    fn title(&self) -> String {
        "Who was reached".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Alumni)
    }
}

#[derive(Template)]
#[template(path = "pages/alumni/worklist.html")]
struct Today {
    list: Worklist,
    /// Who needs somebody now or today, before everyone else.
    alerts: Vec<AlertLine>,
    /// What to mind before reaching whoever is listed.
    cautions: HashMap<PersonId, Caution>,
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
