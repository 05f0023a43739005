//! PostgreSQL: a pool that writes, guarded against connections that come back inside a transaction, and one that cannot.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sea_orm::{DatabaseConnection, SqlxPostgresConnector};
use sqlx::Connection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};

use super::{Place, Store};
use crate::error::Error;

/// Connections that write, and that read.
const WRITERS: u32 = 6;
const READERS: u32 = 10;
/// So long after the server was away no connection is trusted unasked.
const DOUBTED: Duration = Duration::from_mins(1);
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

/// Knocks before a pool does: that one asks again and again until its patience ends, and then says nothing of the cause.
pub(super) async fn is_there(url: &str) -> Result<(), Error> {
    options(url)?;
    knock(url).await.map_err(|cause| Error::Broken(format!("PostgreSQL cannot be reached: {cause}")))
}

/// Reads an address; what cannot be read is most often a password with a sign in it that means something there.
pub(super) fn options(url: &str) -> Result<PgConnectOptions, Error> {
    url.parse().map_err(|e: sqlx::Error| {
        Error::Broken(format!(
            "the address of the database cannot be read ({e}). In its password write % as %25, / as %2F, @ as %40, \
             : as %3A, # as %23 and ? as %3F"
        ))
    })
}

/// One connection whose statements may take as long as they need, to make tables.
pub(super) async fn patient(url: &str) -> Result<DatabaseConnection, Error> {
    let options = options(url)?.options([("statement_timeout", "0"), ("synchronous_commit", "on")]);
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options).await.map_err(|e| broken(&e))?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

/// When the server was away last. A connection of before that may be dead without knowing it: for a while each is asked,
/// so that nobody's page is the one that finds out.
#[derive(Clone, Debug, Default)]
pub(super) struct Doubt(Arc<Mutex<Option<Instant>>>);

impl Doubt {
    pub(super) fn now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn is_fresh(&self) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|at| at.elapsed() < DOUBTED)
    }
}

pub(super) async fn open(url: &str) -> Result<Store, Error> {
    let doubt = Doubt::default();
    let options = options(url)?;
    is_there(url).await?;
    let options = options.options([
        // A handler that hangs must not hold its locks for ever.
        ("statement_timeout", "30000"),
        ("idle_in_transaction_session_timeout", "60000"),
        // Whatever the server, the role or the URL say: nobody is told before it is on the disk.
        ("synchronous_commit", "on"),
    ]);
    let writer = pool(WRITERS, &doubt)
        // sqlx 0.9.0 returns a connection whose `begin` was cancelled while still inside the transaction
        // (sqlx #4394); a ROLLBACK outside a transaction is only a warning.
        .after_release(|connection, _| {
            Box::pin(async move {
                answered(sqlx::Executor::execute(connection, "ROLLBACK")).await?;
                Ok(true)
            })
        })
        .connect_with(options.clone())
        .await
        .map_err(|e| broken(&e))?;
    // The server refuses readers every write, and shows a look one moment however many statements it has.
    let looking =
        [("default_transaction_read_only", "on"), ("default_transaction_isolation", "repeatable read")];
    let doubted = doubt.clone();
    let reader = pool(READERS, &doubt)
        .after_release(move |connection, _| {
            let doubted = doubted.is_fresh();
            Box::pin(async move {
                if doubted {
                    answered(sqlx::Connection::ping(connection)).await?;
                }
                Ok(true)
            })
        })
        .connect_with(options.options(looking))
        .await
        .map_err(|e| broken(&e))?;
    Ok(Store {
        writer: SqlxPostgresConnector::from_sqlx_postgres_pool(writer),
        reader: SqlxPostgresConnector::from_sqlx_postgres_pool(reader),
        commits: None,
        doubt: Some(doubt),
        place: Place::Postgres(url.to_owned()),
    })
}

/// A connection that does not answer when it comes back is thrown away: kept, it would take a place in the pool for as long
/// as the system waits for its line.
async fn answered<T>(asked: impl Future<Output = Result<T, sqlx::Error>>) -> Result<(), sqlx::Error> {
    tokio::time::timeout(KNOCK, asked).await.map_err(|_| sqlx::Error::PoolTimedOut)?.map(|_| ())
}

fn pool(connections: u32, doubt: &Doubt) -> PgPoolOptions {
    let doubt = doubt.clone();
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(super::PATIENCE)
        // Asking each time whether it lives would cost a journey to the server for every statement.
        .test_before_acquire(false)
        .before_acquire(move |connection, meta| {
            let doubted = doubt.is_fresh();
            Box::pin(async move {
                if doubted || meta.idle_for > RESTED {
                    sqlx::Connection::ping(connection).await?;
                }
                Ok(true)
            })
        })
}

pub(super) fn broken(e: &sqlx::Error) -> Error {
    Error::Broken(format!("PostgreSQL cannot be reached: {e}"))
}
