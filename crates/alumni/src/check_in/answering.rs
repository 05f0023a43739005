//! Answering a check-in, by the alum through a link or by staff who asked. What staff write down is written once. What
//! an alum says is kept whoever was first: after somebody else, in a row of its own with every word.

use foundation::{Act, Day, Error, News, PersonId, Unit, refused};
use sea_orm::sea_query::{Expr, Func};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter};
use serde_json::json;

use super::{ANSWERS, AnsweredBy, CheckIn, CheckInId, beside, hearing, lock, opening};
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
    /// The flag that is up for it; `None` when nothing needs to be done.
    pub flag: Option<FlagId>,
    /// The gravest that is open for this check-in: what was said before stands.
    pub level: Level,
    /// Whether answers were there already, and these stand beside them.
    pub is_added: bool,
}

/// The alum answers, through a link meant for them. What they said on the way belongs to it; a grave answer that was
/// heard then raises no second flag.
pub async fn answer(unit: &mut Unit, id: CheckInId, answers: &Answers) -> Result<Answered, Error> {
    let check_in = lock(unit.tx(), id).await?;
    let subject = subject(unit.tx(), "check_in", id, check_in.person_id).await?;
    let permit = unit.permit(Act::AnswerCheckIn, &subject)?;
    let earlier = hearing::open_row(unit, id).await?;
    let whole = hearing::complete(answers, earlier.as_ref());
    let response = response::respond_beside(&whole, &beside::of(unit, &check_in).await?);
    let is_heard = response.level == Level::Red
        && earlier.as_ref().is_some_and(|before| response.reasons.iter().all(|r| before.has_heard(*r)));
    let is_added = !is_first(unit, &check_in, &whole, AnsweredBy::Alum).await?;
    if earlier.is_some() || is_added {
        hearing::keep(unit, &check_in, earlier, answers, true).await?;
    } else if !whole.own_words().is_empty() {
        flag::raise_for_words(unit, &check_in).await?;
    }
    let flag = if is_heard {
        flag::find_for_answers(unit.tx(), id).await?.map(|flag| flag.id)
    } else {
        flagged(unit, &check_in, &response).await?
    };
    let open = flag::find_open(unit.tx(), id, FlagKind::Answers).await?;
    let level = open.map_or(response.level, |flag| Ord::min(flag.level, response.level));
    unit.record(permit, json!({ "check_in": id, "level": response.level, "is_added": is_added }));
    unit.tell(News::Alumni);
    Ok(Answered { check_in: id, response, flag, level, is_added })
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
    let check_in = lock(unit.tx(), check_in.id).await?;
    let response = response::respond_beside(answers, &beside::of(unit, &check_in).await?);
    if !is_first(unit, &check_in, answers, AnsweredBy::Staff).await? {
        return Err(refused("answered", "This check-in was answered before. Nothing was changed."));
    }
    let flag = flagged(unit, &check_in, &response).await?;
    let level = response.level;
    unit.record(permit, json!({ "check_in": check_in.id, "level": level }));
    unit.tell(News::Alumni);
    Ok(Answered { check_in: check_in.id, response, flag, level, is_added: false })
}

/// The alum asks to be called. Asking again while the wish is open is the same wish.
pub async fn ask_for_call(unit: &mut Unit, id: CheckInId) -> Result<FlagId, Error> {
    let check_in = lock(unit.tx(), id).await?;
    let person = check_in.person_id;
    let permit = unit.permit(Act::AnswerCheckIn, &subject(unit.tx(), "check_in", id, person).await?)?;
    let flag = match flag::find_open(unit.tx(), id, FlagKind::AskedForCall).await? {
        Some(flag) => flag.id,
        None => flag::raise(unit, wish(person, id)).await?,
    };
    unit.record(permit, json!({ "check_in": id, "asked_for_call": true }));
    unit.tell(News::Alumni);
    Ok(flag)
}

/// Whether the wish to be called is open: pressed again, there is nothing to write.
pub async fn is_call_asked(reader: &impl ConnectionTrait, id: CheckInId) -> Result<bool, Error> {
    Ok(flag::find_open(reader, id, FlagKind::AskedForCall).await?.is_some())
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

/// Writes the answers down as those of the check-in, if nobody has yet.
async fn is_first(
    unit: &mut Unit,
    check_in: &CheckIn,
    answers: &Answers,
    by: AnsweredBy,
) -> Result<bool, Error> {
    if answers.used_opioids.is(|yes| *yes) {
        opioids::note_opioids(unit, check_in.aftercare_id).await?;
    }
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
    Ok(kept.rows_affected == 1)
}

/// A flag for everything above a warm word: raised, or joined to the one that is open. A red or amber one also begins
/// four closer weeks, which the schedule derives from it.
async fn flagged(unit: &mut Unit, check_in: &CheckIn, response: &Response) -> Result<Option<FlagId>, Error> {
    if response.level == Level::Green {
        return Ok(None);
    }
    let flag = flag::raise_or_join(unit, check_in, response.level, &response.reasons).await?;
    Ok(Some(flag))
}
