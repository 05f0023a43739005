//! What was merged into a request, as its page shows it, and two requests side by side before they are merged.

use clients::person::{name_of, shown};
use clients::timeline::{self, Event, Look, Timeline};
use consent::Reaching;
use consent::contact_point::ContactPoint;
use consent::contact_rules::SafeContactCard;
use foundation::ledger::asking::Of;
use foundation::{Act, EntryId, Error, Instant, StaffId, may};
use mail::MessageId;
use mail::own_words::Written;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder};

use super::merging::going_on;
use super::page::{Around, card};
use super::{NEXT_STEP, Request, RequestId, WORDS, by_reference};
use crate::entity::{merge, request};
use crate::macros::MacroId;
use crate::rules::merging::{Standing, Step, combined, until};

/// A request that goes on in the one that is shown.
#[derive(Clone, Debug)]
pub struct Merged {
    pub request: Request,
    pub caller: String,
    /// How its caller may be reached: what they said there holds, whatever was said in the one that goes on.
    pub points: Vec<ContactPoint>,
    pub card: SafeContactCard,
    pub words: Option<String>,
    /// What it had promised when it was merged.
    pub next_step: Option<String>,
    pub merged_at: Instant,
    pub merged_by: Option<StaffId>,
    /// Until when it can be taken out again; `None` when it is merged into another one of these, or time is over.
    pub apart_until: Option<Instant>,
}

/// Something that happened to a request or to one that was merged into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    pub event: Event,
    /// The reference of the merged request it happened to.
    pub from: Option<String>,
    /// The letter that was written.
    pub letter: Option<Written>,
}

/// What happened, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    pub events: Vec<Happened>,
    /// From where it goes on, when there is more.
    pub older: Option<EntryId>,
}

/// Every request that was merged into this one, directly or by way of another, in the order they came in.
pub(super) async fn of(
    reader: &impl ConnectionTrait,
    around: Around<'_>,
    id: RequestId,
) -> Result<Vec<Merged>, Error> {
    let mut all = Vec::new();
    for merge in merges(reader, id).await? {
        let here = merge.survivor_id == id;
        let apart_until = Some(until(merge.merged_at)).filter(|end| here && around.now <= *end);
        all.push(opened(reader, around, merge, apart_until).await?);
    }
    all.sort_by_key(|one| (one.request.received_at, one.request.id));
    Ok(all)
}

/// The keys of the same.
pub(crate) async fn into(reader: &impl ConnectionTrait, id: RequestId) -> Result<Vec<RequestId>, Error> {
    Ok(merges(reader, id).await?.into_iter().map(|merge| merge.merged_id).collect())
}

/// Every merge into this one, directly or by way of another.
async fn merges(reader: &impl ConnectionTrait, id: RequestId) -> Result<Vec<merge::Model>, Error> {
    let mut all: Vec<merge::Model> = Vec::new();
    let mut level = vec![id];
    while !level.is_empty() {
        let merges = merge::Entity::find()
            .filter(merge::Column::SurvivorId.is_in(std::mem::take(&mut level)))
            .filter(merge::Column::UndoneAt.is_null())
            .order_by_asc(merge::Column::Id)
            .all(reader)
            .await?;
        level.extend(merges.iter().map(|merge| merge.merged_id));
        all.extend(merges);
    }
    Ok(all)
}

async fn opened(
    reader: &impl ConnectionTrait,
    around: Around<'_>,
    merge: merge::Model,
    apart_until: Option<Instant>,
) -> Result<Merged, Error> {
    let request = request::Entity::find_by_id(merge.merged_id).one(reader).await?.ok_or(Error::NotFound)?;
    let open = async |place: &str, sealed: &Option<Vec<u8>>| match sealed {
        Some(sealed) => around.keyring.open(reader, request.prospective_id, place, sealed).await.map(Some),
        None => Ok(None),
    };
    let caller = name_of(reader, request.caller_id).await?;
    let reaching = Reaching::of(reader, request.caller_id).await?;
    Ok(Merged {
        caller: shown(&caller),
        card: card(&reaching, around, &caller),
        points: reaching.points,
        words: open(WORDS, &request.words).await?,
        next_step: open(NEXT_STEP, &request.next_step).await?,
        merged_at: merge.merged_at,
        merged_by: merge.merged_by,
        apart_until,
        request,
    })
}

