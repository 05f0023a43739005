//! A clock that jumps: it is noticed, written down and told, and whoever was signed in signs in again, so that no session
//! that ended comes alive because the time went back.

use chrono::TimeDelta;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Clock, Instant};
use crate::actor::Actor;
use crate::acts::Act;
use crate::db::Db;
use crate::error::Error;
use crate::ids::EntryId;
use crate::ledger::{entry, sealing};
use crate::staff::sessions;
use crate::subject::Subject;

/// So much the clock may be set right without a word: a machine that asks the time corrects itself by less.
const SET_RIGHT: TimeDelta = TimeDelta::minutes(2);
/// How many jumps are told at the most.
const TOLD: u64 = 5;

/// Compares the clock with one that only counts.
#[derive(Debug)]
pub struct Watch {
    clock: Instant,
    counted: std::time::Instant,
}

/// A jump as it was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jump {
    /// When it was noticed, by the clock as it is after it.
    pub at: Instant,
    /// How far, negative when the time went back.
    pub by: TimeDelta,
}

impl Watch {
    /// Begins at this moment.
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.now(), counted: std::time::Instant::now() }
    }

    /// How far the clock jumped since the last look; `None` while it goes as time goes.
    pub fn look(&mut self, clock: &Clock) -> Option<TimeDelta> {
        self.compare(clock.now(), std::time::Instant::now())
    }

    fn compare(&mut self, now: Instant, counted: std::time::Instant) -> Option<TimeDelta> {
        let passed = TimeDelta::from_std(counted - self.counted).unwrap_or(TimeDelta::MAX);
        let jump = (now - self.clock) - passed;
        (self.clock, self.counted) = (now, counted);
        (jump.abs() > SET_RIGHT).then_some(jump)
    }
}

/// How far the clock went back while the program did not run: what was written last is of a time that has not come yet.
pub async fn since_the_last_run(db: &Db) -> Result<Option<TimeDelta>, Error> {
    let last = sealing::sealed_last(db).await?;
    Ok(last.map(|at| db.now() - at).filter(|passed| *passed < -SET_RIGHT))
}

/// Writes the jump down, and ends every session that the jump would bring back to life or has ended already.
pub async fn note(db: &Db, by: TimeDelta) -> Result<(), Error> {
    db.write(&Actor::House, async |unit| {
        let permit = unit.permit(Act::NoticeClock, &Subject::center())?;
        let ended = if by < TimeDelta::zero() || by > sessions::IDLE {
            sessions::end_everyone(unit).await?
        } else {
            0
        };
        unit.record(permit, serde_json::json!({ "seconds": by.num_seconds(), "sessions": ended }));
        Ok(())
    })
    .await
}

/// The jumps of the last week, newest first; also those that seem to come from the time ahead.
pub async fn lately(reader: &impl ConnectionTrait, now: Instant) -> Result<Vec<Jump>, Error> {
    let week = TimeDelta::days(7);
    // Keys are in the order of time: the center has many entries, and these are few.
    let since = u128::try_from((now - week).timestamp_millis()).unwrap_or_default();
    let since = EntryId(uuid::Uuid::from_u128(since << 80));
    let rows = entry::Entity::find()
        .filter(entry::Column::Id.gt(since))
        .filter(entry::Column::Act.eq(Act::NoticeClock))
        .filter(entry::Column::SubjectId.eq(Subject::center().id))
        .filter(entry::Column::At.between(now - week, now + week))
        .order_by_desc(entry::Column::Id)
        .limit(TOLD)
        .all(reader)
        .await?;
    let seconds = |row: &entry::Model| row.details.get("seconds").and_then(serde_json::Value::as_i64);
    Ok(rows
        .iter()
        .filter_map(|row| Some(Jump { at: row.at, by: TimeDelta::try_seconds(seconds(row)?)? }))
        .collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_that_is_set_right_is_no_jump_and_three_hours_back_are_one() {
        let clock = Clock::set("2026-03-02T12:00:00Z".parse().unwrap());
        let mut watch = Watch::new(&clock);
        let (at, counted) = (watch.clock, watch.counted);
        let after = |seconds: u64| counted + Duration::from_secs(seconds);
        assert_eq!(watch.compare(at + TimeDelta::seconds(5), after(5)), None);
        assert_eq!(watch.compare(at + TimeDelta::seconds(70), after(10)), None);
        let back = watch.compare(at + TimeDelta::seconds(75) - TimeDelta::hours(3), after(15));
        assert_eq!(back, Some(-TimeDelta::hours(3)));
        // Noticed once, and from then on it goes as time goes.
        assert_eq!(watch.compare(at + TimeDelta::seconds(80) - TimeDelta::hours(3), after(20)), None);
        let ahead = watch.compare(at + TimeDelta::days(6), after(25));
        assert!(ahead.is_some_and(|by| by > TimeDelta::days(6)), "{ahead:?}");
    }
}
