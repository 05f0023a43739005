//! Somebody was sent by a professional: what was told, the notice it came with, and what the center says to it.

use axum::extract::{Path, State};
use axum::response::Response;
use clients::episode::LevelOfCare;
use foundation::staff::Directory;
use foundation::{Act, Actor, Instant, Zone, may, refused};
use intake::referral_in::deciding::{self, Decided};
use intake::referral_in::{self, Opened};
use intake::request::page::Page as Read;
use intake::rules::referral::{Agrees, Decision, Protected};
use intake::rules::standing::long;

use crate::failure::Failure;
use crate::form::Typed;
use crate::house::House;
use crate::inbox::when;
use crate::look::Fact;
use crate::routes::{Access, Routes};
use crate::said::Said;
use crate::session::Me;

use super::{act_on, here};

/// The routes of this file.
pub(super) fn routes() -> Routes {
    Routes::default().act("/inbox/{reference}/decision", Access::Staff(Act::DecideReferral), decide)
}

async fn decide(
    State(house): State<House>,
    Me(me, _): Me,
    Path(reference): Path<String>,
    typed: Typed,
) -> Result<Response, Failure> {
    act_on(&house, &me, &reference, &typed, async |request| {
        let to = Decided::parse(|name| typed.text(name))?;
        let on = referral_in::of(house.reader(), house.keyring(), request.id).await?;
        let on = on.ok_or_else(|| refused("none", "No professional referred them."))?.referral;
        house.write(&me, async |unit| deciding::decide(unit, &on, request, to).await).await?;
        Ok((here(&request.reference), Said::ReferralDecided))
    })
    .await
}

/// What the page tells of a referral that came in.
pub(super) struct Referred {
    /// How it stands, and whether somebody is late.
    pub stands: String,
    pub tone: &'static str,
    pub facts: Vec<Fact>,
    /// The notice that came along, word for word.
    pub notice: Option<String>,
    /// What must be known before anyone calls the person.
    pub caution: Option<&'static str>,
    /// The organization among the sources.
    pub source: Option<(String, String)>,
    pub may: bool,
}

impl Referred {
    pub(super) fn new(
        read: &mut Read,
        me: &Actor,
        staff: &Directory,
        now: Instant,
        zone: Zone,
    ) -> Option<Self> {
        let opened = read.referred.take()?;
        let (stands, tone) = stands(&opened, read.request.is_open(), me, staff, now, zone);
        let open = opened.referral.decided_at.is_none() && read.request.is_open();
        let told = opened.told.as_ref();
        let caution = match told.map(|told| told.agrees) {
            Some(Agrees::No) => Some(
                "The person does not know of this, or does not agree. Talk with the referrer, and contact the person only with a plan.",
            ),
            Some(Agrees::NotKnown) => Some(
                "Nobody knows whether the person agrees. Ask the referrer before anyone contacts the person.",
            ),
            Some(Agrees::Yes) | None => None,
        };
        Some(Self {
            stands,
            tone,
            facts: facts(&opened),
            notice: told.and_then(|told| told.notice.clone()),
            caution,
            source: opened.known_as.map(|(id, name)| (format!("/sources/{id}"), name)),
            may: open && may(me, Act::DecideReferral, &read.request.subject()),
        })
    }
}

/// What can be said to a referral, as stored and as read.
pub(super) fn decisions() -> Vec<(&'static str, &'static str)> {
    Decision::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
}

fn stands(
    opened: &Opened,
    is_open: bool,
    me: &Actor,
    staff: &Directory,
    now: Instant,
    zone: Zone,
) -> (String, &'static str) {
    let on = &opened.referral;
    match (on.decision, on.decided_at) {
        (Some(decision), Some(at)) => {
            let by = match on.decided_by {
                Some(id) if Some(id) == me.staff_id() => "you",
                by => by.and_then(|id| staff.name(id)).unwrap_or("a former colleague"),
            };
            let why = opened.reason.as_ref().map(|why| format!(" Because: {why}")).unwrap_or_default();
            (format!("{}, said {by}, {}.{why}", decision.words(), when(at, now, zone)), "steady")
        }
        _ if !is_open => ("No decision was written down.".to_owned(), "plain"),
        _ if on.due_at <= now => (format!("A decision is {} late.", long(on.due_at, now)), "now"),
        _ => (format!("A decision is due in {}.", long(now, on.due_at)), "soon"),
    }
}

fn facts(opened: &Opened) -> Vec<Fact> {
    let Some(told) = &opened.told else { return Vec::new() };
    let given = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
    let fact = |label, value| Fact { label, value, missing: "Not said" };
    let by = [told.referrer.as_str(), told.position.as_str(), told.organization.as_str()];
    let by: Vec<&str> = by.into_iter().filter(|t| !t.is_empty()).collect();
    let level = LevelOfCare::parse(&told.level).map(|level| level.words().to_owned());
    let protected = match told.protected {
        Protected::Yes => "Yes: the notice below stands with every word of it",
        other => other.words(),
    };
    vec![
        fact("Referred by", given(&by.join(", "))),
        fact("Do they know and agree?", given(told.agrees.words())),
        fact("Where they are now", given(&told.place)),
        fact("How they may be reached", given(&told.reach)),
        fact("How soon care is needed", given(told.soon.words())),
        fact("Level of care wanted", level),
        fact("Part 2 records", given(protected)),
    ]
}
