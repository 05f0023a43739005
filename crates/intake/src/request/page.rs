//! What the page of one request shows.

use clients::person::shown;
use consent::Reaching;
use consent::consents::{ConsentKind, active};
use consent::contact_rules::SafeContactCard;
use foundation::sealed::Keyring;
use foundation::search::fold;
use foundation::staff::Directory;
use foundation::{Act, Actor, Db, EntryId, Error, Instant, Lang, StaffId, Zone, day, may};
use sea_orm::ConnectionTrait;

use super::merged::{self, History, Merged};
use super::merging::going_on;
use super::recognizing::may_know;
use super::writing::{self, Outlook};
use super::{NEXT_STEP, RELATIONSHIP, Request, WORDS, by_reference};
use crate::appointments::Appointment;
use crate::benefits::BenefitCheck;
use crate::call::Call;
use crate::entity::attempt;
use crate::entity::pause::Model as Pause;
use crate::inward::InwardMessage;
use crate::routing::Routing;
use crate::rules::danger_hours::OutsideHours;
use crate::rules::standing::{Facts, Group, group};
use crate::same_person::{self, Alike};
use crate::{referral_in, referral_out, touch};

/// Events shown at once.
const EVENTS: u64 = 30;

/// Everything on the page, read in a few statements.
#[derive(Clone, Debug)]
pub struct Page {
    pub request: Request,
    pub group: Group,
    pub caller: String,
    /// The language in which they want to be spoken to.
    pub language: Lang,
    pub prospective: String,
    pub words: Option<String>,
    /// What came in about it since, also about the requests merged into it, oldest first.
    pub messages: Vec<InwardMessage>,
    /// Who the caller is to the one who may need care.
    pub relationship: Option<String>,
    pub next_step: Option<String>,
    /// How the caller can be reached.
    pub reaching: Reaching,
    pub card: SafeContactCard,
    /// For what of theirs it waits, if it does.
    pub waits: Option<Pause>,
    pub owner: Option<String>,
    /// The rule by which the owner has it.
    pub routed: Option<Routing>,
    pub attempts: Vec<attempt::Model>,
    /// Its calls and those of the requests merged into it, newest first.
    pub calls: Vec<Call>,
    /// The newest benefits check, for those who may see it.
    pub benefits: Option<BenefitCheck>,
    /// By what it came here, the first among them on top.
    pub touches: Vec<touch::Line>,
    /// What a professional told who sent them, here or in a request that was merged into this one.
    pub referred: Option<referral_in::Opened>,
    /// Where they were sent on to, newest first.
    pub referrals: Vec<referral_out::Opened>,
    /// The appointment that counts, for those who may see it.
    pub appointment: Option<Appointment>,
    /// What happened to it and to the requests merged into it.
    pub history: History,
    /// The requests merged into it, in the order they came in.
    pub merged: Vec<Merged>,
    /// The reference of the request that goes on for this one, when it was merged.
    pub goes_on_in: Option<String>,
    /// Who may be the same person.
    pub alike: Vec<Alike>,
    /// Whether a letter may go to the caller, and where.
    pub outlook: Outlook,
    /// Whether there is a record of theirs that the viewer may open: a client was recognized in them, or they became one.
    pub known: bool,
    /// What the one who may need care allowed in writing to be told to the caller.
    pub told_back: Vec<&'static str>,
    /// Who watches it.
    pub watchers: Vec<StaffId>,
}

/// Who asks, and what the house keeps in mind.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub viewer: &'a Actor,
    pub keyring: &'a Keyring,
    pub staff: &'a Directory,
    pub now: Instant,
    /// Of the center.
    pub zone: Zone,
}

impl<'a> Around<'a> {
    /// At this moment.
    pub fn new(db: &'a Db, viewer: &'a Actor, staff: &'a Directory, zone: Zone) -> Self {
        Self { viewer, keyring: db.keyring(), staff, now: db.now(), zone }
    }
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
    let (caller, language, prospective) = named(reader, &request).await?;
    let [words, relationship, next_step] = opened(reader, keyring, &request).await?;
    let reaching = Reaching::of(reader, request.caller_id).await?;
    let card = card_now(&request, &reaching, around, &caller);
    let waits = super::waiting::open_of(reader, &request, around.now).await?;
    let routed = crate::routing::of(reader, viewer, &request).await?;
    let owner = request.owner_id.and_then(|id| staff.name(id)).map(str::to_owned);
    let attempts = super::attempting::of(reader, request.id).await?;
    let merged = merged::of(reader, around, request.id).await?;
    let ids: Vec<_> = std::iter::once(request.id).chain(merged.iter().map(|one| one.request.id)).collect();
    let messages = crate::inward::of(reader, keyring, &ids).await?;
    let calls = calls_of(reader, &request, &merged).await?;
    let history = merged::history(reader, around, &request, &merged, before, EVENTS).await?;
    let (alike, goes_on_in) = elsewhere(reader, viewer, &request, &reaching).await?;
    let (benefits, appointment) = beside(reader, viewer, &request).await?;
    let touches = touch::of(reader, keyring, request.id).await?;
    let referred = referred(reader, keyring, &request, &merged).await?;
    let referrals = referral_out::of(reader, keyring, request.id).await?;
    let at = (around.now, around.zone);
    let outlook = writing::outlook(reader, viewer, &request, (&reaching, language), at).await?;
    let (known, told_back) = of_the_person(reader, around, &request, &caller).await?;
    let watchers = super::watching::watchers(reader, request.id).await?;
    Ok(Page {
        group: group_of(&request),
        caller: shown(&caller),
        language,
        prospective: shown(&prospective),
        request,
        words,
        messages,
        relationship,
        next_step,
        reaching,
        card,
        waits,
        owner,
        routed,
        attempts,
        calls,
        history,
        merged,
        goes_on_in,
        alike,
        benefits,
        touches,
        referred,
        referrals,
        appointment,
        outlook,
        known,
        told_back,
        watchers,
    })
}

