//! The center: its names, zone and neutral voice. One row of settings, read by every room.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use serde::{Deserialize, Serialize};

use crate::acts::Act;
use crate::clock::{Instant, Zone};
use crate::db::Db;
use crate::error::Error;
use crate::subject::Subject;
use crate::unit::Unit;

mod setting {
    //! A row of settings: a name and its JSON.
    use sea_orm::entity::prelude::*;

    use crate::clock::Instant;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "settings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: Json,
        pub changed_at: Instant,
        pub version: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How long a page may go by settings that another process has changed since.
const KEPT: TimeDelta = TimeDelta::seconds(5);

/// The settings as read a moment ago: every page needs them, and they hardly ever change.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Option<(Instant, Arc<Center>)>>);

/// What the center is called, and what it is called in front of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Center {
    /// The legal name: on notices and third-party copies only.
    pub name: String,
    /// The name that gives nothing away: sender of mail, title of public pages.
    pub neutral_name: String,
    /// The phone line that gives nothing away.
    pub neutral_phone: String,
    /// The address mail comes from.
    pub mail_from: String,
    /// The zone of the house: its days, its dates.
    pub zone: Zone,
    /// Where Leave this page goes: a site without anything personal on it.
    pub leave_to: String,
}

impl Center {
    /// The center as set up, or [`Error::NotFound`] before `/setup`.
    pub async fn load(reader: &impl ConnectionTrait) -> Result<Self, Error> {
        let row = setting::Entity::find_by_id("center").one(reader).await?.ok_or(Error::NotFound)?;
        serde_json::from_value(row.value).map_err(|e| Error::Broken(format!("the center's settings: {e}")))
    }

    /// The same for pages, which may go by what was read up to five seconds ago.
    pub async fn of(db: &Db) -> Result<Arc<Self>, Error> {
        let now = db.now();
        let kept = db.kept_center();
        if let Some((at, center)) = kept.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && (*at..*at + KEPT).contains(&now)
        {
            return Ok(Arc::clone(center));
        }
        let center = Arc::new(Self::load(db.reader()).await?);
        *kept.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&center)));
        Ok(center)
    }

    /// Writes the center down for the first time. `Error::Exists` when it is set up already.
    pub async fn found(&self, unit: &mut Unit) -> Result<(), Error> {
        let permit = unit.permit(Act::SetUpCenter, &Subject::center())?;
        let value = serde_json::to_value(self).map_err(|e| Error::Broken(e.to_string()))?;
        unit.insert(setting::ActiveModel {
            name: Set("center".into()),
            value: Set(value),
            changed_at: Set(unit.now()),
            version: Set(1),
        })
        .await?;
        unit.record(permit, serde_json::json!({}));
        Ok(())
    }
}
