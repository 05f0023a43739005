//! For the privacy officer: which requests only a few know of. Nothing of them is shown but that they are there, so that
//! none is lost with the people who knew.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Actor, Error, Faults, Instant, StaffId, Subject, Zone, may};
use intake::RequestId;
use intake::request::confiding::{self, Overseen};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::inbox::when;
use crate::look::{Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    let oversee = Access::Staff(Act::OverseeConfidential);
    Routes::default().page("/admin/confidential", oversee, list).act(
        "/admin/confidential/{id}",
        oversee,
        name_one,
    )
}

async fn list(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    Ok(show(Confidential::new(&house, &me, &Faults::default()).await?))
}

async fn name_one(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let id: RequestId = key(&id)?;
    let done = match typed.text("colleague").parse() {
        Ok(colleague) => house.write(&me, async |unit| confiding::name_one(unit, id, colleague).await).await,
        Err(_) => Err(crate::requests::chosen("colleague", "Choose a colleague")),
    };
    match done {
        Ok(()) => Ok(sent_on("/admin/confidential", Said::KnownToOneMore, "")),
        Err(error @ Error::Invalid(_)) => {
            Ok(show(Confidential::new(&house, &me, &Failure::from(error).faults()?).await?))
        }
        Err(other) => Err(other.into()),
    }
}

struct Line {
    id: RequestId,
    reference: String,
    stands: String,
    names: String,
    /// Nobody who knows of it works here any more.
    left: bool,
    others: Vec<(StaffId, String)>,
}

#[derive(Template)]
#[template(path = "pages/admin/confidential.html")]
struct Confidential {
    lines: Vec<Line>,
    problem: Problem,
}

impl Confidential {
    async fn new(house: &House, me: &Actor, faults: &Faults) -> Result<Self, Error> {
        let (staff, zone) = (Directory::of(house).await?, Center::of(house).await?.zone);
        let found = confiding::overseen(house.reader(), me).await?;
        Ok(Self {
            lines: found.into_iter().map(|one| line(one, &staff, house.now(), zone)).collect(),
            problem: Problem::from(faults),
        })
    }
}

fn line(one: Overseen, staff: &Directory, now: Instant, zone: Zone) -> Line {
    let came = when(one.received_at, now, zone);
    let name = |id: &StaffId| staff.name(*id).unwrap_or("a former colleague").to_owned();
    let works = |id: &StaffId| staff.working().any(|member| member.id == *id);
    let request = Subject::of("request", one.id);
    let others = staff
        .working()
        .filter(|member| !one.known_to.contains(&member.id))
        .filter(|member| may(&member.actor(), Act::OpenRequest, &request))
        .map(|member| (member.id, member.name.clone()));
    Line {
        id: one.id,
        stands: format!("Came in {came}. {}", if one.open { "Open." } else { "Closed." }),
        names: one.known_to.iter().map(name).collect::<Vec<_>>().join(", "),
        left: !one.known_to.iter().any(works),
        others: others.collect(),
        reference: one.reference,
    }
}

impl Page for Confidential {
    fn title(&self) -> String {
        "Confidential requests".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
