//! Merging two requests about the same thing, and taking them apart again. Both keep their words, notes and calls; one goes
//! on and the other is closed as its duplicate. The people in them stay who they are: whether they are one person is another
//! question.

use foundation::{Act, Error, Instant, News, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};
use serde_json::json;

use super::{NEXT_STEP, Request, RequestId, confiding};
use crate::entity::merge::{self, MergeId};
use crate::entity::request;
use crate::rules::merging::{Standing, Step, apart, combined, until};
use crate::rules::words::Disposition;

impl Request {
    /// What of it a merge looks at.
    pub(crate) fn standing(&self) -> Standing {
        Standing {
            urgency: self.urgency,
            due_at: self.due_at,
            owner: self.owner_id.map(|id| (id, self.claimed_at)),
            step_at: self.next_step_at,
            outside_hours: self.outside_hours,
        }
    }
}

/// The request that goes on for this one: itself, or the one it was merged into, however often.
pub async fn going_on(reader: &impl ConnectionTrait, id: RequestId) -> Result<Request, Error> {
    let mut found = request::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    // An open request was merged into none; who is asked about most often costs nothing more.
    while !found.is_open() {
        let Some(merge) = merge_of(reader, found.id).await? else { break };
        found = request::Entity::find_by_id(merge.survivor_id).one(reader).await?.ok_or(Error::NotFound)?;
    }
    Ok(found)
}

pub(super) async fn merge_of(
    reader: &impl ConnectionTrait,
    merged: RequestId,
) -> Result<Option<merge::Model>, Error> {
    Ok(merge::Entity::find()
        .filter(merge::Column::MergedId.eq(merged))
        .filter(merge::Column::UndoneAt.is_null())
        .one(reader)
        .await?)
}

/// Merges `duplicate` into `into`, or into the request that goes on for that one.
///
/// # Errors
/// A refusal when they are one request already, or one of them is closed or became a client; [`Error::Stale`] when one of
/// them changed at this moment.
pub async fn merge(unit: &mut Unit, duplicate: &Request, into: &Request) -> Result<Request, Error> {
    let into = going_on(unit.tx(), into.id).await?;
    // They asked again: neither waits for them any more.
    for one in [duplicate, &into] {
        super::waiting::heard_from(unit, one).await?;
    }
    let (merged, survivor) = both_held(unit, duplicate.id, into.id).await?;
    confiding::same_people_know(&merged, &survivor)?;
    let permit_merged = unit.permit(Act::MergeRequests, &merged.subject())?;
    let permit = unit.permit(Act::MergeRequests, &survivor.subject())?;
    for one in [&merged, &survivor] {
        can_be_merged(unit, one).await?;
    }
    nothing_runs_beside(unit, &merged).await?;
    let (with, step) = combined(survivor.standing(), merged.standing());
    keep_as_it_stood(unit, &merged, &survivor).await?;
    let next_step = match step {
        Step::Own => survivor.next_step.clone(),
        Step::Taken => carried(unit, &merged, &survivor).await?,
    };
    stand(unit, &survivor, with, next_step).await?;
    wake(unit, &survivor).await?;
    if is_a_new_danger(&survivor, &merged) {
        reached(unit, &survivor, None).await?;
    }
    settle(unit, &merged, Some(unit.now()), Some(Disposition::Duplicate)).await?;
    unit.record(permit_merged, json!({ "with": survivor.reference, "duplicate": true }));
    unit.record(permit, json!({ "with": merged.reference }));
    unit.tell(News::Inbox);
    Ok(survivor)
}

/// Both rows as they are now, held until the unit is done, so that of two who merge them into each other one waits and
/// then sees it. On SQLite a unit is alone anyway.
async fn both_held(unit: &Unit, a: RequestId, b: RequestId) -> Result<(Request, Request), Error> {
    if a == b {
        return Err(refused("same", "This is one request already. Choose another one."));
    }
    let rows = request::Entity::find()
        .filter(request::Column::Id.is_in([a, b]))
        .order_by_asc(request::Column::Id)
        .lock(LockType::Update)
        .all(unit.tx())
        .await?;
    let of = |id: RequestId| rows.iter().find(|row| row.id == id).cloned().ok_or(Error::NotFound);
    Ok((of(a)?, of(b)?))
}

