//! A stay that was open when the person died ends with the death, and is open again when that was a mistake.

use foundation::{Day, Error, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::{DischargeKind, EpisodeId, end_span, of, spans_of};
use crate::entity::{episode, level_span};

/// Ends the open stay of somebody who died on `on`, or on the first day of the level they were at when that is later.
pub(crate) async fn end_for_death(unit: &Unit, person: PersonId, on: Day) -> Result<(), Error> {
    let all = of(unit.tx(), person).await?;
    let Some(open) = all.into_iter().find(|episode| episode.discharged_on.is_none()) else { return Ok(()) };
    let span = last_span(unit, person, open.id).await?;
    let on = span.as_ref().map_or(on, |span| Ord::max(on, span.from_on));
    end(unit, open.id, Some(on), Some(DischargeKind::Deceased)).await?;
    match span {
        Some(span) => end_span(unit, &span, on).await,
        None => Ok(()),
    }
}

/// The newest stay goes on when it had ended with the death.
pub(crate) async fn take_up_again(unit: &Unit, person: PersonId) -> Result<(), Error> {
    let all = of(unit.tx(), person).await?;
    let ended_with_it = |episode: &&super::Episode| episode.discharge_kind == Some(DischargeKind::Deceased);
    let Some(last) = all.first().filter(ended_with_it) else { return Ok(()) };
    if let Some(span) = last_span(unit, person, last.id).await? {
        level_span::Entity::update_many()
            .col_expr(level_span::Column::UntilOn, Expr::value(None::<Day>))
            .filter(level_span::Column::Id.eq(span.id))
            .exec(unit.tx())
            .await?;
    }
    end(unit, last.id, None, None).await
}

async fn last_span(
    unit: &Unit,
    person: PersonId,
    episode: EpisodeId,
) -> Result<Option<level_span::Model>, Error> {
    let spans = spans_of(unit.tx(), person).await?;
    Ok(spans.into_iter().rfind(|span| span.episode_id == episode))
}

async fn end(unit: &Unit, id: EpisodeId, on: Option<Day>, kind: Option<DischargeKind>) -> Result<(), Error> {
    episode::Entity::update_many()
        .col_expr(episode::Column::DischargedOn, Expr::value(on))
        .col_expr(episode::Column::DischargeKind, Expr::value(kind))
        .col_expr(episode::Column::Version, Expr::col(episode::Column::Version).add(1))
        .filter(episode::Column::Id.eq(id))
        .exec(unit.tx())
        .await?;
    Ok(())
}
