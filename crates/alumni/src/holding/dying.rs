//! Somebody died: aftercare ends, and what was open about them asks nobody any more. When it was a mistake, both are taken
//! up again as they were.

use foundation::center::Center;
use foundation::{Error, Instant, News, PersonId, StaffId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use crate::aftercare::{self, EndReason};
use crate::entity::{self, flag};
use crate::flag::DONE;

/// What stands as done at a flag that was open when the person died.
const CLOSED: &str = "This person died. The flag was closed with that.";

/// Ends aftercare, and closes the open flags as what they are.
pub(super) async fn end_all(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    use entity::aftercare::{Column, Entity};
    Entity::update_many()
        .col_expr(Column::EndedAt, Expr::value(Some(unit.now())))
        .col_expr(Column::EndReason, Expr::value(Some(EndReason::Died)))
        .col_expr(Column::EndedBy, Expr::value(unit.actor().staff_id()))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::PersonId.eq(person))
        .filter(Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    let open = flag::Entity::find()
        .filter(flag::Column::PersonId.eq(person))
        .filter(flag::Column::SettledAt.is_null());
    if open.count(unit.tx()).await? > 0 {
        let done = unit.seal(person, DONE, CLOSED).await?;
        flag::Entity::update_many()
            .col_expr(flag::Column::SettledAt, Expr::value(Some(unit.now())))
            .col_expr(flag::Column::SettledBy, Expr::value(unit.actor().staff_id()))
            .col_expr(flag::Column::Done, Expr::value(Some(done)))
            .col_expr(flag::Column::Version, Expr::col(flag::Column::Version).add(1))
            .filter(flag::Column::PersonId.eq(person))
            .filter(flag::Column::SettledAt.is_null())
            .exec(unit.tx())
            .await?;
    }
    unit.tell(News::Alumni);
    Ok(())
}

/// The aftercare that ended with the death goes on from today, and the flags that were closed with it are open again.
pub(super) async fn take_up_again(
    unit: &mut Unit,
    person: PersonId,
    recorded_at: Instant,
) -> Result<(), Error> {
    use entity::aftercare::{Column, Entity};
    let today = unit.today(Center::load(unit.tx()).await?.zone);
    let ended = Entity::find()
        .filter(Column::PersonId.eq(person))
        .filter(Column::EndReason.eq(EndReason::Died))
        .filter(Column::EndedAt.eq(recorded_at))
        .one(unit.tx())
        .await?;
    // What would have fallen due meanwhile is not made up for; a pause they had asked for still holds.
    if let (Some(ended), None) = (ended, aftercare::active(unit.tx(), person).await?) {
        Entity::update_many()
            .col_expr(Column::EndedAt, Expr::value(None::<Instant>))
            .col_expr(Column::EndReason, Expr::value(None::<EndReason>))
            .col_expr(Column::EndedBy, Expr::value(None::<StaffId>))
            .col_expr(Column::CountsFrom, Expr::value(std::cmp::max(ended.counts_from, today)))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::Id.eq(ended.id))
            .exec(unit.tx())
            .await?;
    }
    flag::Entity::update_many()
        .col_expr(flag::Column::SettledAt, Expr::value(None::<Instant>))
        .col_expr(flag::Column::SettledBy, Expr::value(None::<StaffId>))
        .col_expr(flag::Column::Done, Expr::value(None::<Vec<u8>>))
        .col_expr(flag::Column::Version, Expr::col(flag::Column::Version).add(1))
        .filter(flag::Column::PersonId.eq(person))
        .filter(flag::Column::SettledAt.eq(recorded_at))
        .exec(unit.tx())
        .await?;
    unit.tell(News::Alumni);
    Ok(())
}
