//! Search on PostgreSQL: a tsvector of the folded terms.

use sea_orm::sea_query::Expr;
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

/// Folded words hold letters and digits only, so none can be an operator.
pub(super) fn query(words: &[&str]) -> String {
    words.iter().map(|w| format!("{w}:*")).collect::<Vec<_>>().join(" & ")
}

pub(super) fn word(word: &str, begins: bool) -> String {
    if begins { format!("{word}:*") } else { word.to_owned() }
}

pub(super) fn matches(query: &str) -> Expr {
    Expr::cust_with_values("words @@ to_tsquery('simple', $1)", [query])
}
