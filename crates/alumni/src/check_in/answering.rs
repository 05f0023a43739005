//! Answering a check-in, by the alum through a link or by staff who asked. Once: the second to answer changes nothing.

use foundation::{Act, Day, Error, News, PersonId, Unit, refused};
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter};
use serde_json::json;

use super::{ANSWERS, AnsweredBy, CheckIn, CheckInId, beside, one, opening};
use crate::aftercare::{self, AftercareId, opioids};
use crate::caseload::subject;
use crate::entity::check_in::{Column, Entity};
use crate::flag::{self, FlagId, FlagKind, Raise};
use crate::rules::response::{self, Answers, Level, Response};

/// What an answer led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub check_in: CheckInId,
    /// What the answers ask of staff, and why.
    pub response: Response,
    /// The flag it raised; `None` when nothing needs to be done.
    pub flag: Option<FlagId>,
}

/// The alum answers, through a link meant for them.
pub async fn answer(unit: &mut Unit, id: CheckInId, answers: &Answers) -> Result<Answered, Error> {
    let check_in = one(unit.tx(), id).await?;
    let subject = subject(unit.tx(), "check_in", id, check_in.person_id).await?;
    let permit = unit.permit(Act::AnswerCheckIn, &subject)?;
    let answered = keep(unit, &check_in, answers, AnsweredBy::Alum).await?;
    unit.record(permit, json!({ "check_in": id, "level": answered.response.level }));
    unit.tell(News::Alumni);
    Ok(answered)
}

/// Staff write down the answers to the check-in due on `due_on`, as they were given to them.
pub async fn log_answers(
    unit: &mut Unit,
    aftercare: AftercareId,
    due_on: Day,
    answers: &Answers,
) -> Result<Answered, Error> {
    let aftercare = aftercare::one(unit.tx(), aftercare).await?;
    let subject = subject(unit.tx(), "aftercare", aftercare.id, aftercare.person_id).await?;
    let permit = unit.permit(Act::LogCheckIn, &subject)?;
    let check_in = opening::ensure(unit, &aftercare, due_on).await?;
    let answered = keep(unit, &check_in, answers, AnsweredBy::Staff).await?;
    unit.record(permit, json!({ "check_in": check_in.id, "level": answered.response.level }));
    unit.tell(News::Alumni);
    Ok(answered)
}

/// The alum asks to be called. Asking again while the wish is open is the same wish.
pub async fn ask_for_call(unit: &mut Unit, id: CheckInId) -> Result<FlagId, Error> {
    let check_in = one(unit.tx(), id).await?;
    let person = check_in.person_id;
    let permit = unit.permit(Act::AnswerCheckIn, &subject(unit.tx(), "check_in", id, person).await?)?;
    let flag = match flag::is_open(unit.tx(), id, FlagKind::AskedForCall).await? {
        Some(flag) => flag,
        None => flag::raise(unit, wish(person, id)).await?,
    };
    unit.record(permit, json!({ "check_in": id, "asked_for_call": true }));
    unit.tell(News::Alumni);
    Ok(flag)
}

fn wish(person: PersonId, check_in: CheckInId) -> Raise {
    Raise {
        person,
        check_in: Some(check_in),
        kind: FlagKind::AskedForCall,
        level: Level::Yellow,
        reasons: Vec::new(),
    }
}

/// Keeps the answers once and raises what the rules say must be done.
async fn keep(
    unit: &mut Unit,
    check_in: &CheckIn,
    answers: &Answers,
    by: AnsweredBy,
) -> Result<Answered, Error> {
    if answers.used_opioids.is(|yes| *yes) {
        opioids::note_opioids(unit, check_in.aftercare_id).await?;
    }
    let response = response::respond_beside(answers, &beside::of(unit, check_in).await?);
    let text = serde_json::to_string(answers).map_err(|e| Error::Broken(e.to_string()))?;
    let sealed = unit.seal(check_in.person_id, ANSWERS, &text).await?;
    // The first contact stays the first: a call may have reached them before they answered by link.
    let reached = Func::coalesce([Expr::col(Column::ReachedAt), Expr::value(unit.now())]);
    let kept = Entity::update_many()
        .col_expr(Column::Answers, Expr::value(Some(sealed)))
        .col_expr(Column::AnsweredAt, Expr::value(Some(unit.now())))
        .col_expr(Column::AnsweredBy, Expr::value(Some(by)))
        .col_expr(Column::AnsweredByStaffId, Expr::value(unit.actor().staff_id()))
        .col_expr(Column::ReachedAt, reached.into())
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(check_in.id))
        .filter(Column::AnsweredAt.is_null())
        .exec(unit.tx())
        .await?;
    if kept.rows_affected == 0 {
        return Err(refused("answered", "This check-in was answered before. Nothing was changed."));
    }
    let flag = flagged(unit, check_in, &response).await?;
    Ok(Answered { check_in: check_in.id, response, flag })
}

/// A flag for everything above a warm word. A red or amber one also begins four closer weeks, which the schedule
/// derives from it.
async fn flagged(unit: &mut Unit, check_in: &CheckIn, response: &Response) -> Result<Option<FlagId>, Error> {
    if response.level == Level::Green {
        return Ok(None);
    }
    let new = Raise {
        person: check_in.person_id,
        check_in: Some(check_in.id),
        kind: FlagKind::Answers,
        level: response.level,
        reasons: response.reasons.iter().map(ToString::to_string).collect(),
    };
    Ok(Some(flag::raise(unit, new).await?))
}