/// What happened to a request and to those merged into it, as one stretch of time. Of a merge the page tells once.
pub(super) async fn history(
    reader: &impl ConnectionTrait,
    around: Around<'_>,
    request: &Request,
    merged: &[Merged],
    before: Option<EntryId>,
    limit: u64,
) -> Result<History, Error> {
    let Timeline { events, mut older } = told(reader, around, request, before, limit).await?;
    let mut all: Vec<Happened> =
        events.into_iter().map(|event| Happened { event, from: None, letter: None }).collect();
    for one in merged {
        let also = told(reader, around, &one.request, before, limit).await?;
        older = older.max(also.older);
        let from = Some(one.request.reference.clone());
        let told_above =
            |event: &Event| event.detail.as_ref() == Some(&request.reference) && is_merge(event.act);
        let events = also.events.into_iter().filter(|event| !told_above(event));
        all.extend(events.map(|event| Happened { event, from: from.clone(), letter: None }));
    }
    // Where one of them goes on, the others are shown no further: nothing may fall between two pages.
    if let Some(from) = older {
        all.retain(|happened| happened.event.id >= from);
    }
    all.sort_by_key(|happened| std::cmp::Reverse(happened.event.id));
    with_letters(reader, around, &mut all).await?;
    with_macros(reader, around, &mut all).await?;
    Ok(History { events: all, older })
}

/// Every letter stands where it was written, with what became of it.
async fn with_letters(
    reader: &impl ConnectionTrait,
    around: Around<'_>,
    all: &mut [Happened],
) -> Result<(), Error> {
    let of = |event: &Event| event.of.filter(|_| event.act == Act::WriteMessage).map(MessageId);
    let ids = all.iter().filter_map(|happened| of(&happened.event)).collect();
    let mut letters = mail::own_words::of(reader, around.keyring, ids).await?;
    for happened in all {
        happened.letter = of(&happened.event).and_then(|id| letters.remove(&id));
    }
    Ok(())
}

/// A macro is named to those who have it.
async fn with_macros(
    reader: &impl ConnectionTrait,
    around: Around<'_>,
    all: &mut [Happened],
) -> Result<(), Error> {
    let of = |event: &Event| event.of.filter(|_| event.act == Act::RunMacro).map(MacroId);
    let ids = all.iter().filter_map(|happened| of(&happened.event)).collect();
    let names = crate::macros::names(reader, around.keyring, around.viewer.staff_id(), ids).await?;
    for happened in all {
        let id = of(&happened.event);
        let name = names.iter().find(|(one, _)| Some(*one) == id).map(|(_, name)| name.clone());
        happened.event.detail = name.or(happened.event.detail.take());
    }
    Ok(())
}

fn is_merge(act: Act) -> bool {
    matches!(act, Act::MergeRequests | Act::UnmergeRequests)
}

async fn told(
    reader: &impl ConnectionTrait,
    around: Around<'_>,
    of: &Request,
    before: Option<EntryId>,
    limit: u64,
) -> Result<Timeline, Error> {
    let (person, before_that) = (of.prospective_id, of.was_about_id);
    let look = Look { of: Of::Subject(of.id.0), without: &[], person, before_that, before, limit };
    timeline::of(reader, around.keyring, around.staff, around.viewer.staff_id(), look).await
}

/// A request as it is weighed against another one.
#[derive(Clone, Debug)]
pub struct Side {
    pub request: Request,
    pub caller: String,
    /// How the caller may be reached.
    pub card: SafeContactCard,
    pub owner: Option<String>,
    pub next_step: Option<String>,
    /// The newest thing that happened to it.
    pub last: Option<Event>,
}

/// Two requests side by side, the older one first, and how the one that goes on will stand.
#[derive(Clone, Debug)]
pub struct Compared {
    pub sides: [Side; 2],
    pub with: Standing,
}

/// Two requests to be merged, each as the one that goes on for it. The caller records the opening of both.
///
/// # Errors
/// [`Error::NotFound`] when one of them is not there or not for this viewer.
pub async fn compared(
    reader: &impl ConnectionTrait,
    around: Around<'_>,
    references: [&str; 2],
) -> Result<Compared, Error> {
    let [a, b] = references;
    let a = by_reference(reader, a).await?;
    let b = by_reference(reader, b).await?;
    let mut both = [going_on(reader, a.id).await?, going_on(reader, b.id).await?];
    if both.iter().any(|one| !may(around.viewer, Act::OpenRequest, &one.subject())) {
        return Err(Error::NotFound);
    }
    both.sort_by_key(|one| (one.received_at, one.id));
    let [older, newer] = both;
    let (with, _): (Standing, Step) = combined(older.standing(), newer.standing());
    Ok(Compared { sides: [side(reader, around, older).await?, side(reader, around, newer).await?], with })
}

async fn side(reader: &impl ConnectionTrait, around: Around<'_>, request: Request) -> Result<Side, Error> {
    let next_step = match &request.next_step {
        Some(sealed) => Some(around.keyring.open(reader, request.prospective_id, NEXT_STEP, sealed).await?),
        None => None,
    };
    let caller = name_of(reader, request.caller_id).await?;
    let reaching = Reaching::of(reader, request.caller_id).await?;
    Ok(Side {
        caller: shown(&caller),
        card: card(&reaching, around, &caller),
        owner: request.owner_id.and_then(|id| around.staff.name(id)).map(str::to_owned),
        last: told(reader, around, &request, None, 1).await?.events.into_iter().next(),
        next_step,
        request,
    })
}