/// The newest benefits check and the appointment that counts, each for those who may see it.
async fn beside(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    request: &Request,
) -> Result<(Option<BenefitCheck>, Option<Appointment>), Error> {
    let sees = |act| may(viewer, act, &request.subject());
    let benefits =
        if sees(Act::ViewBenefits) { crate::benefits::newest(reader, request.id).await? } else { None };
    let appointment = if sees(Act::ViewAppointments) {
        crate::appointments::newest(reader, request.id).await?
    } else {
        None
    };
    Ok((benefits, appointment))
}

/// What the caller is called, in which language they want to be spoken to, and what the one is called for whom they ask.
async fn named(reader: &impl ConnectionTrait, request: &Request) -> Result<(String, Lang, String), Error> {
    let (caller, language) = clients::person::spoken_to(reader, request.caller_id).await?;
    let prospective = match request.asked_as() {
        themselves if themselves == request.caller_id => caller.clone(),
        other => clients::person::name_of(reader, other).await?,
    };
    Ok((caller, Lang::of(&language), prospective))
}

/// Whether there is a record of theirs that the viewer may open, and what they allowed to be told back to the caller.
async fn of_the_person(
    reader: &impl ConnectionTrait,
    around: Around<'_>,
    request: &Request,
    caller: &str,
) -> Result<(bool, Vec<&'static str>), Error> {
    let has_record = request.was_about_id.is_some() || request.converted_at.is_some();
    let known = has_record && may_know(reader, around.viewer, request).await?;
    Ok((known, told_back(reader, around, request, caller).await?))
}

/// What the one who may need care allowed in writing to be told to a caller of this name.
async fn told_back(
    reader: &impl ConnectionTrait,
    around: Around<'_>,
    request: &Request,
    caller: &str,
) -> Result<Vec<&'static str>, Error> {
    if request.caller_id == request.prospective_id {
        return Ok(Vec::new());
    }
    let today = day(around.now, around.zone);
    let named = active(reader, request.asked_as(), ConsentKind::NamedDisclosure, today).await?;
    let theirs = named.iter().filter(|one| one.recipient_folded == fold(caller));
    Ok(theirs.flat_map(|one| &one.scope.0).map(|scope| scope.words()).collect())
}

/// What they said, who they are to the one who may need care, and what was promised.
async fn opened(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    request: &Request,
) -> Result<[Option<String>; 3], Error> {
    let open = async |place: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => keyring.open(reader, request.prospective_id, place, sealed).await.map(Some),
        None => Ok(None),
    };
    Ok([
        open(WORDS, &request.words).await?,
        open(RELATIONSHIP, &request.relationship).await?,
        open(NEXT_STEP, &request.next_step).await?,
    ])
}

fn group_of(request: &Request) -> Group {
    group(&Facts {
        urgency: request.urgency,
        reached: request.reached_at.is_some(),
        attempts: request.attempts,
        next_step_at: request.next_step_at,
        closed: request.closed_at.is_some(),
    })
}

/// The card of a request as it stands: while someone may be in danger, the hour alone holds nobody back.
fn card_now(request: &Request, reaching: &Reaching, around: Around<'_>, name: &str) -> SafeContactCard {
    let card = card(reaching, around, name);
    let in_danger = request.urgency.is_pressing() && request.is_open() && request.reached_at.is_none();
    let lifted = OutsideHours::lifts(request.outside_hours, request.urgency);
    if in_danger { card.in_danger(reaching, lifted) } else { card }
}

/// How a caller may be reached: in which words, in which hours.
pub(super) fn card(reaching: &Reaching, around: Around<'_>, name: &str) -> SafeContactCard {
    let me = around.viewer.staff().map_or("", |s| s.name.split(' ').next().unwrap_or_default());
    reaching.card(name, me, around.now)
}

/// What a professional told, here or in a request that was merged into this one.
async fn referred(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    request: &Request,
    merged: &[Merged],
) -> Result<Option<referral_in::Opened>, Error> {
    for id in std::iter::once(request.id).chain(merged.iter().map(|one| one.request.id)) {
        if let Some(found) = referral_in::of(reader, keyring, id).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
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
    reaching: &Reaching,
) -> Result<(Vec<Alike>, Option<String>), Error> {
    if request.is_open() {
        return Ok((same_person::of(reader, viewer, request, &reaching.points).await?, None));
    }
    let on = going_on(reader, request.id).await?;
    Ok((Vec::new(), Some(on.reference).filter(|_| on.id != request.id)))
}
