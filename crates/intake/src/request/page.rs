//! What the page of one request shows.

use clients::person::shown;
use clients::timeline::{self, Look, Timeline};
use consent::contact_point::{self, ContactPoint, Kind};
use consent::contact_rules::{self, SafeContactCard};
use foundation::ledger::asking::Of;
use foundation::sealed::Keyring;
use foundation::staff::Directory;
use foundation::{Act, Actor, EntryId, Error, Instant, may};
use sea_orm::ConnectionTrait;

use super::{NEXT_STEP, RELATIONSHIP, Request, WORDS, by_reference};
use crate::benefits::BenefitCheck;
use crate::call::Call;
use crate::entity::attempt;
use crate::rules::standing::{Facts, Group, group};

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
    /// Who the caller is to the one who may need care.
    pub relationship: Option<String>,
    pub next_step: Option<String>,
    pub points: Vec<ContactPoint>,
    pub card: SafeContactCard,
    pub owner: Option<String>,
    pub attempts: Vec<attempt::Model>,
    /// Newest first.
    pub calls: Vec<Call>,
    /// The newest benefits check, for those who may see it.
    pub benefits: Option<BenefitCheck>,
    pub timeline: Timeline,
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
    let Around { viewer, keyring, staff, now } = around;
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
    let points = contact_point::of(reader, request.caller_id).await?;
    let rules = contact_rules::of(reader, request.caller_id).await?;
    let phone = points.iter().find(|p| p.kind == Kind::Phone).map(|p| p.value.as_str());
    let me = viewer.staff().map_or("", |s| s.name.split(' ').next().unwrap_or_default());
    let card = contact_rules::card(rules.as_ref(), &caller, phone, me, now);
    let owner = request.owner_id.and_then(|id| staff.name(id)).map(str::to_owned);
    let attempts = super::attempting::of(reader, request.id).await?;
    let calls = crate::call::of(reader, request.id).await?;
    let benefits = if may(viewer, Act::ViewBenefits, &request.subject()) {
        crate::benefits::newest(reader, request.id).await?
    } else {
        None
    };
    let look = Look { of: Of::Subject(request.id.0), person: request.prospective_id, before, limit: EVENTS };
    let timeline = timeline::of(reader, keyring, staff, viewer.staff_id(), look).await?;
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
        relationship,
        next_step,
        points,
        card,
        owner,
        attempts,
        calls,
        benefits,
        timeline,
    })
}
