//! The least a handler can do: the statements of a page, by the driver alone, and as many bytes as the page has. Who may
//! ask, what may be shown, that it was opened, and how it looks are not in it; that is what the ratio is about.

use std::net::SocketAddr;

use anyhow::Result;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use serde::Deserialize;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Row};

/// The statements behind the rows of the inbox.
const INBOX: [&str; 2] = [
    "SELECT r.id, r.reference, p.name_used AS name, r.for_whom, r.channel, r.urgency, r.received_at, r.due_at, r.reached_at, \
     r.next_step, r.next_step_at, r.closed_at, r.disposition, r.attempts, r.owner_id, s.name AS owner, c.call, c.voicemail, \
     (c.call_hours IS NOT NULL AND CAST(c.call_hours AS TEXT) <> 'null') AS has_hours FROM requests r JOIN people p ON \
     p.id = r.caller_id LEFT JOIN staff s ON s.id = r.owner_id LEFT JOIN contact_rules c ON c.person_id = r.caller_id WHERE \
     r.closed_at IS NULL ORDER BY r.due_at, r.id LIMIT 200",
    "SELECT COUNT(*), COUNT(CASE WHEN owner_id IS NULL THEN 1 END) FROM requests WHERE closed_at IS NULL",
];

/// The statements behind a record; each about one person.
const RECORD: [&str; 10] = [
    "SELECT * FROM clients WHERE id = ?",
    "SELECT * FROM people WHERE id = ?",
    "SELECT * FROM episodes WHERE person_id = ? ORDER BY admitted_on DESC, id DESC",
    "SELECT * FROM contact_points WHERE person_id = ? AND ended_at IS NULL ORDER BY id",
    "SELECT * FROM contact_rules WHERE person_id = ?",
    "SELECT * FROM consents WHERE person_id = ? ORDER BY id DESC",
    "SELECT * FROM ledger WHERE person_id = ? ORDER BY id DESC LIMIT 100",
    "SELECT * FROM notes WHERE person_id = ?",
    "SELECT * FROM sealing_keys WHERE person_id = ?",
    "SELECT * FROM requests WHERE prospective_id = ? ORDER BY id DESC",
];

/// The statement behind a search.
const SEARCH: &str = "SELECT c.id, c.reference, c.created_at, p.name_used, s.name FROM clients c JOIN people p ON p.id = c.id \
    LEFT JOIN staff s ON s.id = c.counselor_id WHERE p.survivor_id IS NULL AND c.id IN (SELECT subject_id FROM search_index \
    WHERE search_index MATCH 'zo*' AND subject_kind = 'client' LIMIT 200) ORDER BY p.name_folded, c.id LIMIT 50";

/// What has a handler here.
pub fn has(what: &str) -> bool {
    matches!(what, "Inbox" | "Client record" | "Search")
}

/// The address of its handler.
pub fn name(what: &str) -> String {
    what.to_lowercase().replace(' ', "-")
}

#[derive(Deserialize)]
struct Asked {
    bytes: usize,
    of: uuid::Uuid,
}

/// Serves until it is killed.
pub async fn serve(file: &str, port: u16) -> Result<()> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await?;
    let app = Router::new()
        .route(
            "/inbox",
            get(async |State(pool): State<SqlitePool>, asked: Query<Asked>| {
                page(&pool, &INBOX, &asked, false).await
            }),
        )
        .route(
            "/client-record",
            get(async |State(pool): State<SqlitePool>, asked: Query<Asked>| {
                page(&pool, &RECORD, &asked, true).await
            }),
        )
        .route(
            "/search",
            get(async |State(pool): State<SqlitePool>, asked: Query<Asked>| {
                page(&pool, &[SEARCH], &asked, false).await
            }),
        )
        .with_state(pool);
    let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).await?;
    Ok(axum::serve(listener, app).await?)
}

/// Runs the statements, reads every value, and sends as many bytes as our page has.
async fn page(pool: &SqlitePool, statements: &[&'static str], asked: &Asked, of: bool) -> String {
    let mut values = 0;
    for sql in statements {
        let mut query = sqlx::query(AssertSqlSafe(*sql));
        if of {
            query = query.bind(asked.of);
        }
        match query.fetch_all(pool).await {
            Ok(rows) => values += rows.iter().map(Row::len).sum::<usize>(),
            Err(e) => return format!("{e}"),
        }
    }
    let mut page = values.to_string();
    page.extend(std::iter::repeat_n('x', asked.bytes.saturating_sub(page.len())));
    page
}
