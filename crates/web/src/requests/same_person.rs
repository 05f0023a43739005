//! Who may be the same person, while somebody is typed in: a piece of a page for a sheet that asks by itself.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse, Response};
use foundation::center::Center;
use foundation::{Act, Error, Instant, Zone};
use intake::request::by_reference;
use intake::same_person::{Alike, Asked as Sought, Is, like};

use crate::failure::Failure;
use crate::form::Asked;
use crate::house::House;
use crate::inbox::when;
use crate::routes::{Access, Routes};
use crate::session::Me;

pub(super) fn routes() -> Routes {
    Routes::default().page("/inbox/same-person", Access::Staff(Act::OpenRequest), same_person)
}

/// Someone who was found, in the words of the page.
pub(super) struct Line {
    pub name: String,
    pub href: String,
    /// What it leads to and how it stands.
    pub what: String,
    pub reasons: String,
    /// The reference of an open request, which can be merged.
    pub open: Option<String>,
}

impl Line {
    pub(super) fn of(found: Alike, now: Instant, zone: Zone) -> Self {
        let reasons: Vec<String> = found.reasons.iter().map(intake::rules::likeness::Reason::words).collect();
        let (href, what, open) = match found.is {
            Is::Client { id, reference } => (format!("/clients/{id}"), format!("Client {reference}"), None),
            Is::Request { reference, received_at, open, .. } => {
                let stands = if open { "open" } else { "closed" };
                let what = format!("Request {reference}, {stands}, from {}", when(received_at, now, zone));
                (format!("/inbox/{reference}"), what, Some(reference).filter(|_| open))
            }
        };
        Self { name: found.name, href, what, reasons: reasons.join(". "), open }
    }
}

#[derive(Template)]
#[template(path = "pages/inbox/same_person.html")]
pub(super) struct SamePerson {
    pub lines: Vec<Line>,
    /// The request that can be merged with one of them.
    pub merge: Option<String>,
}

/// What is known so far comes as `phone`, `email`, `name` and `other_name`; `but` is the request it belongs to.
async fn same_person(
    State(house): State<House>,
    Me(me, _): Me,
    Asked(asked): Asked,
) -> Result<Response, Failure> {
    let given = |names: &[&str]| -> Vec<String> {
        let texts = names.iter().filter_map(|name| asked.given(name));
        texts.map(|text| text.chars().take(120).collect()).collect()
    };
    let own = match asked.given("but") {
        Some(reference) => Some(by_reference(house.reader(), reference).await?),
        None => None,
    };
    let mut people: Vec<_> = own.iter().flat_map(|r| [r.caller_id, r.prospective_id]).collect();
    people.dedup();
    let sought = Sought {
        names: given(&["name", "other_name"]),
        phones: given(&["phone"]),
        emails: given(&["email"]),
        but: own.as_ref().map(|r| r.id),
        people,
    };
    let found = house.look(async |reader| like(reader, &me, sought).await).await?;
    let (now, zone) = (house.now(), Center::of(&house).await?.zone);
    let lines = found.into_iter().map(|one| Line::of(one, now, zone)).collect();
    let piece = SamePerson { lines, merge: None }.render();
    Ok(Html(piece.map_err(|e| Error::Broken(format!("a piece of a page: {e}")))?).into_response())
}
