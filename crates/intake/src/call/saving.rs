//! Saving while talking: every few seconds and on leaving a field. What was saved is on the disk before anyone says so.

use clients::person;
use foundation::center::Center;
use foundation::{Act, Error, Instant, News, Unit, refused};
use sea_orm::QuerySelect;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, LockType};

use super::sheet::Sheet;
use super::{ANSWERS, Call, opened, written};
use crate::entity::{call, request};
use crate::request::{Request, waiting};
use crate::rules::outcome::Reason;
use crate::rules::reasons::ReasonId;
use crate::rules::triage::{Answer, Question};
use crate::rules::words::{Danger, Disposition, Urgency};

/// As whom a page saves.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The version it was shown with.
    pub version: i32,
    /// Its own secret. It saves one thing after the other: when an answer to it was lost on the way, what it sends next
    /// is no conflict with itself.
    pub desk: &'a str,
    /// How often the page has sent the sheet. On a busy machine what was sent first may arrive last.
    pub turn: i32,
}

/// Saves a sheet. If it was saved from elsewhere since the page was shown, nothing is written and both can be shown. The
/// new version.
///
/// # Errors
/// [`Error::Stale`] when somebody saved in between; a refusal when the call has ended.
pub async fn save(unit: &mut Unit, on: &Call, seen: Seen<'_>, sheet: &Sheet) -> Result<i32, Error> {
    let permit = unit.permit(Act::SaveCall, &on.subject())?;
    // Held until it is saved: a page that sends the whole sheet while its own last words are still on their way is not another
    // desk, and on PostgreSQL the two would meet.
    let held = call::Entity::find_by_id(on.id).lock(LockType::Update);
    let now = held.one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if !now.is_open() {
        return Err(refused(
            "ended",
            "This call was finished. Write a note on the request, or start another call.",
        ));
    }
    let is_same_page = !seen.desk.is_empty() && now.desk == seen.desk;
    if is_same_page && seen.turn < now.turn {
        // The page has sent more since, and that is saved: half a word does not come after the whole one.
        unit.record(permit, serde_json::json!({ "fields": [], "turn": seen.turn }));
        return Ok(now.version);
    }
    if now.version != seen.version && !is_same_page {
        return Err(Error::Stale);
    }
    let keyring = unit.db().keyring().clone();
    let before = opened(unit.tx(), &keyring, &now).await?;
    let changed: Vec<String> = before.differences(sheet).map(str::to_owned).collect();
    let answers = unit.seal(now.person_id, ANSWERS, &written(sheet)?).await?;
    let done = call::Entity::update_many()
        .col_expr(call::Column::Answers, Expr::value(answers))
        .col_expr(call::Column::Desk, Expr::value(seen.desk))
        .col_expr(call::Column::Turn, Expr::value(seen.turn))
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
    if before.text("name") != sheet.text("name") && !sheet.text("name").is_empty() {
        // Whoever talks is the caller of this call's own request, also when that one goes on in another.
        let own = super::own_request_of(unit, &now).await?;
        person::name(unit, own.caller_id, sheet.text("name")).await?;
        unit.tell(News::Inbox);
    }
    let request = super::request_of(unit, &now).await?;
    follow(unit, &request, sheet).await?;
    Ok(now.version + 1)
}

/// What the inbox must know while the call goes on: how fast someone must act.
async fn follow(unit: &mut Unit, request: &Request, sheet: &Sheet) -> Result<(), Error> {
    let zone = Center::load(unit.tx()).await?.zone;
    let heard = sheet.urgency(unit.now(), zone);
    // What was known before is not made smaller by the first few answers: only by all of them, or by a judgment.
    let open = sheet.triage(unit.now(), zone).open;
    let may_be_smaller = sheet.is_judged() || open.is_empty();
    let is_smaller = heard.rank() > request.urgency.rank();
    let urgency = match heard {
        Urgency::NotAsked => request.urgency,
        _ if is_smaller && !may_be_smaller => request.urgency,
        heard => heard,
    };
    let is_hidden = request.snoozed_until.is_some() || (!request.is_open() && request.converted_at.is_none());
    if urgency != request.urgency || (heard.is_pressing() && is_hidden) {
        triaged(unit, request, (urgency, danger(urgency, sheet, &open)), sheet).await?;
        unit.tell(News::Inbox);
    }
    Ok(())
}

/// The urgency the answers come to. Who may be in danger is due now and stands where everyone sees it: not put aside, and
/// not closed, whatever was decided before.
async fn triaged(
    unit: &mut Unit,
    request: &Request,
    (urgency, danger): (Urgency, Danger),
    sheet: &Sheet,
) -> Result<(), Error> {
    // Whoever talks with them waits for nothing any more.
    waiting::heard_from(unit, request).await?;
    let request = &super::found(unit, request.id).await?;
    let permit = unit.permit(Act::TriageRequest, &request.subject())?;
    let opens = urgency.is_pressing() && !request.is_open() && request.converted_at.is_none();
    let due_at = if urgency == Urgency::Emergency { unit.now() } else { request.due_at };
    let nothing = || Expr::value(Option::<Instant>::None);
    let mut update = request::Entity::update_many()
        .col_expr(request::Column::Urgency, Expr::value(urgency))
        .col_expr(request::Column::Danger, Expr::value(danger))
        .col_expr(request::Column::DueAt, Expr::value(due_at))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1));
    if urgency.is_pressing() && request.snoozed_until.is_some() {
        update = update
            .col_expr(request::Column::SnoozedUntil, nothing())
            .col_expr(request::Column::WokeAt, Expr::value(Some(unit.now())));
    }
    if opens {
        update = update
            .col_expr(request::Column::ClosedAt, nothing())
            .col_expr(request::Column::CheckInAt, nothing())
            .col_expr(request::Column::Disposition, Expr::value(Option::<Disposition>::None))
            .col_expr(request::Column::DispositionReason, Expr::value(Option::<Reason>::None))
            .col_expr(request::Column::OwnReason, Expr::value(Option::<ReasonId>::None));
    }
    update.filter(request::Column::Id.eq(request.id)).exec(unit.tx()).await?;
    unit.record(
        permit,
        serde_json::json!({ "level": urgency.words(), "judged": sheet.is_judged(), "reopened": opens }),
    );
    Ok(())
}

/// The answer to the first question, as far as the sheet has it. What is not known is not a no.
fn danger(urgency: Urgency, sheet: &Sheet, open: &[Question]) -> Danger {
    let is_open =
        |q: &Question| open.contains(q) || matches!(sheet.answer(*q), Answer::Unknown | Answer::Declined);
    match urgency {
        Urgency::Emergency => Danger::Yes,
        Urgency::Urgent => Danger::NotSure,
        _ if Question::ALL.iter().any(is_open) => Danger::NotSure,
        _ => Danger::No,
    }
}
