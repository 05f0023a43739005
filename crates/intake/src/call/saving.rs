//! Saving while talking: every few seconds and on leaving a field. What was saved is on the disk before anyone says so.

use clients::person;
use foundation::center::Center;
use foundation::{Act, Error, Instant, News, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::sheet::Sheet;
use super::{ANSWERS, Call, opened, written};
use crate::entity::{call, request};
use crate::request::Request;
use crate::rules::words::{Danger, Urgency};

/// As whom a page saves.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The version it was shown with.
    pub version: i32,
    /// Its own secret. It saves one thing after the other: when an answer to it was lost on the way, what it sends next
    /// is no conflict with itself.
    pub desk: &'a str,
}

/// Saves a sheet. If it was saved from elsewhere since the page was shown, nothing is written and both can be shown. The
/// new version.
///
/// # Errors
/// [`Error::Stale`] when somebody saved in between; a refusal when the call has ended.
pub async fn save(unit: &mut Unit, on: &Call, seen: Seen<'_>, sheet: &Sheet) -> Result<i32, Error> {
    let permit = unit.permit(Act::SaveCall, &on.subject())?;
    let now = call::Entity::find_by_id(on.id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if !now.is_open() {
        return Err(refused(
            "ended",
            "This call was finished. Write a note on the request, or start another call.",
        ));
    }
    if now.version != seen.version && (seen.desk.is_empty() || now.desk != seen.desk) {
        return Err(Error::Stale);
    }
    let keyring = unit.db().keyring().clone();
    let before = opened(unit.tx(), &keyring, &now).await?;
    let changed: Vec<String> = before.differences(sheet).map(str::to_owned).collect();
    let answers = unit.seal(now.person_id, ANSWERS, &written(sheet)?).await?;
    let done = call::Entity::update_many()
        .col_expr(call::Column::Answers, Expr::value(answers))
        .col_expr(call::Column::Desk, Expr::value(seen.desk))
        .col_expr(call::Column::SavedAt, Expr::value(unit.now()))
        .col_expr(call::Column::ParkedAt, Expr::value(Option::<Instant>::None))
        .col_expr(call::Column::Version, Expr::col(call::Column::Version).add(1))
        .filter(call::Column::Id.eq(now.id))
        .filter(call::Column::Version.eq(now.version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.record(permit, serde_json::json!({ "fields": changed }));
    let request = super::request_of(unit, &now).await?;
    follow(unit, &request, &before, sheet).await?;
    Ok(now.version + 1)
}

/// What the inbox must know while the call goes on: who it is, and how fast someone must act.
async fn follow(unit: &mut Unit, request: &Request, before: &Sheet, sheet: &Sheet) -> Result<(), Error> {
    let mut news = false;
    if before.text("name") != sheet.text("name") && !sheet.text("name").is_empty() {
        person::name(unit, request.caller_id, sheet.text("name")).await?;
        news = true;
    }
    let zone = Center::load(unit.tx()).await?.zone;
    let urgency = sheet.urgency(unit.now(), zone);
    // What was known before is not made smaller by the first few answers: only by all of them, or by a judgment.
    let is_smaller = urgency.rank() > request.urgency.rank();
    let may_be_smaller = sheet.is_judged() || sheet.triage(unit.now(), zone).open.is_empty();
    if urgency != request.urgency && urgency != Urgency::NotAsked && (may_be_smaller || !is_smaller) {
        triaged(unit, request, urgency, sheet).await?;
        news = true;
    }
    if news {
        unit.tell(News::Inbox);
    }
    Ok(())
}

/// The urgency the answers come to; who may be in danger is due now.
async fn triaged(unit: &mut Unit, request: &Request, urgency: Urgency, sheet: &Sheet) -> Result<(), Error> {
    let permit = unit.permit(Act::TriageRequest, &request.subject())?;
    let danger = match urgency {
        Urgency::Emergency => Danger::Yes,
        Urgency::Urgent => Danger::NotSure,
        _ => Danger::No,
    };
    let due_at = if urgency == Urgency::Emergency { unit.now() } else { request.due_at };
    request::Entity::update_many()
        .col_expr(request::Column::Urgency, Expr::value(urgency))
        .col_expr(request::Column::Danger, Expr::value(danger))
        .col_expr(request::Column::DueAt, Expr::value(due_at))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(request.id))
        .exec(unit.tx())
        .await?;
    unit.record(permit, serde_json::json!({ "level": urgency.words(), "judged": sheet.is_judged() }));
    Ok(())
}
