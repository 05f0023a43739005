//! Openings of a person's locked record: the person may know who opened it and when (45 CFR 164.312(b)); a merge moves
//! them, and the reasons die with the person's key.

use sea_orm::QueryOrder;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use serde_json::{Value as Json, json};

use super::opening::REASON;
use super::reviewing::REMARK;
use super::row;
use crate::error::Error;
use crate::holding::{Holding, Holds};
use crate::ids::PersonId;
use crate::sealed::Keyring;
use crate::unit::Unit;

/// What this room keeps about people.
pub struct BreakGlassHolding;

impl Holding for BreakGlassHolding {
    fn name(&self) -> &'static str {
        "break_glass"
    }

    fn columns(&self) -> &'static [(&'static str, &'static str)] {
        &[("break_glass", "person_id")]
    }

    /// When and why, not the words of staff about it.
    fn export<'a>(
        &'a self,
        reader: &'a DatabaseConnection,
        _: &'a Keyring,
        person: PersonId,
    ) -> Holds<'a, Json> {
        Box::pin(async move {
            let rows = row::Entity::find()
                .filter(row::Column::PersonId.eq(person))
                .order_by_asc(row::Column::Id)
                .all(reader)
                .await?;
            Ok(rows.iter().map(|r| json!({ "cause": r.cause, "began_at": r.began_at })).collect())
        })
    }

    /// A sealed reason opens under its own person's key alone, so it is sealed anew for the survivor.
    fn move_to<'a>(&'a self, unit: &'a mut Unit, from: PersonId, survivor: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            for row in row::Entity::find().filter(row::Column::PersonId.eq(from)).all(unit.tx()).await? {
                let reason = sealed_for(unit, from, survivor, REASON, &row.reason).await?;
                let remark = match &row.remark {
                    Some(remark) => Some(sealed_for(unit, from, survivor, REMARK, remark).await?),
                    None => None,
                };
                row::Entity::update_many()
                    .col_expr(row::Column::PersonId, Expr::value(survivor))
                    .col_expr(row::Column::Reason, Expr::value(reason))
                    .col_expr(row::Column::Remark, Expr::value(remark))
                    .filter(row::Column::Id.eq(row.id))
                    .exec(unit.tx())
                    .await?;
            }
            Ok(())
        })
    }

    /// That a record was opened stays for the reviewer; the reasons cannot be read any more.
    fn forget<'a>(&'a self, unit: &'a mut Unit, person: PersonId) -> Holds<'a, ()> {
        Box::pin(async move {
            row::Entity::update_many()
                .col_expr(row::Column::Reason, Expr::value(Vec::<u8>::new()))
                .col_expr(row::Column::Remark, Expr::value(Option::<Vec<u8>>::None))
                .filter(row::Column::PersonId.eq(person))
                .exec(unit.tx())
                .await?;
            Ok(())
        })
    }
}

async fn sealed_for(
    unit: &Unit,
    from: PersonId,
    survivor: PersonId,
    place: &str,
    sealed: &[u8],
) -> Result<Vec<u8>, Error> {
    let text = unit.db().keyring().open(unit.tx(), from, place, sealed).await?;
    unit.seal(survivor, place, &text).await
}
