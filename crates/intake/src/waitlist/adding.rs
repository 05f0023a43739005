//! Waiting: put on the list once, put right, kept in touch with, offered a place.

use foundation::{Act, Error, News, Permit, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{EntityTrait, Set, UpdateMany};

use super::{DETAILS, Declined, Details, NewWait, Wait, WaitId, opened, reason, written};
use crate::entity::wait;
use crate::request::Request;

/// Puts someone on the list.
///
/// # Errors
/// A refusal when the request is closed or waits already.
pub async fn add(unit: &mut Unit, about: &Request, new: NewWait) -> Result<WaitId, Error> {
    let permit = unit.permit(Act::AddToWaitlist, &about.subject())?;
    if !about.is_open() {
        return Err(refused("closed", "This request is closed. Reopen it first."));
    }
    let details = Details { class: new.class, interim: new.interim, declined: Vec::new() };
    let id: WaitId = unit.id();
    let row = wait::ActiveModel {
        id: Set(id),
        request_id: Set(about.id),
        person_id: Set(about.prospective_id),
        level: Set(new.level),
        details: Set(unit.seal(about.prospective_id, DETAILS, &written(&details)?).await?),
        added_at: Set(unit.now()),
        added_by: Set(unit.actor().staff_id()),
        earliest_on: Set(new.earliest_on),
        contact_days: Set(new.contact_days),
        contacted_at: Set(None),
        left_at: Set(None),
        why_left: Set(None),
        version: Set(1),
    };
    match unit.insert(row).await {
        Err(Error::Exists) => Err(refused("waits", "They are on the waitlist already.")),
        other => other,
    }?;
    unit.record(permit, serde_json::json!({ "wait": id }));
    unit.tell(News::Inbox);
    Ok(id)
}

/// Puts right what is written down. The time they have waited stays. `version` is the one the page was shown with.
pub async fn change(
    unit: &mut Unit,
    on: &Wait,
    about: &Request,
    version: i32,
    new: NewWait,
) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeWaiting, &about.subject())?;
    let keyring = unit.db().keyring().clone();
    let kept = opened(unit.tx(), &keyring, on).await?;
    let details = Details { class: new.class, interim: new.interim, ..kept };
    let sealed = unit.seal(on.person_id, DETAILS, &written(&details)?).await?;
    let update = wait::Entity::update_many()
        .col_expr(wait::Column::Level, Expr::value(new.level))
        .col_expr(wait::Column::EarliestOn, Expr::value(new.earliest_on))
        .col_expr(wait::Column::ContactDays, Expr::value(new.contact_days))
        .col_expr(wait::Column::Details, Expr::value(sealed));
    settle(unit, permit, on, version, update).await
}

/// Somebody talked with them: the week begins anew.
pub async fn kept_in_touch(unit: &mut Unit, on: &Wait, about: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::KeepInTouch, &about.subject())?;
    let update =
        wait::Entity::update_many().col_expr(wait::Column::ContactedAt, Expr::value(Some(unit.now())));
    settle(unit, permit, on, on.version, update).await
}

/// A place was offered and declined. They keep theirs on the list; why is kept in their words.
///
/// # Errors
/// A fault at `because` without a reason.
pub async fn declined(unit: &mut Unit, on: &Wait, about: &Request, because: &str) -> Result<(), Error> {
    let because = reason(because)?;
    let permit = unit.permit(Act::OfferPlace, &about.subject())?;
    let keyring = unit.db().keyring().clone();
    let mut details = opened(unit.tx(), &keyring, on).await?;
    details.declined.push(Declined { at: unit.now(), because });
    let sealed = unit.seal(on.person_id, DETAILS, &written(&details)?).await?;
    // Offering is talking with them.
    let update = wait::Entity::update_many()
        .col_expr(wait::Column::ContactedAt, Expr::value(Some(unit.now())))
        .col_expr(wait::Column::Details, Expr::value(sealed));
    settle(unit, permit, on, on.version, update).await
}

async fn settle(
    unit: &mut Unit,
    permit: Permit,
    on: &Wait,
    version: i32,
    update: UpdateMany<wait::Entity>,
) -> Result<(), Error> {
    let done = update
        .col_expr(wait::Column::Version, Expr::col(wait::Column::Version).add(1))
        .filter(wait::Column::Id.eq(on.id))
        .filter(wait::Column::Version.eq(version))
        .filter(wait::Column::LeftAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.record(permit, serde_json::json!({ "wait": on.id }));
    unit.tell(News::Inbox);
    Ok(())
}
