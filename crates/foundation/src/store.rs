//! Opening the database: SQLite inside the program, or PostgreSQL beside it. What must differ sits in the two files below.

mod postgres;
mod sqlite;

use std::path::PathBuf;

use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};
use sea_orm_migration::MigratorTrait;

use crate::error::Error;

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
}

/// Two doors to the same data: one that writes and one that cannot.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) writer: DatabaseConnection,
    pub(crate) reader: DatabaseConnection,
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
        Ok(migrations::Migrator::up(&self.writer, None).await?)
    }

    /// How many steps are still to be taken.
    pub async fn pending(&self) -> Result<usize, Error> {
        Ok(migrations::Migrator::get_pending_migrations(&self.writer).await?.len())
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

    /// Begins a look. In a task of its own: PostgreSQL's driver gives back a connection whose `begin` was cancelled
    /// halfway while it is still inside (sqlx #4394), and whoever reads from it then reads an old moment.
    pub(crate) async fn look(&self) -> Result<DatabaseTransaction, Error> {
        let reader = self.reader.clone();
        let begun = tokio::spawn(async move { reader.begin().await }).await;
        Ok(begun.map_err(|e| Error::Broken(format!("a look could not begin: {e}")))??)
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
