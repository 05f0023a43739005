//! Proves that a backup can be restored: it is restored, into a folder that is thrown away, and its ledger is walked.

use std::path::Path;

use age::secrecy::SecretString;
use foundation::ledger::{anchoring, verifying};
use foundation::sealed::{Keyring, center_key};
use foundation::{Chance, Clock, Db, Place, Store};

use super::restoring;
use super::unpacking::Contents;
use crate::settings::Settings;

/// `kith backup verify`.
pub async fn verify(
    settings: &Settings,
    file: &Path,
    passphrase: Option<SecretString>,
) -> anyhow::Result<()> {
    let contents = restoring::check(file, passphrase.clone()).await?;
    // Names and numbers stand in it in clear: for its owner alone.
    let folder = tempfile::Builder::new().prefix("kith-verify").tempdir()?;
    let place = Place::Scratch(folder.path().join("kith.db"));
    restoring::fill(&place, file, passphrase, &contents, None).await?;
    let anchors = folder.path().join("anchor.log");
    std::fs::write(&anchors, &contents.anchor)?;
    let anchors = anchoring::read(&anchors)?;
    let keyring = key(settings, &contents)?;
    let with_key = keyring.is_some();
    let db = Db::new(
        Store::open(&place).await?,
        Clock::system(),
        Chance::system()?,
        keyring.unwrap_or_else(|| Keyring::new([0; 32])),
    );
    let verdict = if with_key {
        verifying::verify(&db, &anchors).await?
    } else {
        verifying::verify_without_key(&db, &anchors).await?
    };
    db.store().clone().close().await?;
    say(&contents, with_key);
    println!("Ledger: {} entries sealed, {} anchors compared.", verdict.sound, verdict.anchors);
    for finding in &verdict.findings {
        println!("FOUND in the ledger: {finding}");
    }
    anyhow::ensure!(verdict.holds(), "the ledger of this backup was altered");
    println!("The backup is whole and can be restored.");
    Ok(())
}

/// The center's key: of the backup, or of this place when it is the same center's.
fn key(settings: &Settings, contents: &Contents) -> anyhow::Result<Option<Keyring>> {
    if let Some(bytes) = &contents.key {
        let key = bytes.as_slice().try_into().map_err(|_| anyhow::anyhow!("the key in it is damaged"))?;
        let keyring = Keyring::new(key);
        anyhow::ensure!(keyring.print() == contents.begin.key, "the key in it is that of another center");
        return Ok(Some(keyring));
    }
    let here = center_key::read(&settings.key_file()).ok().flatten();
    Ok(here.filter(|keyring| keyring.print() == contents.begin.key))
}

fn say(contents: &Contents, with_key: bool) {
    let rows = |table: &str| contents.end.rows.get(table).copied().unwrap_or(0);
    println!(
        "Made at {} by version {}: {} people, {} requests, {} clients, {} letters, {} staff; {} rows in {} tables.",
        contents.begin.made_at.format("%Y-%m-%d %H:%M UTC"),
        contents.begin.version,
        rows("people"),
        rows("requests"),
        rows("clients"),
        rows("messages"),
        rows("staff"),
        contents.end.rows.values().sum::<u64>(),
        contents.end.rows.len()
    );
    match (&contents.key, with_key) {
        (Some(_), _) => println!("It holds the center's key."),
        (None, true) => println!("It does not hold the center's key; that of this folder fits."),
        (None, false) => println!(
            "It does not hold the center's key (print {}), so who wrote the ledger's entries could not be checked.",
            contents.begin.key
        ),
    }
}
