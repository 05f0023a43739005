//! The days of a stay were written down wrong: corrected with a reason, and what is derived from them moves.

use foundation::center::Center;
use foundation::{Act, Day, Error, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use serde_json::json;

use super::{Episode, EpisodeId, LevelSpan, of, spans_of};
use crate::correction::{self, Change, CorrectedField, Reason};
use crate::entity::{episode, level_span};
use crate::rules::stay_dates::{StayDates, Surroundings, check};

/// What a corrected stay means for what is derived from it: the alumni room moves its check-ins in the same unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CorrectedStay {
    pub episode: EpisodeId,
    /// The day of discharge as it is now, when it was changed.
    pub discharged_on: Option<Day>,
}

/// Corrects the days of a stay. `version` is the one the form was shown with.
///
/// # Errors
/// Faults at the day that cannot be; [`Error::Stale`] when a colleague changed the stay meanwhile.
pub async fn correct_dates(
    unit: &mut Unit,
    care: &Subject,
    id: EpisodeId,
    version: i32,
    dates: StayDates,
    reason: &Reason,
) -> Result<CorrectedStay, Error> {
    let person = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::CorrectStay, care)?;
    let all = of(unit.tx(), person).await?;
    let at = all.iter().position(|one| one.id == id).ok_or(Error::NotFound)?;
    let before = all.get(at).ok_or(Error::NotFound)?;
    if before.version != version || before.discharged_on.is_some() != dates.discharged_on.is_some() {
        return Err(Error::Stale);
    }
    let spans = spans_of(unit.tx(), person).await?;
    let spans: Vec<&LevelSpan> = spans.iter().filter(|span| span.episode_id == id).collect();
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    let dates = check(dates, around(&all, at, &spans), today)?;
    if (dates.admitted_on, dates.discharged_on) == (before.admitted_on, before.discharged_on) {
        return Err(foundation::refused("same_days", "These are the days that stand here already."));
    }
    write(unit, before, dates).await?;
    move_spans(unit, &spans, dates).await?;
    let mut changed = Vec::new();
    if dates.admitted_on != before.admitted_on {
        changed.push((CorrectedField::AdmittedOn, Some(before.admitted_on), Some(dates.admitted_on)));
    }
    if dates.discharged_on != before.discharged_on {
        changed.push((CorrectedField::DischargedOn, before.discharged_on, dates.discharged_on));
    }
    for (field, was, now_is) in &changed {
        let change = Change { field: *field, episode: Some(id), was: *was, now_is: *now_is };
        correction::keep(unit, person, change, reason).await?;
    }
    let fields: Vec<_> = changed.iter().map(|(field, ..)| field).collect();
    unit.record(permit, json!({ "episode": id, "fields": fields }));
    let moved = dates.discharged_on != before.discharged_on;
    Ok(CorrectedStay { episode: id, discharged_on: dates.discharged_on.filter(|_| moved) })
}

/// The stays are the newest first.
fn around(all: &[Episode], at: usize, spans: &[&LevelSpan]) -> Surroundings {
    let changes = spans.get(1..).unwrap_or_default();
    Surroundings {
        before: all.get(at + 1).and_then(|earlier| earlier.discharged_on),
        after: at.checked_sub(1).and_then(|later| all.get(later)).map(|later| later.admitted_on),
        first_change: changes.first().map(|span| span.from_on),
        last_change: changes.last().map(|span| span.from_on),
    }
}

async fn write(unit: &Unit, before: &Episode, dates: StayDates) -> Result<(), Error> {
    let done = episode::Entity::update_many()
        .col_expr(episode::Column::AdmittedOn, Expr::value(dates.admitted_on))
        .col_expr(episode::Column::DischargedOn, Expr::value(dates.discharged_on))
        .col_expr(episode::Column::Version, Expr::col(episode::Column::Version).add(1))
        .filter(episode::Column::Id.eq(before.id))
        .filter(episode::Column::Version.eq(before.version))
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// The first level began with the admission, the last one ended with the discharge.
async fn move_spans(unit: &Unit, spans: &[&LevelSpan], dates: StayDates) -> Result<(), Error> {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return Ok(()) };
    level_span::Entity::update_many()
        .col_expr(level_span::Column::FromOn, Expr::value(dates.admitted_on))
        .filter(level_span::Column::Id.eq(first.id))
        .exec(unit.tx())
        .await?;
    level_span::Entity::update_many()
        .col_expr(level_span::Column::UntilOn, Expr::value(dates.discharged_on))
        .filter(level_span::Column::Id.eq(last.id))
        .exec(unit.tx())
        .await?;
    Ok(())
}
