//! Search on SQLite: FTS5.

use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

use crate::error::Error;

pub(super) async fn put(tx: &impl ConnectionTrait, kind: &str, id: Uuid, terms: &str) -> Result<(), Error> {
    let run = |sql: &str, values: Vec<sea_orm::Value>| {
        Statement::from_sql_and_values(DbBackend::Sqlite, sql, values)
    };
    let old = tx
        .query_one_raw(run(
            "SELECT row FROM search_rows WHERE subject_id = ? AND subject_kind = ?",
            vec![id.into(), kind.into()],
        ))
        .await?;
    if let Some(old) = old {
        let row: i64 = old.try_get("", "row")?;
        tx.execute_raw(run(
            "UPDATE search_index SET terms = ? WHERE rowid = ?",
            vec![terms.into(), row.into()],
        ))
        .await?;
        return Ok(());
    }
    tx.execute_raw(run(
        "INSERT INTO search_index (subject_kind, subject_id, terms) VALUES (?, ?, ?)",
        vec![kind.into(), id.into(), terms.into()],
    ))
    .await?;
    tx.execute_raw(run(
        "INSERT INTO search_rows (subject_id, subject_kind, row) VALUES (?, ?, last_insert_rowid())",
        vec![id.into(), kind.into()],
    ))
    .await?;
    Ok(())
}

/// Folded words hold letters and digits only, so quoting them is enough.
pub(super) fn query(words: &[&str]) -> String {
    words.iter().map(|w| format!("\"{w}\"*")).collect::<Vec<_>>().join(" AND ")
}

pub(super) fn word(word: &str, begins: bool) -> String {
    if begins { format!("\"{word}\"*") } else { format!("\"{word}\"") }
}

pub(super) fn matches(query: &str) -> Expr {
    Expr::cust_with_values("search_index MATCH ?", [query])
}