async fn can_be_merged(unit: &Unit, one: &Request) -> Result<(), Error> {
    let reference = &one.reference;
    if one.converted_at.is_some() {
        return Err(refused("converted", format!("{reference} became a client. Go on in the record.")));
    }
    if one.is_open() {
        return Ok(());
    }
    Err(match merge_of(unit.tx(), one.id).await? {
        Some(merge) => {
            let into = going_on(unit.tx(), merge.survivor_id).await?.reference;
            refused("merged", format!("{reference} was merged into {into} already."))
        }
        None => refused("closed", format!("{reference} is closed. Open it again first.")),
    })
}

/// A benefits check, an appointment, a place on the waitlist and a referral belong to their request; they are settled before
/// it goes on in another.
async fn nothing_runs_beside(unit: &Unit, merged: &Request) -> Result<(), Error> {
    let reference = &merged.reference;
    if crate::benefits::of(unit.tx(), merged.id).await?.iter().any(crate::benefits::BenefitCheck::is_open) {
        let why = format!(
            "A benefits check of {reference} is not answered yet. Let {reference} go on, or finish the check first."
        );
        return Err(refused("benefits", why));
    }
    if crate::appointments::booked_of(unit.tx(), merged.id).await?.is_some() {
        let why = format!(
            "{reference} has a time that is booked. Let {reference} go on, or cancel the appointment first."
        );
        return Err(refused("booked", why));
    }
    if crate::waitlist::open_of(unit.tx(), merged.id).await?.is_some() {
        let why = format!(
            "{reference} stands on the waitlist. Let {reference} go on, or take it off the list first."
        );
        return Err(refused("waits", why));
    }
    if crate::referral_in::deciding::is_undecided(unit, merged.id).await? {
        let why = format!("A professional who sent {reference} waits for a decision. Decide it first.");
        return Err(refused("undecided", why));
    }
    if crate::referral_out::due::open_of(unit, merged.id).await? {
        let why = format!(
            "{reference} was referred to another provider. Let {reference} go on, or settle the referral first."
        );
        return Err(refused("referred", why));
    }
    Ok(())
}

async fn keep_as_it_stood(unit: &mut Unit, merged: &Request, survivor: &Request) -> Result<(), Error> {
    let id: MergeId = unit.id();
    let row = merge::ActiveModel {
        id: Set(id),
        merged_id: Set(merged.id),
        survivor_id: Set(survivor.id),
        merged_at: Set(unit.now()),
        merged_by: Set(unit.actor().staff_id()),
        undone_at: Set(None),
        urgency: Set(survivor.urgency),
        due_at: Set(survivor.due_at),
        owner_id: Set(survivor.owner_id),
        claimed_at: Set(survivor.claimed_at),
        next_step: Set(survivor.next_step.clone()),
        next_step_at: Set(survivor.next_step_at),
        reached_at: Set(survivor.reached_at),
        outside_hours: Set(survivor.outside_hours),
        person_id: Set(survivor.prospective_id),
        version: Set(survivor.version + 1),
    };
    unit.insert(row).await
}

/// The promise of the merged request, sealed for the one the survivor is about.
async fn carried(unit: &mut Unit, merged: &Request, survivor: &Request) -> Result<Option<Vec<u8>>, Error> {
    let Some(sealed) = &merged.next_step else { return Ok(None) };
    let keyring = unit.db().keyring().clone();
    let text = keyring.open(unit.tx(), merged.prospective_id, NEXT_STEP, sealed).await?;
    unit.seal(survivor.prospective_id, NEXT_STEP, &text).await.map(Some)
}

/// The merged one is more urgent and nobody has talked with them: that they talked before does not answer it.
fn is_a_new_danger(survivor: &Request, merged: &Request) -> bool {
    merged.reached_at.is_none() && merged.urgency.rank() < survivor.urgency.rank()
}

