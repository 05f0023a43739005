//! The least a handler can do: the statements of a page, by the driver alone, their values written escaped into a page, and
//! as many bytes as ours has. Who may ask, what may be shown, that it was opened, and how it looks are not in it; that is
//! what the ratio is about.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::StatusCode;
use axum::response::Html;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, PgPool, Row, SqlitePool};
use uuid::Uuid;

/// What a handler does: these statements, each with these values, and this page.
#[derive(Clone, Serialize, Deserialize)]
pub struct Doing {
    pub statements: Vec<Asked>,
    pub page: String,
}

/// One statement.
#[derive(Clone, Serialize, Deserialize)]
pub struct Asked {
    /// With `$1`, `$2` … where values go.
    pub sql: String,
    pub values: Vec<Given>,
}

/// A value that goes along.
#[derive(Clone, Serialize, Deserialize)]
pub enum Given {
    Key(Uuid),
    Text(String),
    Bytes(Vec<u8>),
}

#[derive(Clone)]
enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

#[derive(Clone)]
struct Handlers {
    pool: Pool,
    doing: Arc<Mutex<HashMap<String, Arc<Doing>>>>,
}

/// Serves until it is killed. What it does is told by `PUT /{name}`.
pub async fn serve(database: &str, port: u16) -> Result<()> {
    let pool = if database.starts_with("postgres") {
        Pool::Postgres(PgPoolOptions::new().max_connections(10).connect(database).await?)
    } else {
        let options = SqliteConnectOptions::new().filename(database).synchronous(SqliteSynchronous::Full);
        Pool::Sqlite(SqlitePoolOptions::new().max_connections(4).connect_with(options).await?)
    };
    let app = Router::new()
        .route("/{name}", get(page).post(page).put(told))
        .layer(DefaultBodyLimit::disable())
        .with_state(Handlers { pool, doing: Arc::default() });
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).await?;
    Ok(axum::serve(listener, app).await?)
}

async fn told(State(handlers): State<Handlers>, Path(name): Path<String>, Json(doing): Json<Doing>) {
    handlers.doing.lock().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::new(doing));
}

async fn page(
    State(handlers): State<Handlers>,
    Path(name): Path<String>,
    _: Bytes,
) -> Result<Html<String>, (StatusCode, String)> {
    let doing = handlers.doing.lock().unwrap_or_else(PoisonError::into_inner).get(&name).cloned();
    let doing = doing.ok_or((StatusCode::NOT_FOUND, name))?;
    let broken = |e: anyhow::Error| (StatusCode::INTERNAL_SERVER_ERROR, format!("{e:#}"));
    let mut html = String::with_capacity(doing.page.len() + 256);
    for asked in &doing.statements {
        run(&handlers.pool, asked, &mut html, doing.page.len()).await.map_err(broken)?;
    }
    // The rest of the page as it is.
    let rest = (html.len()..=doing.page.len()).find_map(|at| doing.page.get(at..));
    html.push_str(rest.unwrap_or_default());
    Ok(Html(html))
}

/// Runs a statement and writes every value of every row into the page, until it is as long as ours.
async fn run(pool: &Pool, asked: &Asked, html: &mut String, most: usize) -> Result<()> {
    let sql = || AssertSqlSafe(asked.sql.clone());
    match pool {
        Pool::Sqlite(pool) => {
            let mut query = sqlx::query(sql());
            for value in &asked.values {
                query = match value {
                    Given::Key(key) => query.bind(*key),
                    Given::Text(text) => query.bind(text),
                    Given::Bytes(bytes) => query.bind(bytes),
                };
            }
            for row in query.fetch_all(pool).await.with_context(|| asked.sql.clone())? {
                for column in 0..row.len() {
                    let value = row.try_get_unchecked::<Option<&[u8]>, _>(column)?.unwrap_or_default();
                    cell(html, value, most);
                }
            }
        }
        Pool::Postgres(pool) => {
            let mut query = sqlx::query(sql());
            for value in &asked.values {
                query = match value {
                    Given::Key(key) => query.bind(*key),
                    Given::Text(text) => query.bind(text),
                    Given::Bytes(bytes) => query.bind(bytes),
                };
            }
            for row in query.fetch_all(pool).await.with_context(|| asked.sql.clone())? {
                for column in 0..row.len() {
                    let value = row.try_get_raw(column)?;
                    cell(html, value.as_bytes().unwrap_or_default(), most);
                }
            }
        }
    }
    Ok(())
}

/// One value, escaped as any page must.
fn cell(html: &mut String, value: &[u8], most: usize) {
    if html.len() + 2 * value.len() + 64 > most {
        return;
    }
    html.push_str("<td>");
    for c in String::from_utf8_lossy(value).chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
    html.push_str("</td>");
}
