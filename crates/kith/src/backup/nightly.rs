//! A backup every night, by a setting: made, read back, kept for so many days. How it went is remembered, so that it can be
//! told: a night without a backup is on the administrator's day.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use chrono::{NaiveTime, TimeDelta};
use foundation::center::Center;
use foundation::store::backups::{self, Backups, Night};
use foundation::{Db, Error, Instant};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::writing::{self, With};
use super::{passphrase, restoring};
use crate::settings::Settings;

/// How often it is asked whether it is time.
const ASK_EVERY: Duration = Duration::from_secs(30);
/// A backup that failed is tried again after so long.
const AGAIN: TimeDelta = TimeDelta::hours(1);

/// The nightly backup (`[backup]` in `kith.toml`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Nightly {
    /// The folder they go to, best on another machine's disk; empty when none is made.
    pub folder: PathBuf,
    /// The time of day, by the center's clock.
    pub at: NaiveTime,
    /// Older ones of this folder are removed.
    pub keep_days: u16,
    /// Locks them with the passphrase in the first line of this file.
    pub passphrase_file: PathBuf,
    /// Puts the center's key in as well.
    pub with_key: bool,
}

impl Default for Nightly {
    fn default() -> Self {
        Self {
            folder: PathBuf::new(),
            at: NaiveTime::from_hms_opt(2, 30, 0).unwrap_or_default(),
            keep_days: 30,
            passphrase_file: PathBuf::new(),
            with_key: false,
        }
    }
}

impl Nightly {
    /// Whether one is made at all.
    pub fn is_set(&self) -> bool {
        !self.folder.as_os_str().is_empty()
    }

    /// Refuses what would only show at night.
    pub fn checked(&self) -> anyhow::Result<()> {
        if !self.is_set() {
            return Ok(());
        }
        anyhow::ensure!(self.keep_days > 0, "`backup.keep_days` must be 1 or more");
        anyhow::ensure!(
            !self.with_key || !self.passphrase_file.as_os_str().is_empty(),
            "`backup.with_key` needs `backup.passphrase_file`: whoever has key and records reads everything"
        );
        Ok(())
    }
}

/// Makes a backup every night until `closing`.
pub async fn every_night(db: Db, settings: Settings, closing: CancellationToken) {
    while settings.backup.is_set() && !closing.is_cancelled() {
        match is_due(&db, &settings).await {
            Ok(Some(night)) => {
                let told = make(&db, &settings).await;
                if let Err(why) = &told {
                    tracing::error!(why = format!("{why:#}"), "the nightly backup failed");
                }
                let told = told.map_err(|why| format!("{why:#}"));
                if let Err(e) = backups::note(&db, night, told).await {
                    tracing::error!(error = %e, "how the nightly backup went could not be written down");
                }
            }
            Ok(None) => {}
            Err(e) => tracing::error!(error = %e, "it could not be seen whether a backup is due"),
        }
        tokio::select! {
            () = closing.cancelled() => {}
            () = tokio::time::sleep(ASK_EVERY) => {}
        }
    }
}

/// The night whose backup is due, when this process is the one that makes it.
async fn is_due(db: &Db, settings: &Settings) -> Result<Option<Night>, Error> {
    let zone = Center::of(db).await?.zone;
    let local = db.now().with_timezone(&zone).naive_local();
    // Before its time it is still the night of the day before.
    let day = if local.time() < settings.backup.at { local.date().pred_opt() } else { Some(local.date()) };
    let Some(day) = day else { return Ok(None) };
    backups::claim(db, day, AGAIN).await
}

/// Makes one, reads it back, and removes those that are too old.
async fn make(db: &Db, settings: &Settings) -> anyhow::Result<Backups> {
    let nightly = &settings.backup;
    anyhow::ensure!(nightly.folder.is_dir(), "the folder {} is not there", nightly.folder.display());
    let passphrase = if nightly.passphrase_file.as_os_str().is_empty() {
        None
    } else {
        Some(passphrase::from_file(&nightly.passphrase_file)?)
    };
    if let Some(passphrase) = &passphrase {
        passphrase::ensure_long(passphrase)?;
    }
    let with = With { passphrase: passphrase.clone(), key: nightly.with_key };
    let made = writing::make(db, settings, &nightly.folder, with).await?;
    restoring::check(&made.file, passphrase).await.context("it was made, and cannot be read back")?;
    let file = made.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    if let Err(e) = remove_old(&nightly.folder, made.at - TimeDelta::days(nightly.keep_days.into())) {
        tracing::warn!(error = %e, "old backups could not be removed");
    }
    Ok(Backups { at: made.at, file, bytes: made.bytes })
}

/// Removes the backups of a folder that were made before `before`, by their names. Other files are not touched.
fn remove_old(folder: &Path, before: Instant) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let made = name.to_str().and_then(made_at);
        if made.is_some_and(|at| at < before) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// When a backup of this name was made; `None` when it is not one of ours.
fn made_at(name: &str) -> Option<Instant> {
    let moment = name.strip_prefix("kith-")?;
    let moment = moment.strip_suffix(".age").unwrap_or(moment).strip_suffix(".tar.gz")?;
    chrono::NaiveDateTime::parse_from_str(moment, "%Y-%m-%dT%H%M%SZ").ok().map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_backups_that_are_old_enough_go_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let names = [
            "kith-2026-10-01T023000Z.tar.gz",
            "kith-2026-10-02T023000Z.tar.gz.age",
            "kith-2026-11-20T023000Z.tar.gz",
            "kith-2026-10-01.tar.gz",
            "letters-2026-10-01T023000Z.tar.gz",
        ];
        for name in names {
            std::fs::write(folder.path().join(name), b"").unwrap();
        }
        remove_old(folder.path(), "2026-11-01T00:00:00Z".parse().unwrap()).unwrap();
        let left = names.map(|name| folder.path().join(name).exists());
        assert_eq!(left, [false, false, true, true, true]);
    }
}