async fn reached(unit: &Unit, row: &Request, at: Option<Instant>) -> Result<(), Error> {
    request::Entity::update_many()
        .col_expr(request::Column::ReachedAt, Expr::value(at))
        .filter(request::Column::Id.eq(row.id))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// Somebody asked again: what was put aside is on top again, and stays awake when they are taken apart.
async fn wake(unit: &Unit, survivor: &Request) -> Result<(), Error> {
    if survivor.snoozed_until.is_some() {
        request::Entity::update_many()
            .col_expr(request::Column::SnoozedUntil, Expr::value(Option::<Instant>::None))
            .col_expr(request::Column::WokeAt, Expr::value(Some(unit.now())))
            .filter(request::Column::Id.eq(survivor.id))
            .exec(unit.tx())
            .await?;
    }
    Ok(())
}

/// Writes how a request stands from now on.
async fn stand(unit: &Unit, row: &Request, to: Standing, next_step: Option<Vec<u8>>) -> Result<(), Error> {
    let done = request::Entity::update_many()
        .col_expr(request::Column::Urgency, Expr::value(to.urgency))
        .col_expr(request::Column::DueAt, Expr::value(to.due_at))
        .col_expr(request::Column::OwnerId, Expr::value(to.owner.map(|(id, _)| id)))
        .col_expr(request::Column::ClaimedAt, Expr::value(to.owner.and_then(|(_, since)| since)))
        .col_expr(request::Column::NextStep, Expr::value(next_step))
        .col_expr(request::Column::NextStepAt, Expr::value(to.step_at))
        .col_expr(request::Column::OutsideHours, Expr::value(to.outside_hours))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(row.id))
        .filter(request::Column::Version.eq(row.version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

async fn settle(
    unit: &Unit,
    row: &Request,
    closed_at: Option<Instant>,
    disposition: Option<Disposition>,
) -> Result<(), Error> {
    let done = request::Entity::update_many()
        .col_expr(request::Column::ClosedAt, Expr::value(closed_at))
        .col_expr(request::Column::Disposition, Expr::value(disposition))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(row.id))
        .filter(request::Column::Version.eq(row.version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Takes a merged request out again: it is open as it was, and the other one stands as before, but for what somebody did
/// to it meanwhile. The one it was in.
///
/// # Errors
/// A refusal with its reason: they are apart already, thirty days are over, or the other one became a client or was merged
/// on meanwhile.
pub async fn unmerge(unit: &mut Unit, merged: &Request) -> Result<Request, Error> {
    let Some(merge) = merge_of(unit.tx(), merged.id).await? else {
        return Err(refused("apart", "These requests are apart already."));
    };
    let (merged, survivor) = both_held(unit, merged.id, merge.survivor_id).await?;
    let permit_merged = unit.permit(Act::UnmergeRequests, &merged.subject())?;
    let permit = unit.permit(Act::UnmergeRequests, &survivor.subject())?;
    if merged.converted_at.is_some() {
        return Err(refused(
            "converted",
            format!("{} became a client. Go on in the record.", merged.reference),
        ));
    }
    can_be_taken_apart(unit, &merge, &survivor).await?;
    let before = Standing {
        urgency: merge.urgency,
        due_at: merge.due_at,
        owner: merge.owner_id.map(|id| (id, merge.claimed_at)),
        step_at: merge.next_step_at,
        outside_hours: merge.outside_hours,
    };
    let (with, _) = combined(before, merged.standing());
    let then = apart(before, with, survivor.standing(), merge.version == survivor.version);
    let next_step = if then.gives_step_back { merge.next_step } else { survivor.next_step.clone() };
    stand(unit, &survivor, then.standing, next_step).await?;
    if survivor.reached_at.is_none() && merge.reached_at.is_some() {
        reached(unit, &survivor, merge.reached_at).await?;
    }
    settle(unit, &merged, None, None).await?;
    let undone = merge::Entity::update_many()
        .col_expr(merge::Column::UndoneAt, Expr::value(Some(unit.now())))
        // From here on it is of no use, and what is of no use is not kept.
        .col_expr(merge::Column::NextStep, Expr::value(Option::<Vec<u8>>::None))
        .filter(merge::Column::Id.eq(merge.id))
        .filter(merge::Column::UndoneAt.is_null())
        .exec(unit.tx())
        .await?;
    if undone.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.record(permit_merged, json!({ "with": survivor.reference }));
    unit.record(permit, json!({ "with": merged.reference }));
    unit.tell(News::Inbox);
    Ok(survivor)
}

async fn can_be_taken_apart(unit: &Unit, merge: &merge::Model, survivor: &Request) -> Result<(), Error> {
    let reference = &survivor.reference;
    if unit.now() > until(merge.merged_at) {
        return Err(refused(
            "too_late",
            "More than 30 days have passed, so these requests stay together. Start a new request if it is needed.",
        ));
    }
    if survivor.converted_at.is_some() {
        return Err(refused(
            "converted",
            format!(
                "{reference} became a client meanwhile, so these requests stay together. Go on in the record."
            ),
        ));
    }
    if let Some(on) = merge_of(unit.tx(), survivor.id).await? {
        let into =
            request::Entity::find_by_id(on.survivor_id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
        let into = into.reference;
        return Err(refused(
            "merged_on",
            format!("{reference} was merged into {into} meanwhile. Take those two apart first."),
        ));
    }
    Ok(())
}
