//! A center that was restored from a backup. It is on hold until an administrator says that it may go on: no letter leaves,
//! no mailbox is emptied, and nobody but administrators signs in. What was restored, and when, stands in the ledger, so that
//! anchors of after the backup are explained.

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::actor::Actor;
use crate::acts::Act;
use crate::clock::Instant;
use crate::db::Db;
use crate::error::{Error, refused};
use crate::settings;
use crate::subject::Subject;
use crate::unit::Unit;

/// The setting's name.
pub const SETTING: &str = "restored";

/// What letters that wait say meanwhile.
pub const WAITS: &str =
    "The center was restored from a backup. Letters leave when an administrator lets it go on.";

/// A restore, as the center remembers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// When it was restored.
    pub at: Instant,
    /// The moment of the backup: what was written after it is not here.
    pub copied_at: Instant,
    /// How many sealed entries of the ledger the backup has.
    pub place: i64,
    /// Whether it stands in the ledger yet.
    pub noted: bool,
    /// When an administrator let it go on; until then it is on hold.
    pub released_at: Option<Instant>,
}

impl Restored {
    /// The last restore, if there ever was one, with the version of the setting.
    pub async fn last(reader: &impl ConnectionTrait) -> Result<Option<(Self, i32)>, Error> {
        settings::read(reader, SETTING).await
    }

    /// The restore that the center is on hold for.
    pub async fn on_hold(reader: &impl ConnectionTrait) -> Result<Option<Self>, Error> {
        let last = Self::last(reader).await?;
        Ok(last.map(|(restored, _)| restored).filter(|restored| restored.released_at.is_none()))
    }
}

/// Writes a restore into the ledger that does not stand there yet.
pub async fn note(db: &Db) -> Result<(), Error> {
    let Some((restored, version)) = Restored::last(db.reader()).await?.filter(|(last, _)| !last.noted) else {
        return Ok(());
    };
    db.write(&Actor::House, async |unit| {
        let permit = unit.permit(Act::RestoreCenter, &Subject::center())?;
        settings::keep(unit, SETTING, &Restored { noted: true, ..restored.clone() }, version).await?;
        let details = json!({ "copied_at": restored.copied_at, "at": restored.at, "place": restored.place });
        unit.record(permit, details);
        Ok(())
    })
    .await
}

/// Lets a restored center go on: an administrator looked at it.
///
/// # Errors
/// `not_on_hold` when it is not on hold, or not any more.
pub async fn release(unit: &mut Unit) -> Result<Restored, Error> {
    let permit = unit.permit(Act::ReleaseCenter, &Subject::center())?;
    let on_hold = Restored::last(unit.tx()).await?.filter(|(last, _)| last.released_at.is_none());
    let Some((restored, version)) = on_hold else {
        return Err(refused("not_on_hold", "Somebody let the center go on already."));
    };
    let released = Restored { released_at: Some(unit.now()), ..restored };
    settings::keep(unit, SETTING, &released, version).await?;
    unit.record(permit, json!({ "copied_at": released.copied_at }));
    Ok(released)
}
