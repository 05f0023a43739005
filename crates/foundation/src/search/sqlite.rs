//! Search on SQLite: FTS5.

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

pub(super) async fn find(
    reader: &impl ConnectionTrait,
    kind: &str,
    words: &[&str],
    limit: u32,
) -> Result<Vec<Uuid>, Error> {
    // Folded words hold letters and digits only, so quoting them is enough.
    let query = words.iter().map(|w| format!("\"{w}\"*")).collect::<Vec<_>>().join(" AND ");
    let rows = reader
        .query_all_raw(Statement::from_sql_and_values(
            DbBackend::Sqlite,
            "SELECT subject_id FROM search_index WHERE search_index MATCH ? AND subject_kind = ? LIMIT ?",
            [query.into(), kind.into(), limit.into()],
        ))
        .await?;
    rows.iter().map(|row| Ok(row.try_get::<Uuid>("", "subject_id")?)).collect()
}
