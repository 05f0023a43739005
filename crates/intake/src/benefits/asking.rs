//! Asking for a benefits check, and putting right what was given while nobody has an answer.

use foundation::center::Center;
use foundation::{Act, Error, News, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{EntityTrait, Set};

use super::coverage::Coverage;
use super::{BenefitCheck, BenefitCheckId, COVERAGE, written};
use crate::clocks;
use crate::entity::benefit_check;
use crate::request::Request;

/// Asks for a check. A request has one under way; when its answer has run out, it is asked for anew.
///
/// # Errors
/// A refusal when one is under way.
pub async fn ask(unit: &mut Unit, wanted: &Request, coverage: &Coverage) -> Result<BenefitCheckId, Error> {
    let permit = unit.permit(Act::AskBenefits, &wanted.subject())?;
    let (zone, clocks) = (Center::load(unit.tx()).await?.zone, clocks::load(unit.tx()).await?);
    let id: BenefitCheckId = unit.id();
    let row = benefit_check::ActiveModel {
        id: Set(id),
        request_id: Set(wanted.id),
        person_id: Set(wanted.prospective_id),
        coverage: Set(unit.seal(wanted.prospective_id, COVERAGE, &written(coverage)?).await?),
        asked_at: Set(unit.now()),
        asked_by: Set(unit.actor().staff_id()),
        due_at: Set(clocks.benefits(unit.now(), zone)),
        taken_at: Set(None),
        taken_by: Set(None),
        answered_at: Set(None),
        answered_by: Set(None),
        why_not: Set(None),
        way: Set(None),
        consent_id: Set(None),
        outcome: Set(None),
        valid_until: Set(None),
        approved_at: Set(None),
        approved_by: Set(None),
        version: Set(1),
    };
    match unit.insert(row).await {
        Err(Error::Exists) => Err(refused("under_way", "A benefits check is under way for this request.")),
        other => other,
    }?;
    unit.record(permit, serde_json::json!({ "check": id }));
    unit.tell(News::Inbox);
    Ok(id)
}

/// Puts the coverage of an open check right. `version` is the one the page was shown with.
pub async fn correct(
    unit: &mut Unit,
    on: &BenefitCheck,
    about: &Request,
    version: i32,
    coverage: &Coverage,
) -> Result<(), Error> {
    let permit = unit.permit(Act::AskBenefits, &about.subject())?;
    let sealed = unit.seal(on.person_id, COVERAGE, &written(coverage)?).await?;
    let done = benefit_check::Entity::update_many()
        .col_expr(benefit_check::Column::Coverage, Expr::value(sealed))
        .col_expr(benefit_check::Column::Version, Expr::col(benefit_check::Column::Version).add(1))
        .filter(benefit_check::Column::Id.eq(on.id))
        .filter(benefit_check::Column::Version.eq(version))
        .filter(benefit_check::Column::AnsweredAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.record(permit, serde_json::json!({ "check": on.id, "fields": ["coverage"] }));
    unit.tell(News::Inbox);
    Ok(())
}
