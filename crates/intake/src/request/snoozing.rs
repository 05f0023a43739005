//! Snoozing: put aside until an exact moment, and on top again then. Whoever may be in danger is never put aside.

use chrono::TimeDelta;
use foundation::{Act, Actor, Db, Error, Faults, Instant, News, Unit, refused};
use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::Request;
use crate::entity::request;
use crate::rules::words::Urgency;

/// Nobody is put aside for longer than this; who is to be asked again in a year is closed with a promise.
const LONGEST: TimeDelta = TimeDelta::days(92);

/// Until when, and whether a reply wakes it before that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snooze {
    until: Instant,
    through: bool,
}

impl Snooze {
    /// Parses a moment that lies ahead.
    ///
    /// # Errors
    /// No moment, one that is over, or one too far away, at `snooze_until`.
    pub fn parse(until: Option<Instant>, through: bool, now: Instant) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let until = until.filter(|until| *until > now && *until - now <= LONGEST);
        if until.is_none() {
            faults.add("snooze_until", "Enter a day and time that lie ahead, within three months");
        }
        until.map(|until| Self { until, through }).ok_or(faults)
    }
}

/// Puts a request aside. `version` is the one the page was shown with.
pub async fn snooze(unit: &mut Unit, wanted: &Request, version: i32, snooze: Snooze) -> Result<(), Error> {
    let permit = unit.permit(Act::SnoozeRequest, &wanted.subject())?;
    if wanted.urgency == Urgency::Emergency && wanted.reached_at.is_none() {
        return Err(refused("danger", "Someone may be in danger. This request cannot be put aside."));
    }
    let done = request::Entity::update_many()
        .col_expr(request::Column::SnoozedUntil, Expr::value(Some(snooze.until)))
        .col_expr(request::Column::SnoozedThrough, Expr::value(snooze.through))
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
    unit.record(permit, serde_json::json!({ "until": snooze.until, "through": snooze.through }));
    unit.tell(News::Inbox);
    Ok(())
}

/// Takes a request up again before its moment.
pub async fn wake(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    let permit = unit.permit(Act::WakeRequest, &wanted.subject())?;
    if !awake(unit, wanted).await? {
        return Err(refused("awake", "This request is not put aside any more."));
    }
    unit.record(permit, serde_json::json!({}));
    Ok(())
}

/// Somebody who was put aside calls or writes: the request is on top again, unless it sleeps through replies.
pub(crate) async fn stir(unit: &mut Unit, wanted: &Request) -> Result<(), Error> {
    if wanted.snoozed_until.is_none() || wanted.snoozed_through {
        return Ok(());
    }
    let permit = unit.permit(Act::WakeRequest, &wanted.subject())?;
    if awake(unit, wanted).await? {
        unit.record(permit, serde_json::json!({ "by_reply": true }));
    }
    Ok(())
}

/// Wakes every request whose moment has come; how many. Lists go by the moment itself: this tells open pages, and the
/// ledger.
pub async fn wake_due(db: &Db) -> Result<usize, Error> {
    let due = request::Entity::find()
        .filter(request::Column::SnoozedUntil.lte(db.now()))
        .filter(request::Column::ClosedAt.is_null())
        .all(db.reader())
        .await?;
    let mut woken = 0;
    for one in due {
        woken += db
            .write(&Actor::House, async |unit| {
                // Another process may have woken it first: then nothing was done here, and nothing is told of.
                let was_asleep = awake(unit, &one).await?;
                if was_asleep {
                    let permit = unit.permit(Act::WakeRequest, &one.subject())?;
                    unit.record(permit, serde_json::json!({}));
                }
                Ok::<_, Error>(usize::from(was_asleep))
            })
            .await?;
    }
    Ok(woken)
}

/// Whether it was asleep until now. Only from the moment that was read: put aside anew meanwhile, it sleeps on.
async fn awake(unit: &mut Unit, wanted: &Request) -> Result<bool, Error> {
    let Some(until) = wanted.snoozed_until else { return Ok(false) };
    let done = request::Entity::update_many()
        .col_expr(request::Column::SnoozedUntil, Expr::value(Option::<Instant>::None))
        .col_expr(request::Column::WokeAt, Expr::value(Some(Ord::min(unit.now(), until))))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(wanted.id))
        .filter(request::Column::SnoozedUntil.eq(until))
        .exec(unit.tx())
        .await?;
    if done.rows_affected > 0 {
        unit.tell(News::Inbox);
    }
    Ok(done.rows_affected > 0)
}
