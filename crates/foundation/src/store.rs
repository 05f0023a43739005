//! Opening the database: SQLite inside the program, or PostgreSQL beside it. What must differ sits in the two files below.

pub(crate) mod away;
pub mod backups;
pub mod copying;
pub mod disk;
mod opening;
mod postgres;
mod sqlite;
pub(crate) mod watching;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};
use sea_orm_migration::MigratorTrait;

use crate::error::Error;

pub use away::Away;
pub use opening::{Served, Turn};
pub use watching::Standing;

/// So long a page waits for its turn at the database: whoever looks at it is answered within five seconds, whatever happens.
const PATIENCE: Duration = Duration::from_secs(4);

/// Where the center's data is.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file of the program's own.
    Sqlite(PathBuf),
    /// A file that is being made from nothing and begun anew when that fails: it is not synced. No setting names it.
    Scratch(PathBuf),
    /// A server, by URL (`postgres://…`).
    Postgres(String),
}

impl Place {
    /// A URL as in the settings: `sqlite:path` or `postgres://…`.
    pub fn parse(url: &str) -> Option<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Some(Self::Sqlite(PathBuf::from(path)));
        }
        (url.starts_with("postgres://") || url.starts_with("postgresql://"))
            .then(|| Self::Postgres(url.to_owned()))
    }

    /// The place as it may be shown: without the name and the password in an address.
    pub fn shown(&self) -> String {
        match self {
            Self::Sqlite(file) | Self::Scratch(file) => file.display().to_string(),
            // What stands behind the question mark may hold a password too.
            Self::Postgres(url) => {
                let url = url.split('?').next().unwrap_or_default();
                match (url.find("://"), url.rfind('@')) {
                    (Some(from), Some(at)) if from < at => format!("{}://…{}", &url[..from], &url[at..]),
                    _ => url.to_owned(),
                }
            }
        }
    }
}

/// Two doors to the same data: one that writes and one that cannot.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
    /// On SQLite, how many transactions became true; the connection that writes counts them.
    commits: Option<Arc<AtomicU64>>,
    /// On PostgreSQL, when the server was away.
    doubt: Option<postgres::Doubt>,
    place: Place,
}

impl Store {
    /// Connects; creates the file when it is not there. Tables are not touched, see [`Store::migrate`].
    pub async fn open(place: &Place) -> Result<Self, Error> {
        match place {
            Place::Sqlite(path) => sqlite::open(path, true).await,
            Place::Scratch(path) => sqlite::open(path, false).await,
            Place::Postgres(url) => postgres::open(url).await,
        }
    }

    /// Brings the tables to the newest step, each step in a transaction of its own.
    pub async fn migrate(&self) -> Result<(), Error> {
        match &self.place {
            // A step over a large table takes longer than any handler may.
            Place::Postgres(url) => {
                let patient = postgres::patient(url).await?;
                let done = migrations::Migrator::up(&patient, None).await;
                patient.close().await?;
                Ok(done?)
            }
            _ => Ok(migrations::Migrator::up(&self.writer, None).await?),
        }
    }

    /// Begins a write. On SQLite the write lock is taken at once: a transaction that reads first and writes later
    /// fails without waiting when another writer was in between.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        let options = sea_orm::TransactionOptions {
            sqlite_transaction_mode: Some(sea_orm::SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// Commits what [`Store::begin`] began, and proves it: an answer of the driver alone is no proof on SQLite, where the
    /// release of a savepoint looks the same. The writer is one, so whoever commits is the only one who counts.
    pub(crate) async fn commit(&self, tx: DatabaseTransaction) -> Result<(), Error> {
        let counted = || self.commits.as_ref().map(|commits| commits.load(Ordering::Acquire));
        let before = counted();
        tx.commit().await.map_err(|e| match Error::from(e) {
            // The answer was lost, and with it whether the server had done it.
            Error::Away(Away::Silent) => Error::InDoubt,
            other => other,
        })?;
        if before.is_some() && counted() == before {
            return Err(Error::Broken("a transaction ended inside another one and is not kept".into()));
        }
        Ok(())
    }

    /// Begins a look. In a task of its own: PostgreSQL's driver gives back a connection whose `begin` was cancelled
    /// halfway while it is still inside (sqlx #4394), and whoever reads from it then reads an old moment.
    pub(crate) async fn look(&self) -> Result<DatabaseTransaction, Error> {
        let reader = self.reader.clone();
        let begun = tokio::spawn(async move { reader.begin().await }).await;
        Ok(begun.map_err(|e| Error::Broken(format!("a look could not begin: {e}")))??)
    }

    /// Knocks at the database by a way of its own, past every connection there is, and says in words why nobody opens.
    pub async fn knock(&self) -> Result<(), String> {
        match &self.place {
            Place::Sqlite(file) | Place::Scratch(file) => {
                std::fs::OpenOptions::new().write(true).open(file).map(|_| ()).map_err(|e| e.to_string())
            }
            Place::Postgres(url) => postgres::knock(url).await,
        }
    }

    /// The writing connection itself, for tests that do what a forger would.
    #[cfg(feature = "testing")]
    pub fn raw(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Closes both doors, waiting for what is under way. On SQLite the log is folded into the file first, so that a copy
    /// of the file alone is a copy of everything; [`Error::Busy`] when another program has it open and the log stays.
    pub async fn close(self) -> Result<(), Error> {
        self.reader.clone().close().await?;
        let folded = match self.writer.get_database_backend() {
            sea_orm::DbBackend::Sqlite => sqlite::fold(&self).await,
            _ => Ok(()),
        };
        self.writer.close().await?;
        folded
    }
}
