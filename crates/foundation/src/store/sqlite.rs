//! SQLite: bundled, write-ahead log, every commit synced, one writer, readers that cannot write.

use std::path::Path;
use std::time::Duration;

use sea_orm::SqlxSqliteConnector;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::Store;
use crate::error::Error;

/// Connections that only read.
const READERS: u32 = 4;

pub(super) async fn open(path: &Path, synced: bool) -> Result<Store, Error> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL, not NORMAL: with NORMAL a power cut loses commits that were already acknowledged.
        .synchronous(if synced { SqliteSynchronous::Full } else { SqliteSynchronous::Off })
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        // A purged person must not survive in free pages.
        .pragma("secure_delete", "on");
    // One writer: waiting writers queue fairly in the pool instead of racing for the file lock.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(20))
        .connect_with(options.clone())
        .await
        .map_err(|e| broken(&e))?;
    let reader = SqlitePoolOptions::new()
        .max_connections(READERS)
        .acquire_timeout(Duration::from_secs(20))
        .connect_with(options.pragma("query_only", "on").create_if_missing(false))
        .await
        .map_err(|e| broken(&e))?;
    Ok(Store {
        writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
        reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(reader),
    })
}

fn broken(e: &sqlx::Error) -> Error {
    Error::Broken(format!("the database file cannot be opened: {e}"))
}
