//! Makes a backup while everyone works on.

use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use anyhow::Context;
use foundation::store::copying::Part;
use foundation::{Act, Actor, Db, Error, Instant, Subject};
use serde_json::json;
use tokio::sync::mpsc;

use super::packing::{self, Next};
use super::{ANCHOR, BEGIN, Begin, FORMAT, KEY, Member, SETTINGS};
use crate::settings::Settings;

/// What goes into it beside the records.
#[derive(Clone, Default)]
pub struct With {
    /// Locks the file.
    pub passphrase: Option<SecretString>,
    /// The center's key too. Only into a file that is locked.
    pub key: bool,
}

/// A backup that was made.
pub struct Made {
    pub file: PathBuf,
    pub bytes: u64,
    pub rows: u64,
    pub at: Instant,
}

/// Makes a backup: a file of this name, or a file named after this moment in a folder of this name.
pub async fn make(db: &Db, settings: &Settings, to: &Path, with: With) -> anyhow::Result<Made> {
    anyhow::ensure!(
        !with.key || with.passphrase.is_some(),
        "the key goes only into a backup under a passphrase: whoever has both reads everything"
    );
    let at = db.now();
    let file = if to.is_dir() { to.join(name(at, with.passphrase.is_some())) } else { to.to_owned() };
    anyhow::ensure!(!file.exists(), "{} is there already, and is not written over", file.display());
    // Before it is made, so that the backup itself says so.
    let details = json!({ "key": with.key, "passphrase": with.passphrase.is_some() });
    db.write(&Actor::House, async |unit| {
        let permit = unit.permit(Act::MakeBackup, &Subject::center())?;
        unit.record(permit, details);
        Ok(())
    })
    .await?;
    let (members, coming) = mpsc::channel(2);
    let packing = {
        let (file, passphrase) = (file.clone(), with.passphrase.clone());
        tokio::task::spawn_blocking(move || packing::pack(&file, passphrase, coming))
    };
    let copied = copy(db, settings, at, with.key, members).await;
    // When the file could not be written that is why the copy broke off, and its error says more.
    packing.await.context("the file could not be written")??;
    let rows = copied?;
    let bytes = std::fs::metadata(&file)?.len();
    Ok(Made { file, bytes, rows, at })
}

fn name(at: Instant, locked: bool) -> String {
    let end = if locked { ".age" } else { "" };
    format!("kith-{}.tar.gz{end}", at.format("%Y-%m-%dT%H%M%SZ"))
}

/// Says everything there is to keep; how many rows.
async fn copy(
    db: &Db,
    settings: &Settings,
    made_at: Instant,
    key: bool,
    members: mpsc::Sender<Next>,
) -> anyhow::Result<u64> {
    let say = async |member: Member| {
        let said = members.send(Next::Member(member)).await;
        said.map_err(|_| anyhow::anyhow!("the file cannot be written"))
    };
    // Anchors of after this moment are of entries that are not in it.
    let anchor = std::fs::read(settings.anchor_file()).unwrap_or_default();
    let copying = db.store().copy().await?;
    let begin = Begin {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").into(),
        made_at,
        key: db.keyring().print(),
        steps: copying.steps().to_vec(),
        tables: copying.tables().to_vec(),
    };
    say(Member::json(BEGIN, &begin)?).await?;
    if key {
        let file = settings.key_file();
        let bytes = std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        say(Member::of(KEY, bytes)).await?;
    }
    say(Member::of(SETTINGS, settings.masked()?.into_bytes())).await?;
    say(Member::of(ANCHOR, anchor)).await?;
    let (mut rows, mut nth) = (0, 0_u32);
    copying
        .parts(|part: Part| {
            rows += part.rows;
            nth += 1;
            let name = format!("tables/{}/{nth:05}.copy", part.table);
            let member = Member { name, bytes: part.lines, rows: Some((part.table, part.rows)) };
            let said = members.clone();
            async move {
                said.send(Next::Member(member))
                    .await
                    .map_err(|_| Error::Broken("the file cannot be written".into()))
            }
        })
        .await?;
    members.send(Next::End).await.map_err(|_| anyhow::anyhow!("the file cannot be written"))?;
    Ok(rows)
}
