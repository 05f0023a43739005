//! Search on PostgreSQL: a tsvector of the folded terms.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

use crate::error::Error;

pub(super) async fn put(tx: &impl ConnectionTrait, kind: &str, id: Uuid, terms: &str) -> Result<(), Error> {
    tx.execute_raw(Statement::from_sql_and_values(
        DbBackend::Postgres,
        "INSERT INTO search_index (subject_kind, subject_id, terms) VALUES ($1, $2, $3) \
         ON CONFLICT (subject_kind, subject_id) DO UPDATE SET terms = excluded.terms",
        [kind.into(), id.into(), terms.into()],
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
    // Folded words hold letters and digits only, so none can be an operator.
    let query = words.iter().map(|w| format!("{w}:*")).collect::<Vec<_>>().join(" & ");
    let rows = reader
        .query_all_raw(Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT subject_id FROM search_index WHERE words @@ to_tsquery('simple', $1) AND subject_kind = $2 LIMIT $3",
            [query.into(), kind.into(), i64::from(limit).into()],
        ))
        .await?;
    rows.iter().map(|row| Ok(row.try_get::<Uuid>("", "subject_id")?)).collect()
}
