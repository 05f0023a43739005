//! A sample center made as large as one likes: its rows again and again under other keys. Requests that are open, flags
//! that are open and the ledger stay as they are: a large center has no more of today than a small one. The copies are
//! in nobody's caseload; their texts are sealed for others and are never opened.

use anyhow::{Context, Result};
use journeys::program::Place;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};

/// Tables that are copied, with which rows, those first that others point to.
const TABLES: [(&str, &str); 20] = [
    ("people", "1 = 1"),
    ("clients", "1 = 1"),
    ("contact_points", "1 = 1"),
    ("contact_rules", "1 = 1"),
    ("consents", "1 = 1"),
    ("episodes", "1 = 1"),
    ("level_spans", "1 = 1"),
    ("notes", "1 = 1"),
    ("requests", "closed_at IS NOT NULL"),
    ("attempts", "request_id IN (SELECT id FROM requests WHERE closed_at IS NOT NULL)"),
    ("aftercares", "1 = 1"),
    ("check_ins", "1 = 1"),
    ("check_in_attempts", "1 = 1"),
    ("flags", "settled_at IS NOT NULL"),
    ("connection_maps", "1 = 1"),
    ("connections", "1 = 1"),
    ("plan_sections", "1 = 1"),
    ("messages", "state = 'sent'"),
    ("sealing_keys", "1 = 1"),
    ("search_index", "1 = 1"),
];

/// Keys that become another's.
const KEYS: [&str; 11] = [
    "id",
    "person_id",
    "caller_id",
    "prospective_id",
    "episode_id",
    "request_id",
    "aftercare_id",
    "check_in_id",
    "subject_id",
    "consent_id",
    "superseded_by",
];

/// Those who asked, for themselves or for someone, and are answered.
const ANSWERED: &str = "SELECT caller_id FROM requests WHERE closed_at IS NOT NULL UNION SELECT prospective_id FROM \
    requests WHERE closed_at IS NOT NULL";

/// Makes it hold at least so many people.
pub async fn to(place: &Place, people: i64) -> Result<()> {
    let copies = people / place.count("SELECT COUNT(*) FROM people").await?;
    let all = TABLES.map(|(table, which)| (table, which.to_owned()));
    copy(place, copies, &all).await
}

/// Makes it hold at least so many requests that are over, with those who asked and how they were reached.
pub async fn requests(place: &Place, requests: i64) -> Result<()> {
    let over = place.count("SELECT COUNT(*) FROM requests WHERE closed_at IS NOT NULL").await?;
    let theirs = |column: &str| format!("{column} IN ({ANSWERED})");
    let of_request = "request_id IN (SELECT id FROM requests WHERE closed_at IS NOT NULL)".to_owned();
    let tables = [
        ("people", theirs("id")),
        ("contact_points", theirs("person_id")),
        ("contact_rules", theirs("person_id")),
        ("requests", "closed_at IS NOT NULL".to_owned()),
        ("attempts", of_request.clone()),
        ("touches", of_request),
        ("search_index", theirs("subject_id")),
    ];
    copy(place, requests / over, &tables).await
}

async fn copy(place: &Place, copies: i64, of: &[(&str, String)]) -> Result<()> {
    let database = place.database();
    let url = if database.starts_with("postgres") { database } else { format!("sqlite://{database}") };
    // One connection: what is switched off is switched off for it alone.
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let tables = Database::connect(options).await?;
    let postgres = tables.get_database_backend() == DbBackend::Postgres;
    let loose: &[&str] = if postgres {
        &["SET session_replication_role = replica", "SET synchronous_commit = off"]
    } else {
        &["PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF"]
    };
    for statement in loose {
        tables.execute_unprepared(statement).await?;
    }
    for (table, which) in of {
        let columns = columns(&tables, table).await?;
        let values: Vec<String> = columns.iter().map(|column| copied(column, postgres)).collect();
        tables
            .execute_unprepared(&format!(
                "WITH RECURSIVE copies(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM copies WHERE k < {copies}) \
                 INSERT INTO {table} ({}) SELECT {} FROM (SELECT * FROM {table} WHERE {which}) AS those, copies",
                quoted(&columns),
                values.join(", "),
            ))
            .await
            .with_context(|| (*table).to_owned())?;
    }
    tables.execute_unprepared("ANALYZE").await?;
    tables.close().await?;
    Ok(())
}

/// The columns of a table that are written.
async fn columns(tables: &DatabaseConnection, table: &str) -> Result<Vec<String>> {
    let backend = tables.get_database_backend();
    let asked = match backend {
        DbBackend::Postgres => format!(
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}' AND table_schema = \
             'public' AND is_generated = 'NEVER'"
        ),
        _ => format!("SELECT name FROM pragma_table_info('{table}')"),
    };
    let rows = tables.query_all_raw(Statement::from_string(backend, asked)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

fn quoted(columns: &[String]) -> String {
    columns.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(", ")
}

/// How a column looks in copy `k`: keys end in it, so that what belongs together still does.
fn copied(column: &str, postgres: bool) -> String {
    match column {
        _ if KEYS.contains(&column) && postgres => {
            format!("(left(\"{column}\"::text, 28) || lpad(to_hex(k), 8, '0'))::uuid")
        }
        _ if KEYS.contains(&column) => format!(
            "CASE WHEN \"{column}\" IS NULL THEN NULL ELSE CAST(substr(\"{column}\", 1, 12) || unhex(printf('%08x', k)) AS BLOB) END"
        ),
        "reference" | "submission" | "dedupe" => format!("\"{column}\" || '-' || k"),
        "counselor_id" => "NULL".to_owned(),
        "name_used" | "name_folded" | "terms" => format!("\"{column}\" || ' ' || k"),
        other => format!("\"{other}\""),
    }
}
