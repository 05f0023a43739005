//! PostgreSQL: a pool that writes, guarded against connections that come back inside a transaction, and one that cannot.

use std::time::Duration;

use sea_orm::SqlxPostgresConnector;
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};

use super::{Place, Store};
use crate::error::Error;

/// Connections that write, and that read.
const WRITERS: u32 = 6;
const READERS: u32 = 10;
/// So long one knock may take.
const KNOCK: Duration = Duration::from_secs(3);
/// A connection that rested longer is asked whether it still lives before it is used.
const RESTED: Duration = Duration::from_secs(2);

/// Connects once and says why that did not go, in the words of the way there.
pub(super) async fn knock(url: &str) -> Result<(), String> {
    let options: PgConnectOptions = url.parse().map_err(|e: sqlx::Error| e.to_string())?;
    let knocked = tokio::time::timeout(KNOCK, PgConnection::connect_with(&options)).await;
    match knocked {
        Ok(Ok(connection)) => connection.close().await.map_err(|e| e.to_string()),
        Ok(Err(e)) => Err(e.to_string()),
        Err(_) => Err("it does not answer".into()),
    }
}

pub(super) async fn open(url: &str) -> Result<Store, Error> {
    let options: PgConnectOptions = url.parse().map_err(|e| broken(&e))?;
    // A pool asks again and again until its patience ends, and then says nothing of the cause.
    knock(url).await.map_err(|cause| Error::Broken(format!("PostgreSQL cannot be reached: {cause}")))?;
    let options = options.options([
        // A handler that hangs must not hold its locks for ever.
        ("statement_timeout", "30000"),
        ("idle_in_transaction_session_timeout", "60000"),
        // Whatever the server, the role or the URL say: nobody is told before it is on the disk.
        ("synchronous_commit", "on"),
    ]);
    let writer = pool(WRITERS)
        // sqlx 0.9.0 returns a connection whose `begin` was cancelled while still inside the transaction
        // (sqlx #4394); a ROLLBACK outside a transaction is only a warning.
        .after_release(|connection, _| {
            Box::pin(async move {
                sqlx::Executor::execute(connection, "ROLLBACK").await?;
                Ok(true)
            })
        })
        .connect_with(options.clone())
        .await
        .map_err(|e| broken(&e))?;
    // The server refuses readers every write, and shows a look one moment however many statements it has.
    let looking =
        [("default_transaction_read_only", "on"), ("default_transaction_isolation", "repeatable read")];
    let reader = pool(READERS).connect_with(options.options(looking)).await.map_err(|e| broken(&e))?;
    Ok(Store {
        writer: SqlxPostgresConnector::from_sqlx_postgres_pool(writer),
        reader: SqlxPostgresConnector::from_sqlx_postgres_pool(reader),
        commits: None,
        place: Place::Postgres(url.to_owned()),
    })
}

fn pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(super::PATIENCE)
        // Asking each time whether it lives would cost a journey to the server for every statement.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > RESTED {
                    sqlx::Connection::ping(connection).await?;
                }
                Ok(true)
            })
        })
}

pub(super) fn broken(e: &sqlx::Error) -> Error {
    Error::Broken(format!("PostgreSQL cannot be reached: {e}"))
}
