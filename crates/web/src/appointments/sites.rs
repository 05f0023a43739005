//! The sites of the center: where people are met, with the clock of the place.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use foundation::{Act, Actor, Error, Faults, Subject, may};
use intake::appointments::sites::{self, NewSite, Site};

use crate::failure::Failure;
use crate::filters;
use crate::form::{Asked, Typed, key};
use crate::house::House;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;
use crate::settings::ZONES;

const HERE: &str = "/admin/sites";

/// The routes of this file.
pub(super) fn routes() -> Routes {
    let change = Access::Staff(Act::ChangeSettings);
    Routes::default().page(HERE, Access::Staff(Act::ViewSettings), open).act(HERE, change, save).act(
        "/admin/sites/{id}/ending",
        change,
        end,
    )
}

async fn open(State(house): State<House>, Me(me, _): Me, Asked(asked): Asked) -> Result<Response, Failure> {
    shown(&house, &me, &asked, &Faults::default()).await
}

async fn shown(house: &House, me: &Actor, typed: &Typed, faults: &Faults) -> Result<Response, Failure> {
    let all = sites::all(house.reader()).await?;
    Ok(show(SitesPage::new(all, me, typed, faults)))
}

async fn after(
    house: &House,
    me: &Actor,
    typed: &Typed,
    done: Result<(), Error>,
    said: Said,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(sent_on(HERE, said, "")),
        Err(Error::Invalid(faults)) => shown(house, me, typed, &faults).await,
        Err(Error::Stale) => {
            let mut faults = Faults::default();
            faults.add(
                "site_name",
                "Someone changed this site while you were at it. Look at the list, then save again",
            );
            shown(house, me, typed, &faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// A new site, or one that is put right.
async fn save(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let done = match NewSite::parse(|name| typed.text(name)) {
        Err(faults) => Err(faults.into()),
        Ok(new) => match typed.given("site") {
            None => house.write(&me, async |unit| sites::add(unit, new).await).await.map(|_| ()),
            Some(id) => {
                let (id, version) = (key(id)?, version(&typed)?);
                house.write(&me, async |unit| sites::change(unit, id, version, new).await).await
            }
        },
    };
    after(&house, &me, &typed, done, Said::SiteSaved).await
}

fn version(typed: &Typed) -> Result<i32, Error> {
    typed.text("version").parse().map_err(|_| Error::NotFound)
}

async fn end(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    let (id, version) = (key(&id)?, version(&typed)?);
    let done = house.write(&me, async |unit| sites::end(unit, id, version).await).await;
    after(&house, &me, &Typed::default(), done, Said::SiteEnded).await
}

#[derive(Template)]
#[template(path = "pages/appointments/sites.html")]
struct SitesPage {
    may_change: bool,
    sites: Vec<Site>,
    ended: Vec<Site>,
    /// The site that is put right, and the version it was shown with.
    site: String,
    version: String,
    fields: Vec<Field>,
    problem: Problem,
}

impl SitesPage {
    fn new(all: Vec<Site>, me: &Actor, typed: &Typed, faults: &Faults) -> Self {
        let (ended, sites): (Vec<Site>, Vec<Site>) =
            all.into_iter().partition(|site| site.ended_at.is_some());
        let chosen = sites.iter().find(|site| site.id.to_string() == typed.text("site"));
        let kept = |name: &str| {
            chosen.map_or_else(String::new, |site| match name {
                "site_name" => site.name.clone(),
                "address" => site.address.clone(),
                _ => site.zone.clone(),
            })
        };
        let fields = ["site_name", "address", "zone"].map(|name| {
            let field = Field::of(name, typed, faults);
            let sent = typed.all().any(|(one, _)| one == name);
            if sent { field } else { Field { value: kept(name), ..field } }
        });
        Self {
            may_change: may(me, Act::ChangeSettings, &Subject::center()),
            site: chosen.map(|site| site.id.to_string()).unwrap_or_default(),
            version: chosen.map(|site| site.version.to_string()).unwrap_or_default(),
            fields: fields.to_vec(),
            problem: Problem::from(faults),
            sites,
            ended,
        }
    }

    fn field(&self, name: &str) -> &Field {
        static NONE: Field = Field { name: "", value: String::new(), fault: None };
        self.fields.iter().find(|f| f.name == name).unwrap_or(&NONE)
    }
}

/// The zone in the words people use.
fn zone_words(zone: &str) -> &str {
    ZONES.iter().find(|(name, _)| *name == zone).map_or(zone, |(_, words)| words)
}

impl Page for SitesPage {
    fn title(&self) -> String {
        "Sites".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
