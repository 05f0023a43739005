//! Find or do: the people and requests behind a few letters, as far as the viewer may know of them, for the palette.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clients::person::{self, shown};
use foundation::acts::{Reach, reach_of};
use foundation::{Act, PersonId};
use intake::request::{newest_of, seen};
use serde::Serialize;

use crate::failure::Failure;
use crate::form::Asked;
use crate::house::House;
use crate::routes::{Access, Routes};
use crate::session::Me;

/// More than this nobody reads while someone is on the phone; another letter finds better.
const MOST: u64 = 8;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/find", Access::Staff(Act::Search), find)
}

/// One line of the palette.
#[derive(Serialize)]
struct Found {
    label: String,
    kind: &'static str,
    href: String,
}

async fn find(State(house): State<House>, Me(me, _): Me, Asked(asked): Asked) -> Result<Response, Failure> {
    let query: String = asked.text("q").chars().take(100).collect();
    let opens_requests = reach_of(&me, Act::OpenRequest) != Reach::No;
    let mut all = Vec::new();
    if opens_requests && let Ok(request) = seen(house.reader(), &me, &query).await {
        let reference = request.reference;
        all.push(Found { href: format!("/inbox/{reference}"), label: reference, kind: "Request" });
    }
    let people = person::find(house.reader(), &me, &query, MOST).await?;
    let unknown: Vec<PersonId> = people.iter().filter(|p| p.reference.is_none()).map(|p| p.id).collect();
    let mut requests: HashMap<PersonId, String> =
        if opens_requests { newest_of(house.reader(), &me, &unknown).await? } else { HashMap::new() };
    all.extend(people.into_iter().filter_map(|p| {
        let name = shown(&p.name_used);
        match (p.reference, requests.remove(&p.id)) {
            (Some(record), _) => {
                let href = format!("/clients/{}", p.id);
                Some(Found { label: format!("{name}, {record}"), kind: "Client", href })
            }
            (None, Some(request)) => {
                let href = format!("/inbox/{request}");
                Some(Found { label: format!("{name}, {request}"), kind: "Request", href })
            }
            (None, None) => None,
        }
    }));
    Ok(Json(all).into_response())
}
