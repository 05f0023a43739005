//! Find or do: the people and requests behind a few letters, as far as the viewer may know of them, for the palette.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use clients::person::{self, shown};
use foundation::acts::{Reach, reach_of};
use foundation::search::fold;
use foundation::{Act, Actor, Error, PersonId};
use intake::inbox::{View, saving};
use intake::request::{newest_of, seen};
use serde::Serialize;

use crate::failure::Failure;
use crate::form::Asked;
use crate::house::House;
use crate::inbox::query;
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
    all.extend(views(&house, &me, &query).await?);
    Ok(Json(all).into_response())
}

/// The lists somebody may open, by what they are called; also those that were saved.
async fn views(house: &House, me: &Actor, typed: &str) -> Result<Vec<Found>, Error> {
    let wanted = fold(typed);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    let mut offer = |label: &str, href: String| {
        if fold(label).contains(&wanted) {
            all.push(Found { label: label.to_owned(), kind: "List", href });
        }
    };
    if reach_of(me, Act::ViewInbox) != Reach::No {
        for view in View::ALL {
            offer(&format!("Inbox: {}", view.words()), format!("/inbox?view={view}"));
        }
        for saved in saving::all(house.reader(), house.keyring()).await? {
            if saved.whose.is_for(me.staff_id()) {
                offer(&saved.name, format!("/inbox?{}", query(saved.filter)));
            }
        }
    }
    for (words, href, act) in LISTS {
        if reach_of(me, act) != Reach::No {
            offer(words, href.to_owned());
        }
    }
    Ok(all)
}

/// Lists that do not stand in the rail.
const LISTS: [(&str, &str, Act); 8] = [
    ("Waitlist", "/waitlist", Act::ViewWaitlist),
    ("Sent on to other providers", "/referrals", Act::FollowReferral),
    ("Where people come from", "/sources", Act::ViewSources),
    ("Somebody asks after somebody", "/third-party", Act::TakeInquiry),
    ("Macros", "/macros", Act::ViewMacros),
    ("Saved replies", "/replies", Act::ViewReplies),
    ("When you take requests", "/duty", Act::SetOwnDuty),
    ("Confidential requests", "/admin/confidential", Act::OverseeConfidential),
];
