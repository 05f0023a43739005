//! SQLite: bundled, write-ahead log, every commit synced, one writer, readers that cannot write.

use std::path::Path;
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, SqlxSqliteConnector, Statement};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::Store;
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
        .busy_timeout(Duration::from_secs(5))
        // 8 MiB a connection: the pages of a busy hour.
        .pragma("cache_size", "-8192")
        // Copying the log back stops the writer, and whoever opens a record waits for the writer: rarely, at 32 MiB, and
        // not many times a second. A commit is synced into the log either way.
        .pragma("wal_autocheckpoint", "8000")
        // A purged person must not survive in free pages.
        .pragma("secure_delete", "on");
    // One writer: waiting writers queue fairly in the pool instead of racing for the file lock.
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        // A file does not go away between two statements; asking it each time would cost as much as a statement.
        .test_before_acquire(false)
        .acquire_timeout(Duration::from_secs(20))
        .connect_with(options.clone())
        .await
        .map_err(|e| broken(&e))?;
    let reader = SqlitePoolOptions::new()
        .max_connections(readers())
        .test_before_acquire(false)
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
