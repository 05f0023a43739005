//! Checks whose person is another from now on: opened once and sealed anew, like the request they belong to.

use foundation::{Error, PersonId, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;

use super::{COVERAGE, OUTCOME};
use crate::entity::benefit_check;
use crate::request::RequestId;

/// Seals the checks of a request under the key of `to`.
pub(crate) async fn reseal(unit: &mut Unit, of: RequestId, to: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring().clone();
    for one in super::of(unit.tx(), of).await? {
        let text = keyring.open(unit.tx(), one.person_id, COVERAGE, &one.coverage).await?;
        let coverage = unit.seal(to, COVERAGE, &text).await?;
        let outcome = match &one.outcome {
            Some(sealed) => {
                let text = keyring.open(unit.tx(), one.person_id, OUTCOME, sealed).await?;
                Some(unit.seal(to, OUTCOME, &text).await?)
            }
            None => None,
        };
        benefit_check::Entity::update_many()
            .col_expr(benefit_check::Column::Coverage, Expr::value(coverage))
            .col_expr(benefit_check::Column::Outcome, Expr::value(outcome))
            .col_expr(benefit_check::Column::PersonId, Expr::value(to))
            .filter(benefit_check::Column::Id.eq(one.id))
            .exec(unit.tx())
            .await?;
    }
    Ok(())
}

/// The words die with the key; that there was a check stays.
pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    benefit_check::Entity::update_many()
        .col_expr(benefit_check::Column::Coverage, Expr::value(Vec::<u8>::new()))
        .col_expr(benefit_check::Column::Outcome, Expr::value(Option::<Vec<u8>>::None))
        .filter(benefit_check::Column::PersonId.eq(person))
        .exec(unit.tx())
        .await?;
    Ok(())
}
