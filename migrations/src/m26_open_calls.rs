//! Calls that go on are few: an index finds those of one person.

use sea_orm_migration::prelude::*;

use crate::columns::sql;

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let open =
        "CREATE INDEX calls_open ON calls (staff_id, began_at) WHERE ended_at IS NULL AND parked_at IS NULL";
    sql(m, &[open], &[open]).await
}
