//! What the center says to a referral, and which of the sources it came from.

use clients::person::plain;
use foundation::{Act, Error, Faults, News, Unit, refused};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::{REASON, ReferralIn};
use crate::entity::referral_in;
use crate::request::{Request, RequestId};
use crate::rules::referral::Decision;

/// Characters of why not.
const LONG: usize = 500;

/// A decision as it was typed. A no says why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    decision: Decision,
    reason: Option<String>,
}

impl Decided {
    /// Reads a form.
    ///
    /// # Errors
    /// Nothing was chosen, or a no without its reason.
    pub fn parse<'a>(text: impl Fn(&str) -> &'a str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let decision = Decision::parse(text("decision"));
        if decision.is_none() {
            faults.add("decision", "Choose what we say to this referral");
        }
        let reason = Some(plain(text("decision_reason"))).filter(|r| !r.is_empty());
        if decision == Some(Decision::Declined) && reason.is_none() {
            faults.add("decision_reason", "Enter why we cannot help");
        }
        if reason.as_ref().is_some_and(|r| r.chars().count() > LONG) {
            faults.add("decision_reason", format!("Write less here, up to {LONG} characters"));
        }
        match (decision, faults.0.is_empty()) {
            (Some(decision), true) => Ok(Self { decision, reason }),
            _ => Err(faults),
        }
    }
}

/// Whether a professional waits for what the center says.
pub(crate) async fn is_undecided(unit: &Unit, request: RequestId) -> Result<bool, Error> {
    let open = referral_in::Entity::find()
        .filter(referral_in::Column::RequestId.eq(request))
        .filter(referral_in::Column::DecidedAt.is_null());
    Ok(open.count(unit.tx()).await? > 0)
}

/// Whoever comes in was accepted: nothing of their referral stays undecided. The act that let them in is recorded.
pub(crate) async fn accepted(unit: &Unit, about: &Request) -> Result<(), Error> {
    referral_in::Entity::update_many()
        .col_expr(referral_in::Column::DecidedAt, Expr::value(Some(unit.now())))
        .col_expr(referral_in::Column::DecidedBy, Expr::value(unit.actor().staff_id()))
        .col_expr(referral_in::Column::Decision, Expr::value(Some(Decision::Accepted)))
        .col_expr(referral_in::Column::Version, Expr::col(referral_in::Column::Version).add(1))
        .filter(referral_in::Column::RequestId.eq(about.id))
        .filter(referral_in::Column::DecidedAt.is_null())
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// Decides a referral, once.
///
/// # Errors
/// A refusal when a colleague decided it meanwhile.
pub async fn decide(unit: &mut Unit, on: &ReferralIn, about: &Request, to: Decided) -> Result<(), Error> {
    let permit = unit.permit(Act::DecideReferral, &about.subject())?;
    let reason = match &to.reason {
        Some(text) => Some(unit.seal(on.person_id, REASON, text).await?),
        None => None,
    };
    let done = referral_in::Entity::update_many()
        .col_expr(referral_in::Column::DecidedAt, Expr::value(Some(unit.now())))
        .col_expr(referral_in::Column::DecidedBy, Expr::value(unit.actor().staff_id()))
        .col_expr(referral_in::Column::Decision, Expr::value(Some(to.decision)))
        .col_expr(referral_in::Column::Reason, Expr::value(reason))
        .col_expr(referral_in::Column::Version, Expr::col(referral_in::Column::Version).add(1))
        .filter(referral_in::Column::Id.eq(on.id))
        .filter(referral_in::Column::DecidedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(refused("decided", "A colleague decided this meanwhile. Look again."));
    }
    unit.record(permit, serde_json::json!({ "referral": on.id, "decision": to.decision }));
    unit.tell(News::Inbox);
    Ok(())
}
