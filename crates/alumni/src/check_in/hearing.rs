//! What an alum says through a link before the last page. A grave answer counts when it is given: it is written down,
//! raises its flag and is told before the next page is shown (domain reference 4.7, "When it counts").

use std::collections::BTreeSet;

use foundation::sealed::Keyring;
use foundation::{Act, Actor, Error, News, PersonId, Unit};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde_json::json;

use super::{ALUM_ANSWERS, AlumAnswers, AlumAnswersId, CheckIn, CheckInId, lock, parse_answers};
use crate::aftercare::opioids;
use crate::caseload::{self, subject};
use crate::entity::alum_answers::{ActiveModel, Column, Entity};
use crate::flag::{self, Reasons};
use crate::rules::response::{self, Answers, Level, Reason};

/// The alum says something before the last page: `so_far` is everything said in this visit, `pressed` what this press
/// says. Something grave in it raises the flag of the check-in, once however often it is pressed; said again after
/// somebody settled that flag, it raises the next one.
pub async fn hear(
    unit: &mut Unit,
    id: CheckInId,
    so_far: &Answers,
    pressed: &Answers,
) -> Result<Vec<Reason>, Error> {
    let check_in = lock(unit.tx(), id).await?;
    let subject = subject(unit.tx(), "check_in", id, check_in.person_id).await?;
    let permit = unit.permit(Act::AnswerCheckIn, &subject)?;
    let grave = response::grave(pressed);
    if pressed.used_opioids.is(|yes| *yes) {
        opioids::note_opioids(unit, check_in.aftercare_id).await?;
    }
    let earlier = open_row(unit, id).await?;
    keep(unit, &check_in, earlier, so_far, false).await?;
    if !grave.is_empty() {
        flag::raise_or_join(unit, &check_in, Level::Red, &grave).await?;
    }
    let level = (!grave.is_empty()).then_some(Level::Red);
    unit.record(permit, json!({ "check_in": id, "level": level, "so_far": true }));
    unit.tell(News::Alumni);
    Ok(grave)
}

/// Whether something was heard of a check-in whose last page is still to come: what is said then is kept page by page.
pub async fn is_heard(reader: &impl ConnectionTrait, id: CheckInId) -> Result<bool, Error> {
    let open = Entity::find().filter(Column::CheckInId.eq(id)).filter(Column::FinishedAt.is_null());
    Ok(open.count(reader).await? > 0)
}

/// What was heard before, with the answers in clear.
pub(super) struct Earlier {
    row: AlumAnswers,
    answers: Answers,
}

impl Earlier {
    /// Whether a press has raised the flag for this already.
    pub(super) fn has_heard(&self, reason: Reason) -> bool {
        self.row.grave.0.iter().any(|name| name == reason.as_str())
    }
}

/// What was heard of a check-in and waits for its last page.
pub(super) async fn open_row(unit: &Unit, id: CheckInId) -> Result<Option<Earlier>, Error> {
    let row = Entity::find()
        .filter(Column::CheckInId.eq(id))
        .filter(Column::FinishedAt.is_null())
        .one(unit.tx())
        .await?;
    let Some(row) = row else { return Ok(None) };
    let answers = load_alum_answers(unit.tx(), unit.db().keyring(), &row).await?;
    Ok(Some(Earlier { row, answers }))
}

/// What somebody says now, with what they said before.
pub(super) fn complete(answers: &Answers, earlier: Option<&Earlier>) -> Answers {
    earlier.map_or_else(|| answers.clone(), |before| answers.completing(&before.answers))
}

/// Keeps what was said in a row of its own, and asks staff to read what was written in own words. What was heard once
/// stays noted, also when the answer is another one now.
pub(super) async fn keep(
    unit: &mut Unit,
    check_in: &CheckIn,
    earlier: Option<Earlier>,
    answers: &Answers,
    is_finished: bool,
) -> Result<(), Error> {
    let answers = complete(answers, earlier.as_ref());
    let text = serde_json::to_string(&answers).map_err(|e| Error::Broken(e.to_string()))?;
    let sealed = unit.seal(check_in.person_id, ALUM_ANSWERS, &text).await?;
    let finished_at = is_finished.then(|| unit.now());
    let before = earlier.as_ref().map(|before| before.row.grave.0.clone()).unwrap_or_default();
    let mut names: BTreeSet<String> = before.into_iter().collect();
    names.extend(response::grave(&answers).iter().map(ToString::to_string));
    let grave = Reasons(names.into_iter().collect());
    if let Some(before) = &earlier {
        let grave = serde_json::to_value(&grave).map_err(|e| Error::Broken(e.to_string()))?;
        Entity::update_many()
            .col_expr(Column::Answers, Expr::value(sealed))
            .col_expr(Column::Grave, Expr::value(grave))
            .col_expr(Column::SaidAt, Expr::value(unit.now()))
            .col_expr(Column::FinishedAt, Expr::value(finished_at))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::Id.eq(before.row.id))
            .exec(unit.tx())
            .await?;
    } else {
        let id: AlumAnswersId = unit.id();
        let row = ActiveModel {
            id: Set(id),
            check_in_id: Set(check_in.id),
            person_id: Set(check_in.person_id),
            answers: Set(sealed),
            grave: Set(grave),
            began_at: Set(unit.now()),
            said_at: Set(unit.now()),
            finished_at: Set(finished_at),
            version: Set(1),
        };
        unit.insert(row).await?;
    }
    let read_before = earlier.map(|before| before.answers).unwrap_or_default();
    let is_new = answers.own_words().iter().any(|words| !read_before.own_words().contains(words));
    if is_new {
        flag::raise_for_words(unit, check_in).await?;
    }
    Ok(())
}

/// What an alum said through links, so far or whole, the newest first, at most `limit`.
pub async fn list_alum_answers(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    person: PersonId,
    limit: u64,
) -> Result<Vec<AlumAnswers>, Error> {
    caseload::seen_by(viewer, Act::OpenCheckIns, reader, person).await?;
    let rows = Entity::find()
        .filter(Column::PersonId.eq(person))
        .order_by_desc(Column::SaidAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(reader)
        .await?;
    Ok(rows)
}

/// The answers of such a row, read by one who may.
pub async fn load_alum_answers(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    row: &AlumAnswers,
) -> Result<Answers, Error> {
    parse_answers(&keyring.open(reader, row.person_id, ALUM_ANSWERS, &row.answers).await?)
}
