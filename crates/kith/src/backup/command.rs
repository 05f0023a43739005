//! `kith backup` and `kith restore`.

use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use clap::{Args, Subcommand};

use super::writing::{self, With};
use super::{passphrase, restoring, unpacking, verifying};
use crate::opened::Opened;
use crate::serving;
use crate::settings::Settings;

/// What a backup is to be.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Backup {
    #[command(subcommand)]
    what: Option<What>,
    /// A file that is not there yet, or a folder in which it is named after this moment
    #[arg(required = true)]
    to: Option<PathBuf>,
    /// Lock it with a passphrase, asked for at the terminal unless a file is named
    #[arg(long)]
    lock: bool,
    /// The first line of this file is the passphrase
    #[arg(long)]
    passphrase_file: Option<PathBuf>,
    /// Put the center's key in as well; only into a file that is locked
    #[arg(long)]
    with_key: bool,
}

#[derive(Subcommand)]
enum What {
    /// Prove that a backup can be restored: restore it into a folder that is thrown away, count, and walk its ledger
    Verify {
        file: PathBuf,
        /// The first line of this file is the passphrase
        #[arg(long)]
        passphrase_file: Option<PathBuf>,
    },
}

/// Which backup is restored.
#[derive(Args)]
pub struct Restore {
    /// The backup
    from: PathBuf,
    /// The first line of this file is the passphrase
    #[arg(long)]
    passphrase_file: Option<PathBuf>,
}

impl Backup {
    /// Makes a backup, or checks one.
    pub async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        if let Some(What::Verify { file, passphrase_file }) = self.what {
            let passphrase = opening(&file, passphrase_file.as_deref())?;
            return verifying::verify(settings, &file, passphrase).await;
        }
        let to = self.to.unwrap_or_default();
        let locked = self.lock || self.with_key || self.passphrase_file.is_some();
        let passphrase =
            if locked { Some(passphrase::given(self.passphrase_file.as_deref())?) } else { None };
        if let Some(passphrase) = &passphrase {
            passphrase::ensure_long(passphrase)?;
        }
        let db = Opened::existing(settings).await?.db;
        let with = With { passphrase, key: self.with_key };
        let made = writing::make(&db, settings, &to, with).await;
        serving::close(db.store().clone()).await;
        let made = made?;
        println!("{}: {} rows, {} bytes.", made.file.display(), made.rows, made.bytes);
        if !locked {
            println!(
                "Names and phone numbers stand in it in clear. Keep it where only those may read who may read the center's \
                 records, or lock it: --lock."
            );
        }
        if !self.with_key {
            println!("The key is not in it: keep a copy of center.key apart, without it nobody can restore.");
        }
        Ok(())
    }
}

impl Restore {
    /// Restores into an empty place.
    pub async fn run(self, settings: &Settings) -> anyhow::Result<()> {
        let passphrase = opening(&self.from, self.passphrase_file.as_deref())?;
        restoring::restore(settings, &self.from, passphrase).await
    }
}

/// The passphrase of a file that is under one.
fn opening(file: &Path, passphrase_file: Option<&Path>) -> anyhow::Result<Option<SecretString>> {
    if !unpacking::is_sealed(file)? {
        return Ok(None);
    }
    passphrase::given(passphrase_file).map(Some)
}
