//! The center: its names, zone and neutral voice. One row of settings, read by every room.

use std::sync::Arc;

use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};

use crate::acts::Act;
use crate::clock::Zone;
use crate::db::Db;
use crate::error::Error;
use crate::settings;
use crate::subject::Subject;
use crate::unit::Unit;

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
        Ok(Self::with_version(reader).await?.0)
    }

    /// The center, and the version that a change must name.
    pub async fn with_version(reader: &impl ConnectionTrait) -> Result<(Self, i32), Error> {
        settings::read(reader, "center").await?.ok_or(Error::NotFound)
    }

    /// Changes the center. `version` is the one the form was shown with: if someone saved in between, nothing is written.
    pub async fn change(&self, unit: &mut Unit, version: i32) -> Result<(), Error> {
        let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
        settings::replace(unit, "center", self, version).await?;
        unit.record(permit, serde_json::json!({ "fields": ["center"] }));
        Ok(())
    }

    /// The same for pages, which may go by what was read up to five seconds ago.
    pub async fn of(db: &Db) -> Result<Arc<Self>, Error> {
        db.kept(Self::load(db.reader())).await
    }

    /// Writes the center down for the first time. `Error::Exists` when it is set up already.
    pub async fn found(&self, unit: &mut Unit) -> Result<(), Error> {
        let permit = unit.permit(Act::SetUpCenter, &Subject::center())?;
        settings::begin(unit, "center", self).await?;
        unit.record(permit, serde_json::json!({}));
        Ok(())
    }
}
