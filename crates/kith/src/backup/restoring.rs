//! Puts a backup into an empty place. What comes of it is on hold until an administrator has looked at it.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use anyhow::Context;
use foundation::ledger::{anchoring, sealing, verifying};
use foundation::restored::{self, Restored};
use foundation::sealed::center_key;
use foundation::store::copying::{Filling, Table};
use foundation::{Error, Instant, Place, Store};
use tokio::sync::mpsc;

use super::unpacking::{self, Contents};
use super::{Begin, Member, table_of};
use crate::opened::Opened;
use crate::serving;
use crate::settings::Settings;

/// `kith restore`.
pub async fn restore(
    settings: &Settings,
    from: &Path,
    passphrase: Option<SecretString>,
) -> anyhow::Result<()> {
    let place = settings.place()?;
    if let Place::Sqlite(file) = &place
        && place.is_made().await?
    {
        anyhow::bail!(
            "There is a center at {} already. A backup is only ever restored into an empty place; nothing was changed.",
            file.display()
        );
    }
    crate::opened::private_folder(&settings.data)?;
    // Read to its end before anything is touched.
    let contents = check(from, passphrase.clone()).await?;
    take_key(settings, &contents)?;
    let turn = place.turn().await?;
    let now = crate::opened::clock(settings).now();
    match &place {
        Place::Sqlite(file) | Place::Scratch(file) => {
            let half = beside(file);
            _ = std::fs::remove_file(&half);
            fill(&Place::Scratch(half.clone()), from, passphrase, &contents, Some(now)).await?;
            std::fs::File::open(&half)?.sync_all()?;
            std::fs::rename(&half, file)?;
            if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::File::open(folder)?.sync_all()?;
            }
        }
        Place::Postgres(_) => fill(&place, from, passphrase, &contents, Some(now)).await?,
    }
    drop(turn);
    keep_anchors(&settings.anchor_file(), &contents)?;
    finish(settings, &contents).await
}

/// The key must be there before the records are: without it they would be no use to anybody.
fn take_key(settings: &Settings, contents: &Contents) -> anyhow::Result<()> {
    let file = settings.key_file();
    let wanted = &contents.begin.key;
    match (center_key::read(&file)?, &contents.key) {
        (Some(found), _) => anyhow::ensure!(
            found.print() == *wanted,
            "{} is the key of another center (its print is {}); this backup wants the key with the print {wanted}. \
             Nothing was changed.",
            file.display(),
            found.print()
        ),
        (None, Some(key)) => {
            center_key::put(&file, key)?;
        }
        (None, None) => anyhow::bail!(
            "This backup does not hold the center's key. Put the key with the print {wanted} to {} first, from the copy \
             you keep apart. Nothing was changed.",
            file.display()
        ),
    }
    Ok(())
}

/// The anchors of the backup, where none are: those of another volume know more.
fn keep_anchors(file: &Path, contents: &Contents) -> anyhow::Result<()> {
    if file.exists() || contents.anchor.is_empty() {
        return Ok(());
    }
    let mut out = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    out.write_all(&contents.anchor)?;
    Ok(out.sync_all()?)
}

/// Writes down that it was restored, checks the ledger, and says what comes next.
async fn finish(settings: &Settings, contents: &Contents) -> anyhow::Result<()> {
    let db = Opened::made(settings).await?.db;
    restored::note(&db).await?;
    let verdict = verifying::verify_with(&db, &settings.anchor_file()).await?;
    sealing::seal(&db).await?;
    let head = sealing::head(&db).await?;
    anchoring::anchor(&settings.anchor_file(), &head, db.now())?;
    serving::close(db.store().clone()).await;
    let rows: u64 = contents.end.rows.values().sum();
    println!(
        "Restored {rows} rows, as they were at {}.",
        contents.begin.made_at.format("%Y-%m-%d %H:%M UTC")
    );
    for finding in &verdict.findings {
        println!("FOUND in the ledger: {finding}");
    }
    println!(
        "The center is on hold: no letter leaves, and only administrators can sign in. Start it, sign in, look at it, and \
         let it go on (My day)."
    );
    anyhow::ensure!(verdict.holds(), "the ledger of this backup was altered");
    Ok(())
}

