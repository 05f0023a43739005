//! What the page of one request shows.

use clients::person::shown;
use consent::contact_point::{self, ContactPoint, Kind};
use consent::contact_rules::{self, SafeContactCard};
use foundation::sealed::Keyring;
use foundation::staff::Directory;
use foundation::{Act, Actor, EntryId, Error, Instant, PersonId, may};
use sea_orm::ConnectionTrait;

use super::merged::{self, History, Merged};
use super::merging::going_on;
use super::{NEXT_STEP, RELATIONSHIP, Request, WORDS, by_reference};
use crate::benefits::BenefitCheck;
use crate::call::Call;
use crate::entity::attempt;
use crate::inward::InwardMessage;
use crate::rules::standing::{Facts, Group, group};
use crate::same_person::{self, Alike};

/// Events shown at once.
const EVENTS: u64 = 30;

/// Everything on the page, read in a few statements.
#[derive(Clone, Debug)]
pub struct Page {
    pub request: Request,
    pub group: Group,
    pub caller: String,
    pub prospective: String,
    pub words: Option<String>,
    /// What came in about it since, also about the requests merged into it, oldest first.
    pub messages: Vec<InwardMessage>,
    /// Who the caller is to the one who may need care.
    pub relationship: Option<String>,
    pub next_step: Option<String>,
    pub points: Vec<ContactPoint>,
    pub card: SafeContactCard,
    pub owner: Option<String>,
    pub attempts: Vec<attempt::Model>,
    /// Its calls and those of the requests merged into it, newest first.
    pub calls: Vec<Call>,
    /// The newest benefits check, for those who may see it.
    pub benefits: Option<BenefitCheck>,
    /// What happened to it and to the requests merged into it.
    pub history: History,
    /// The requests merged into it, in the order they came in.
    pub merged: Vec<Merged>,
    /// The reference of the request that goes on for this one, when it was merged.
    pub goes_on_in: Option<String>,
    /// Who may be the same person.
    pub alike: Vec<Alike>,
}

/// Who asks, and what the house keeps in mind.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub viewer: &'a Actor,
    pub keyring: &'a Keyring,
    pub staff: &'a Directory,
    pub now: Instant,
}

/// The page of a request. The caller records the opening.
pub async fn page(
    reader: &impl ConnectionTrait,
    around: Around<'_>,
    reference: &str,
    before: Option<EntryId>,
) -> Result<Page, Error> {
    let Around { viewer, keyring, staff, .. } = around;
    let request = by_reference(reader, reference).await?;
    if !may(viewer, Act::OpenRequest, &request.subject()) {
        return Err(Error::NotFound);
    }
    let caller = clients::person::name_of(reader, request.caller_id).await?;
    let prospective = clients::person::name_of(reader, request.prospective_id).await?;
    let open = async |place: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => keyring.open(reader, request.prospective_id, place, sealed).await.map(Some),
        None => Ok(None),
    };
    let words = open(WORDS, &request.words).await?;
    let relationship = open(RELATIONSHIP, &request.relationship).await?;
    let next_step = open(NEXT_STEP, &request.next_step).await?;
    let (points, card) = reaching(reader, around, request.caller_id, &caller).await?;
    let owner = request.owner_id.and_then(|id| staff.name(id)).map(str::to_owned);
    let attempts = super::attempting::of(reader, request.id).await?;
    let merged = merged::of(reader, around, request.id).await?;
    let ids: Vec<_> = std::iter::once(request.id).chain(merged.iter().map(|one| one.request.id)).collect();
    let messages = crate::inward::of(reader, keyring, &ids).await?;
    let calls = calls_of(reader, &request, &merged).await?;
    let history = merged::history(reader, around, &request, &merged, before, EVENTS).await?;
    let (alike, goes_on_in) = elsewhere(reader, viewer, &request).await?;
    let benefits = if may(viewer, Act::ViewBenefits, &request.subject()) {
        crate::benefits::newest(reader, request.id).await?
    } else {
        None
    };
    let facts = Facts {
        urgency: request.urgency,
        reached: request.reached_at.is_some(),
        attempts: request.attempts,
        next_step_at: request.next_step_at,
        closed: request.closed_at.is_some(),
    };
    Ok(Page {
        group: group(&facts),
        caller: shown(&caller),
        prospective: shown(&prospective),
        request,
        words,
        messages,
        relationship,
        next_step,
        points,
        card,
        owner,
        attempts,
        calls,
        history,
        merged,
        goes_on_in,
        alike,
        benefits,
    })
}

/// How a caller may be reached: by what, and in which words.
pub(super) async fn reaching(
    reader: &impl ConnectionTrait,
    around: Around<'_>,
    caller: PersonId,
    name: &str,
) -> Result<(Vec<ContactPoint>, SafeContactCard), Error> {
    let points = contact_point::of(reader, caller).await?;
    let rules = contact_rules::of(reader, caller).await?;
    let phone = points.iter().find(|p| p.kind == Kind::Phone).map(|p| p.value.as_str());
    let me = around.viewer.staff().map_or("", |s| s.name.split(' ').next().unwrap_or_default());
    let card = contact_rules::card(rules.as_ref(), name, phone, me, around.now);
    Ok((points, card))
}

/// The calls of a request and of those merged into it, newest first.
async fn calls_of(
    reader: &impl ConnectionTrait,
    request: &Request,
    merged: &[Merged],
) -> Result<Vec<Call>, Error> {
    let mut calls = crate::call::of(reader, request.id).await?;
    for one in merged {
        calls.extend(crate::call::of(reader, one.request.id).await?);
    }
    calls.sort_by_key(|call| std::cmp::Reverse(call.id));
    Ok(calls)
}

/// Who may be the same person, and where a merged request goes on. Who is not waiting any more is compared with nobody;
/// who waits was merged into nothing.
async fn elsewhere(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    request: &Request,
) -> Result<(Vec<Alike>, Option<String>), Error> {
    if request.is_open() {
        return Ok((same_person::of(reader, viewer, request).await?, None));
    }
    let on = going_on(reader, request.id).await?;
    Ok((Vec::new(), Some(on.reference).filter(|_| on.id != request.id)))
}
