//! How requests arrive beyond the form and the phone, for administrators: what became of mail, whether the mailbox can be
//! looked into, and the keys of the center's own website.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use chrono::TimeDelta;
use foundation::center::Center;
use foundation::{Act, Actor, Error, Faults, Instant, Secret, Subject, Zone, may};
use intake::api_key::{self, ApiKeyId, NewKey};
use intake::inward;
use mail::mailbox::Mailbox;

use crate::failure::Failure;
use crate::filters;
use crate::form::{Typed, key};
use crate::house::House;
use crate::inbox::when;
use crate::look::{Field, Place, Problem};
use crate::page::{Page, Shell, show};
use crate::routes::{Access, Routes};
use crate::said::{Said, sent_on};
use crate::session::Me;

/// The routes of this file.
pub fn routes() -> Routes {
    Routes::default()
        .page("/admin/channels", Access::Staff(Act::ViewSettings), page)
        .act("/admin/channels/keys", Access::Staff(Act::MakeKey), make)
        .act("/admin/channels/keys/{id}/ending", Access::Staff(Act::EndKey), end)
}

async fn page(State(house): State<House>, Me(me, _): Me) -> Result<Response, Failure> {
    Ok(show(Channels::new(&house, &me, &Typed::default(), &Faults::default(), None).await?))
}

async fn make(State(house): State<House>, Me(me, _): Me, typed: Typed) -> Result<Response, Failure> {
    let new = match NewKey::parse(typed.text("key_name"), typed.text("origins")) {
        Ok(new) => new,
        Err(faults) => return Ok(show(Channels::new(&house, &me, &typed, &faults, None).await?)),
    };
    let secret = house.write(&me, async |unit| api_key::make(unit, new).await).await?;
    Ok(show(Channels::new(&house, &me, &Typed::default(), &Faults::default(), Some(&secret)).await?))
}

async fn end(
    State(house): State<House>,
    Me(me, _): Me,
    Path(id): Path<String>,
    _: Typed,
) -> Result<Response, Failure> {
    let id: ApiKeyId = key(&id)?;
    house.write(&me, async |unit| api_key::end(unit, id).await).await?;
    Ok(sent_on("/admin/channels", Said::KeyEnded, ""))
}

struct Line {
    id: ApiKeyId,
    name: String,
    begins_with: String,
    origins: String,
    used: String,
    ended: Option<String>,
}

/// A mailbox and how looking into it goes.
struct MailboxLine {
    name: String,
    well: bool,
    stands: String,
}

impl MailboxLine {
    fn new(mailbox: &Mailbox, now: Instant, zone: Zone) -> Self {
        let health = mailbox.health();
        let at = |moment: Option<Instant>| moment.map(|at| when(at, now, zone));
        let stands = match (&health.fault, at(health.looked_at), at(health.succeeded_at)) {
            (Some(fault), _, Some(last)) => format!("{fault} It was last looked into {last}."),
            (Some(fault), _, None) => format!("{fault} It was never looked into since the start."),
            (None, Some(last), _) => format!("looked into {last}."),
            (None, None, _) => "not looked into yet.".into(),
        };
        Self { name: mailbox.name(), well: health.fault.is_none(), stands }
    }
}

#[derive(Template)]
#[template(path = "pages/admin/channels.html")]
struct Channels {
    /// A new key, told once.
    secret: Option<String>,
    counts: Vec<(&'static str, i64)>,
    mailbox: Option<MailboxLine>,
    keys: Vec<Line>,
    may_make: bool,
    may_import: bool,
    key_name: Field,
    origins: Field,
    problem: Problem,
}

impl Channels {
    async fn new(
        house: &House,
        me: &Actor,
        typed: &Typed,
        faults: &Faults,
        secret: Option<&Secret>,
    ) -> Result<Self, Error> {
        let (zone, now) = (Center::of(house).await?.zone, house.now());
        let counts = inward::counts(house.reader(), now - TimeDelta::days(30)).await?;
        let keys = api_key::all(house.reader()).await?.into_iter().map(|key| Line {
            id: key.id,
            name: key.name,
            begins_with: key.begins_with,
            origins: key.origins.0.join(", "),
            used: key.used_at.map_or_else(|| "Never".into(), |at| when(at, now, zone)),
            ended: key.ended_at.map(|at| when(at, now, zone)),
        });
        Ok(Self {
            secret: secret.map(|secret| secret.reveal().to_owned()),
            counts: counts.into_iter().map(|(became, n)| (became.words(), n)).collect(),
            mailbox: house.mailbox().map(|mailbox| MailboxLine::new(mailbox, now, zone)),
            keys: keys.collect(),
            may_make: may(me, Act::MakeKey, &Subject::center()),
            may_import: may(me, Act::ImportRequests, &Subject::center()),
            key_name: Field::of("key_name", typed, faults),
            origins: Field::of("origins", typed, faults),
            problem: Problem::from(faults),
        })
    }
}

impl Page for Channels {
    fn title(&self) -> String {
        "How requests arrive".into()
    }
    fn shell(&self) -> Shell {
        Shell::Staff(Place::Admin)
    }
    fn has_faults(&self) -> bool {
        !self.problem.0.is_empty()
    }
}