/// Reads a backup to its end.
pub(super) async fn check(from: &Path, passphrase: Option<SecretString>) -> anyhow::Result<Contents> {
    let from = from.to_owned();
    tokio::task::spawn_blocking(move || unpacking::unpack(&from, passphrase.as_ref(), |_, _| Ok(()))).await?
}

/// Fills a place with what was checked, and brings its tables to the newest step. On hold since a moment, unless it is only looked
/// at.
pub(super) async fn fill(
    place: &Place,
    from: &Path,
    passphrase: Option<SecretString>,
    contents: &Contents,
    on_hold: Option<Instant>,
) -> anyhow::Result<()> {
    let begin = &contents.begin;
    let mut filling = Filling::begin(place, &begin.steps, &begin.tables).await?;
    let (parts, mut coming) = mpsc::channel::<Member>(2);
    let reading = {
        let from = from.to_owned();
        tokio::task::spawn_blocking(move || {
            unpacking::unpack(&from, passphrase.as_ref(), |_, part| {
                parts.blocking_send(part).map_err(|_| anyhow::anyhow!("the database takes no more"))
            })
        })
    };
    let mut sealed = 0;
    let put = async {
        while let Some(part) = coming.recv().await {
            let table = named(begin, table_of(&part.name).unwrap_or_default())?;
            let lines = match (table.name.as_str(), on_hold) {
                ("settings", Some(_)) => without_hold(table, &part.bytes),
                ("ledger_seals", _) => {
                    sealed += part.rows.map_or(0, |(_, rows)| rows);
                    part.bytes
                }
                _ => part.bytes,
            };
            filling.put(table, &lines).await?;
        }
        Ok::<_, anyhow::Error>(())
    };
    let put = put.await;
    drop(coming);
    let read = reading.await?;
    put?;
    read?;
    if let Some(now) = on_hold {
        filling.put(named(begin, "settings")?, &hold(begin, sealed, now)?).await?;
    }
    filling.done().await?;
    let store = Store::open(place).await?;
    store.migrate().await.context("the tables could not be brought to the newest step")?;
    store.close().await?;
    Ok(())
}

fn named<'a>(begin: &'a Begin, name: &str) -> Result<&'a Table, Error> {
    let found = begin.tables.iter().find(|table| table.name == name);
    found.ok_or_else(|| Error::Broken(format!("the backup does not say what the table {name} is")))
}

/// The settings without what an earlier restore left there.
fn without_hold(settings: &Table, lines: &[u8]) -> Vec<u8> {
    let name = settings.columns.iter().position(|column| column.name == "name");
    let is_hold = |line: &&[u8]| {
        name.and_then(|nth| line.split(|b| *b == b'\t').nth(nth)) == Some(restored::SETTING.as_bytes())
    };
    lines.split_inclusive(|b| *b == b'\n').filter(|line| !is_hold(line)).flatten().copied().collect()
}

/// The line of the settings that keeps the center on hold.
fn hold(begin: &Begin, sealed: u64, now: Instant) -> anyhow::Result<Vec<u8>> {
    let restored = Restored {
        at: now,
        copied_at: begin.made_at,
        place: i64::try_from(sealed)?,
        noted: false,
        released_at: None,
    };
    let settings = named(begin, "settings")?;
    let field = |name: &str| match name {
        "name" => Ok(restored::SETTING.to_owned()),
        // No text in it holds a tab or a backslash.
        "value" => serde_json::to_string(&restored).map_err(anyhow::Error::from),
        "changed_at" => Ok(now.to_rfc3339()),
        "version" => Ok("1".to_owned()),
        other => anyhow::bail!("the settings have a column {other} that is not known"),
    };
    let fields: Vec<String> =
        settings.columns.iter().map(|column| field(&column.name)).collect::<anyhow::Result<_>>()?;
    Ok(format!("{}\n", fields.join("\t")).into_bytes())
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".restoring");
    name.into()
}
