//! The accounting of disclosures of one person (42 CFR §2.25): what left, to whom, on what ground, who let it go.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use consent::disclosures::{self, Disclosure};
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Error, PersonId, Subject};
use mail::third_party::ReleaseGround;

use crate::failure::Failure;
use crate::form::key;
use crate::house::House;
use crate::inbox::when;
use crate::look::Place;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::session::Me;

pub(super) fn routes() -> Routes {
    Routes::default().page("/clients/{id}/disclosures", Access::Staff(Act::ViewDisclosures), list)
}

struct DisclosureLine {
    when: String,
    recipient: String,
    what: String,
    ground: String,
    purpose: String,
    by: String,
}

#[derive(Template)]
#[template(path = "pages/clients/disclosures.html")]
struct Disclosures {
    name: String,
    lines: Vec<DisclosureLine>,
}

/// Somebody who asked for help and has no record yet has an accounting as well.
async fn subject(house: &House, id: PersonId) -> Result<Subject, Error> {
    match clients::client::subject(house.reader(), id).await {
        Err(Error::NotFound) => Ok(Subject::of("person", id).concerning(id)),
        other => other,
    }
}

async fn list(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id: PersonId = key(&id)?;
    let name = clients::person::name_of(house.reader(), id).await?;
    let subject = subject(&house, id).await?;
    if !foundation::may(&me, Act::ViewDisclosures, &subject) {
        return Err(Error::NotFound.into());
    }
    house.readings().record(&me, Act::ViewDisclosures, &subject).await?;
    let (now, zone, staff) = (house.now(), Center::of(&house).await?.zone, Directory::of(&house).await?);
    let rows = disclosures::of(house.reader(), id).await?;
    let lines = rows.into_iter().map(|row| DisclosureLine {
        when: when(row.disclosed_at, now, zone),
        ground: ground(&row),
        by: by(&row, &staff),
        recipient: row.recipient,
        what: row.what,
        purpose: row.purpose,
    });
    Ok(show(Disclosures { name, lines: lines.collect() }))
}

fn ground(row: &Disclosure) -> String {
    match ReleaseGround::parse(&row.basis) {
        Some(ground) => ground.words().to_owned(),
        None if row.consent_id.is_some() => "Written consent (42 CFR §2.31)".to_owned(),
        None => row.basis.clone(),
    }
}

fn by(row: &Disclosure, staff: &Directory) -> String {
    let name = |id| staff.name(id).unwrap_or("a former colleague").to_owned();
    match (row.disclosed_by.map(name), row.released_by.map(name)) {
        (Some(by), Some(released)) => format!("{by}; released by {released}"),
        (Some(by), None) => by,
        (None, Some(released)) => format!("Released by {released}"),
        (None, None) => "Kith, by itself".to_owned(),
    }
}

impl Page for Disclosures {
    fn title(&self) -> String {
        format!("Disclosures about {}", self.name)
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Clients)
    }
}
