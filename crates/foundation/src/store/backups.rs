//! How the nightly backup went, as the center remembers it: one process makes it, and every page can say how old it is.

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::acts::Act;
use crate::clock::{Day, Instant};
use crate::db::Db;
use crate::error::Error;
use crate::settings;
use crate::subject::Subject;

/// The setting's name.
const SETTING: &str = "backups";
/// A night without a backup, and half a day to mend it: then it is told.
pub const TOO_OLD: TimeDelta = TimeDelta::hours(36);

/// The last backup that was made and read back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backups {
    pub at: Instant,
    /// The file's name, without its folder.
    pub file: String,
    pub bytes: u64,
}

/// A night whose backup a process makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Night(Day);

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nights {
    /// The last that was made.
    pub last: Option<Backups>,
    /// Why the last try failed, when it did.
    pub fault: Option<String>,
    /// The night a process took last, and when.
    taken: Option<(Day, Instant)>,
    /// The last night whose backup was made.
    done: Option<Day>,
    /// Since when a backup is to be made every night.
    since: Option<Instant>,
}

impl Nights {
    /// What the center remembers; `None` where no backup was ever to be made by itself.
    pub async fn of(reader: &impl ConnectionTrait) -> Result<Option<Self>, Error> {
        Ok(settings::read(reader, SETTING).await?.map(|(nights, _)| nights))
    }

    /// Whether the last one is so old that somebody must look.
    pub fn is_late(&self, now: Instant) -> bool {
        let last = self.last.as_ref().map(|last| last.at).or(self.since);
        last.is_none_or(|at| now - at > TOO_OLD)
    }
}

/// Takes a night for this process; `None` when its backup is made, or another process makes it. A try that failed or broke
/// off is taken up again after `again`.
pub async fn claim(db: &Db, day: Day, again: TimeDelta) -> Result<Option<Night>, Error> {
    let found = settings::read::<Nights>(db.reader(), SETTING).await?;
    let (nights, version) = found.unwrap_or_default();
    let now = db.now();
    let taken = nights.taken.is_some_and(|(night, at)| night == day && now - at < again && now >= at);
    if nights.done.is_some_and(|done| done >= day) || taken {
        return Ok(None);
    }
    let since = nights.since.or(Some(now));
    let mine = keep(db, Nights { taken: Some((day, now)), since, ..nights }, version).await;
    match mine {
        Ok(()) => Ok(Some(Night(day))),
        Err(Error::Stale) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Writes down how a night's backup went.
pub async fn note(db: &Db, night: Night, told: Result<Backups, String>) -> Result<(), Error> {
    let (nights, version) = settings::read::<Nights>(db.reader(), SETTING).await?.unwrap_or_default();
    let now = match told {
        Ok(made) => Nights { last: Some(made), fault: None, done: Some(night.0), ..nights },
        Err(fault) => Nights { fault: Some(fault), ..nights },
    };
    keep(db, now, version).await
}

async fn keep(db: &Db, nights: Nights, version: i32) -> Result<(), Error> {
    db.write(&Actor::House, async |unit| {
        let permit = unit.permit(Act::MakeBackup, &Subject::center())?;
        settings::keep(unit, SETTING, &nights, version).await?;
        unit.record(permit, serde_json::json!({ "made": nights.last.is_some() && nights.fault.is_none() }));
        Ok(())
    })
    .await
}
