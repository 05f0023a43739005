//! A discharge date that was corrected moves the check-ins that are counted from it, and the letters with them.

use chrono::TimeDelta;
use clients::episode::CorrectedStay;
use consent::gate::Purpose;
use foundation::{Day, Error, News, Unit};
use mail::outbox::cancelling::withdraw;
use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::Aftercare;
use crate::entity::{aftercare, check_in};

/// Counts the aftercares of a corrected stay from its new discharge date. The act that corrected it is the one that is
/// recorded. Letters that wait for a day that moved are withdrawn; those of the new days are queued by what derives them.
pub async fn move_with_stay(unit: &mut Unit, stay: &CorrectedStay) -> Result<(), Error> {
    let Some(on) = stay.discharged_on else { return Ok(()) };
    let moved = aftercare::Entity::find()
        .filter(aftercare::Column::EpisodeId.eq(Uuid::from(stay.episode)))
        .all(unit.tx())
        .await?;
    for one in &moved {
        aftercare::Entity::update_many()
            .col_expr(aftercare::Column::DischargedOn, Expr::value(on))
            // Nothing falls due before the discharge, and what a pause or a late start left out stays out.
            .col_expr(aftercare::Column::CountsFrom, Expr::value(std::cmp::max(one.counts_from, on)))
            .col_expr(aftercare::Column::Version, Expr::col(aftercare::Column::Version).add(1))
            .filter(aftercare::Column::Id.eq(one.id))
            .exec(unit.tx())
            .await?;
        move_untouched(unit, one, on).await?;
        if one.ended_at.is_none() {
            withdraw(unit, one.person_id, Some(Purpose::CheckIn), "The discharge date was corrected.")
                .await?;
        }
    }
    unit.tell(News::Alumni);
    Ok(())
}

/// Check-ins that were opened and neither tried nor answered move with their day; what happened on a day stays there.
async fn move_untouched(unit: &Unit, of: &Aftercare, on: Day) -> Result<(), Error> {
    let by: TimeDelta = on - of.discharged_on;
    let rows = check_in::Entity::find()
        .filter(check_in::Column::AftercareId.eq(of.id))
        .filter(check_in::Column::Attempts.eq(0))
        .filter(check_in::Column::ReachedAt.is_null())
        .filter(check_in::Column::AnsweredAt.is_null())
        .order_by_asc(check_in::Column::DueOn)
        .all(unit.tx())
        .await?;
    // A row never moves onto a day that the next one has not left yet.
    let ordered: Vec<_> =
        if by > TimeDelta::zero() { rows.iter().rev().collect() } else { rows.iter().collect() };
    for row in ordered {
        let taken = check_in::Entity::find()
            .filter(check_in::Column::AftercareId.eq(of.id))
            .filter(check_in::Column::DueOn.eq(row.due_on + by));
        if taken.count(unit.tx()).await? > 0 {
            continue;
        }
        check_in::Entity::update_many()
            .col_expr(check_in::Column::DueOn, Expr::value(row.due_on + by))
            .col_expr(check_in::Column::WindowFrom, Expr::value(row.window_from + by))
            .col_expr(check_in::Column::WindowTo, Expr::value(row.window_to + by))
            .filter(check_in::Column::Id.eq(row.id))
            .exec(unit.tx())
            .await?;
    }
    Ok(())
}
