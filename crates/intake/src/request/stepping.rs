//! The next step: what was promised, and until when. A promise without a time is a hope.

use chrono::TimeDelta;
use clients::person::plain;
use foundation::{Act, Error, Faults, Instant, News, Unit};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::{NEXT_STEP, Request};
use crate::entity::request;

/// A promise that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    what: String,
    at: Instant,
}

impl NextStep {
    /// Parses what and when; the moment must lie ahead.
    pub fn parse(what: &str, at: Option<Instant>, now: Instant) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let what = plain(what);
        if what.is_empty() || what.chars().count() > 120 {
            faults.add("next_step", "Enter what happens next, like “call again about Tuesday”");
        }
        // Nobody promises for longer than a year.
        let ahead = at.filter(|at| *at > now && *at - now < TimeDelta::days(366));
        if ahead.is_none() {
            faults.add("next_step_at", "Enter a day and time that lie ahead, within a year");
        }
        match (ahead, faults.0.is_empty()) {
            (Some(at), true) => Ok(Self { what, at }),
            _ => Err(faults),
        }
    }
}

/// Sets the next step. `version` is the one the page was shown with.
pub async fn step(unit: &mut Unit, wanted: &Request, version: i32, step: NextStep) -> Result<(), Error> {
    let permit = unit.permit(Act::SetNextStep, &wanted.subject())?;
    let what = unit.seal(wanted.prospective_id, NEXT_STEP, &step.what).await?;
    let done = request::Entity::update_many()
        .col_expr(request::Column::NextStep, Expr::value(Some(what)))
        .col_expr(request::Column::NextStepAt, Expr::value(Some(step.at)))
        .col_expr(request::Column::WokeAt, Expr::value(Option::<Instant>::None))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(wanted.id))
        .filter(request::Column::Version.eq(version))
        .filter(request::Column::ClosedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(Error::Stale);
    }
    unit.record(permit, serde_json::json!({ "fields": ["next_step", "next_step_at"] }));
    unit.tell(News::Inbox);
    Ok(())
}
