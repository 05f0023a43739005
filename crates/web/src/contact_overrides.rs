//! For the privacy officer: who was called, or left a voicemail, against what they had said, and why.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use consent::contact_override::{self, ContactOverride, OverrideId};
use foundation::center::Center;
use foundation::staff::Directory;
use foundation::{Act, Error, Subject};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::inbox::when;
use crate::look::Place;
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default().page("/admin/contact-overrides", Access::Staff(Act::ViewContactOverrides), list).act(
        "/admin/contact-overrides/{id}/review",
        Access::Staff(Act::ReviewContactOverride),
        review,
    )
}

async fn list(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    let found = contact_override::list(house.reader(), house.keyring()).await?;
    house.readings().record(&me, Act::ViewContactOverrides, &Subject::center()).await?;
    Ok(show(Overrides::new(&house, found).await?))
}

async fn review(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let id: OverrideId = key(&id)?;
    house.write(&me, async |unit| contact_override::review(unit, id).await).await?;
    Ok(sent_on("/admin/contact-overrides", Said::Reviewed, ""))
}

struct Line {
    id: OverrideId,
    who: String,
    about: String,
    broken: &'static str,
    reason: String,
    when: String,
    /// Who reviewed it, and when.
    reviewed: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/contact_overrides.html")]
struct Overrides {
    lines: Vec<Line>,
    waiting: usize,
}

impl Overrides {
    async fn new(house: &House, found: Vec<ContactOverride>) -> Result<Self, Error> {
        let (zone, now) = (Center::of(house).await?.zone, house.now());
        let staff = Directory::of(house).await?;
        let name = |id: Option<_>| {
            let name = id.and_then(|id| staff.name(id)).unwrap_or("Someone no longer here");
            name.to_owned()
        };
        let line = |one: ContactOverride| Line {
            id: one.id,
            who: name(one.staff),
            about: one.about,
            broken: one.broken.words(),
            reason: one
                .reason
                .unwrap_or_else(|| "The person was forgotten, and the reason with them.".into()),
            when: when(one.made_at, now, zone),
            reviewed: one.reviewed.map(|(at, by)| format!("{}, {}", name(by), when(at, now, zone))),
        };
        let waiting = found.iter().filter(|one| one.reviewed.is_none()).count();
        Ok(Self { waiting, lines: found.into_iter().map(line).collect() })
    }
}

impl Page for Overrides {
    fn title(&self) -> String {
        "Calls against rules".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
}
