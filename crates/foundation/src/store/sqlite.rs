//! SQLite: bundled, write-ahead log, every commit synced, one writer, readers that cannot write.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, SqlxSqliteConnector, Statement};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::{Place, Store};
use crate::error::Error;

/// Connections that only read: each has a thread of its own, and while one hands a row over another can look.
fn readers() -> u32 {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    u32::try_from((2 * cores).clamp(4, 16)).unwrap_or(4)
}

/// Names and phone numbers stand in the file and its log in clear: its owner alone may read them, whatever the folder
/// allows and whoever made the file. SQLite gives the log the mode of the file.
fn keep_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        match std::fs::set_permissions(&name, std::fs::Permissions::from_mode(0o600)) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            other => other?,
        }
    }
    Ok(())
}

/// Folds the log into the file, so that the file alone is whole.
pub(super) async fn fold(store: &Store) -> Result<(), Error> {
    let fold = Statement::from_string(DbBackend::Sqlite, "PRAGMA wal_checkpoint(TRUNCATE)");
    let told = store.writer.query_one_raw(fold).await?;
    let busy = told.map(|row| row.try_get_by_index::<i32>(0)).transpose()?.unwrap_or(0);
    if busy != 0 {
        // Somebody else has the file open: the log stays beside it, and whoever closes it last folds it in.
        return Err(Error::Busy);
    }
    Ok(())
}

pub(super) async fn open(path: &Path, synced: bool) -> Result<Store, Error> {
    keep_private(path).map_err(|e| {
        Error::Broken(format!("the database file {} cannot be kept private: {e}", path.display()))
    })?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL, not NORMAL: with NORMAL a power cut loses commits that were already acknowledged.
        .synchronous(if synced { SqliteSynchronous::Full } else { SqliteSynchronous::Off })
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(3))
        // 8 MiB a connection: the pages of a busy hour.
        .pragma("cache_size", "-8192")
        // Copying the log back stops the writer, and whoever opens a record waits for the writer: rarely, at 32 MiB, and
        // not many times a second. A commit is synced into the log either way.
        .pragma("wal_autocheckpoint", "8000")
        // A purged person must not survive in free pages.
        .pragma("secure_delete", "on");
    let commits = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&commits);
    // One writer: waiting writers queue fairly in the pool instead of racing for the file lock.
    let writer = pool(1)
        .after_connect(move |connection, _| {
            let counted = Arc::clone(&counted);
            Box::pin(async move {
                // SQLite calls it for the commit of the outermost transaction alone, never for a savepoint's.
                connection.lock_handle().await?.set_commit_hook(move || {
                    counted.fetch_add(1, Ordering::AcqRel);
                    true
                });
                Ok(())
            })
        })
        .connect_with(options.clone())
        .await
        .map_err(|e| broken(&e))?;
    let reader = pool(readers())
        .connect_with(options.pragma("query_only", "on").create_if_missing(false))
        .await
        .map_err(|e| broken(&e))?;
    Ok(Store {
        writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
        reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(reader),
        commits: Some(commits),
        doubt: None,
        place: if synced { Place::Sqlite(path.to_owned()) } else { Place::Scratch(path.to_owned()) },
    })
}

/// When a statement fails for want of space SQLite ends the transaction by itself, the driver's ROLLBACK is then refused,
/// and sqlx 0.9.0 counts the transaction as open for ever: the next BEGIN would be a savepoint inside a transaction that
/// nobody commits. Such a connection is closed before anybody gets it. The driver has done every rollback by the time a
/// connection rests in the pool, so the depth seen here is the true one.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        // A file does not go away between two statements; asking it each time would cost as much as a statement.
        .test_before_acquire(false)
        .acquire_timeout(super::PATIENCE)
        .before_acquire(|connection, _| {
            let outside = !connection.is_in_transaction();
            Box::pin(async move { Ok(outside) })
        })
}

fn broken(e: &sqlx::Error) -> Error {
    Error::Broken(format!("the database file cannot be opened: {e}"))
}

#[cfg(test)]
mod tests;
