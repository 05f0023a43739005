//! PostgreSQL: one pool for both doors, guarded against connections that come back inside a transaction.

use std::time::Duration;

use sea_orm::SqlxPostgresConnector;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::Store;
use crate::error::Error;

const CONNECTIONS: u32 = 10;

pub(super) async fn open(url: &str) -> Result<Store, Error> {
    let options: PgConnectOptions = url.parse().map_err(|e| broken(&e))?;
    let options = options.options([
        // A handler that hangs must not hold its locks for ever.
        ("statement_timeout", "30000"),
        ("idle_in_transaction_session_timeout", "60000"),
        // Whatever the server, the role or the URL say: nobody is told before it is on the disk.
        ("synchronous_commit", "on"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(20))
        // sqlx 0.9.0 returns a connection whose `begin` was cancelled while still inside the transaction
        // (sqlx #4394); a ROLLBACK outside a transaction is only a warning.
        .after_release(|connection, _| {
            Box::pin(async move {
                sqlx::Executor::execute(connection, "ROLLBACK").await?;
                Ok(true)
            })
        })
        .connect_with(options)
        .await
        .map_err(|e| broken(&e))?;
    let both = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    Ok(Store { writer: both.clone(), reader: both })
}

fn broken(e: &sqlx::Error) -> Error {
    Error::Broken(format!("PostgreSQL cannot be reached: {e}"))
}
