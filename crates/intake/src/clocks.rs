//! The clocks of the center: its calendar and its targets, set by an administrator, and what a change of them does to
//! those who wait.
//!
//! Whoever asked was told by when we call, on the page and by mail. That stands: longer hours bring a first call forward,
//! and shorter ones hold for those who ask from then on. What nobody was told, a benefits check, is counted anew.

use std::sync::Arc;

use consent::Reaching;
use foundation::center::Center;
use foundation::{Act, Db, Error, Instant, News, PersonId, Subject, Unit, Zone, settings};
use sea_orm::ConnectionTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use crate::entity::{benefit_check, pause, request};
use crate::request::{Request, waiting};
use crate::rules::clock::Stretch;
use crate::rules::due::Asked;
pub use crate::rules::due::Clocks;
use crate::rules::words::{Channel, Urgency};

const NAME: &str = "clocks";

/// The clocks as they are set, or those the house began with.
pub async fn load(reader: &impl ConnectionTrait) -> Result<Clocks, Error> {
    Ok(with_version(reader).await?.0)
}

/// The same, with the version that a change must name.
pub async fn with_version(reader: &impl ConnectionTrait) -> Result<(Clocks, i32), Error> {
    Ok(settings::read(reader, NAME).await?.unwrap_or_default())
}

/// The clocks for a page, up to five seconds old.
pub async fn of(db: &Db) -> Result<Arc<Clocks>, Error> {
    db.kept(load(db.reader())).await
}

/// What a change of the clocks did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// First calls that are due sooner.
    pub calls: usize,
    /// Benefits checks that are due at another time.
    pub checks: usize,
}

/// Sets the clocks. `version` is the one the form was shown with.
///
/// # Errors
/// [`Error::Stale`] when somebody set them in between.
pub async fn change(unit: &mut Unit, clocks: &Clocks, version: i32) -> Result<Moved, Error> {
    let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
    settings::keep(unit, NAME, clocks, version).await?;
    let zone = Center::load(unit.tx()).await?.zone;
    let moved = Moved { calls: calls(unit, clocks, zone).await?, checks: checks(unit, clocks, zone).await? };
    unit.record(
        permit,
        serde_json::json!({ "fields": ["clocks"], "calls": moved.calls, "checks": moved.checks }),
    );
    unit.tell(News::Inbox);
    Ok(moved)
}

/// First calls that nobody has made: never later than they were told.
async fn calls(unit: &Unit, clocks: &Clocks, zone: Zone) -> Result<usize, Error> {
    let mut moved = 0;
    for one in owed(unit, None).await? {
        moved += usize::from(count_anew(unit, clocks, zone, &one, Told::Stands).await?);
    }
    Ok(moved)
}

/// Everyone whose first call is owed and counted: who may be in danger is due now in any case.
async fn owed(unit: &Unit, caller: Option<PersonId>) -> Result<Vec<Request>, Error> {
    let mut owed = request::Entity::find()
        .filter(request::Column::ClosedAt.is_null())
        .filter(request::Column::ReachedAt.is_null())
        .filter(request::Column::Attempts.eq(0))
        // Old inquiries were counted from the day they came in here, and not from when they were asked.
        .filter(request::Column::Channel.ne(Channel::OldRecords))
        .filter(request::Column::Urgency.ne(Urgency::Emergency));
    if let Some(caller) = caller {
        owed = owed.filter(request::Column::CallerId.eq(caller));
    }
    Ok(owed.all(unit.tx()).await?)
}

/// What of an earlier due time stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// They were told by when we call: it is never later.
    Stands,
    /// They said themselves when we may call.
    Over,
}

/// Counts anew when a first call is due, by everything that is known. Whether it moved.
async fn count_anew(
    unit: &Unit,
    clocks: &Clocks,
    zone: Zone,
    one: &Request,
    told: Told,
) -> Result<bool, Error> {
    let reaching = Reaching::of(unit.tx(), one.caller_id).await?;
    let (safe, theirs) = (reaching.hours(), reaching.zone());
    let pauses = waiting::of(unit.tx(), one.id).await?;
    let due = |pauses: &[Stretch], before: Instant| {
        let (at, channel, urgency) = (one.received_at, one.channel, one.urgency);
        let outside = one.outside_hours;
        let asked = Asked { at, channel, urgency, safe: safe.as_ref(), theirs, outside, pauses };
        let due = clocks.first_call(asked, zone);
        if told == Told::Stands { Ord::min(due, before) } else { due }
    };
    let all: Vec<Stretch> = pauses.iter().map(|pause| (pause.began_at, pause.ends())).collect();
    if let Some((open, before)) = pauses.split_last().filter(|(last, _)| last.ended_at.is_none()) {
        let without: Vec<Stretch> = before.iter().map(|pause| (pause.began_at, pause.ends())).collect();
        pause::Entity::update_many()
            .col_expr(pause::Column::DueBefore, Expr::value(due(&without, open.due_before)))
            .filter(pause::Column::Id.eq(open.id))
            .exec(unit.tx())
            .await?;
    }
    let due_at = due(&all, one.due_at);
    if due_at == one.due_at {
        return Ok(false);
    }
    request::Entity::update_many()
        .col_expr(request::Column::DueAt, Expr::value(due_at))
        .col_expr(request::Column::Version, Expr::col(request::Column::Version).add(1))
        .filter(request::Column::Id.eq(one.id))
        .exec(unit.tx())
        .await?;
    Ok(true)
}

async fn checks(unit: &Unit, clocks: &Clocks, zone: Zone) -> Result<usize, Error> {
    let open = benefit_check::Entity::find()
        .filter(benefit_check::Column::AnsweredAt.is_null())
        .all(unit.tx())
        .await?;
    let mut moved = 0;
    for one in open {
        let due_at = clocks.benefits(one.asked_at, zone);
        if due_at != one.due_at {
            benefit_check::Entity::update_many()
                .col_expr(benefit_check::Column::DueAt, Expr::value(due_at))
                .filter(benefit_check::Column::Id.eq(one.id))
                .exec(unit.tx())
                .await?;
            moved += 1;
        }
    }
    Ok(moved)
}

/// The hours in which a person may be called changed by their own word: what is owed to them is due by the new ones, also
/// later than before. Part of the act that changed them.
pub async fn hours_changed(unit: &mut Unit, caller: PersonId) -> Result<(), Error> {
    let theirs = owed(unit, Some(caller)).await?;
    if theirs.is_empty() {
        return Ok(());
    }
    let (zone, clocks) = (Center::load(unit.tx()).await?.zone, load(unit.tx()).await?);
    for one in theirs {
        if count_anew(unit, &clocks, zone, &one, Told::Over).await? {
            unit.tell(News::Inbox);
        }
    }
    Ok(())
}
