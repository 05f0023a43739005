//! Requests that are about the same thing: which one goes on for which, and how the one that goes on stood before, so
//! that the two can be taken apart again.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes_null, index, instant, instant_null, key, number, sql, table, text, uuid, uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("merged_id"),
        uuid("survivor_id"),
        instant("merged_at"),
        uuid_null("merged_by"),
        instant_null("undone_at"),
        // How the survivor stood before.
        text("urgency"),
        instant("due_at"),
        uuid_null("owner_id"),
        instant_null("claimed_at"),
        bytes_null("next_step"),
        instant_null("next_step_at"),
        instant_null("reached_at"),
        // Under whose key its promise is sealed: the person the survivor is about.
        uuid("person_id"),
        // The survivor's version right after: as long as it is the same, nobody did anything since.
        number("version", 1),
    ];
    let references = [("merged_id", "requests"), ("survivor_id", "requests"), ("person_id", "people")];
    table(m, "request_merges", columns, &references).await?;
    index(m, "request_merges", &["survivor_id"], false).await?;
    index(m, "request_merges", &["person_id"], false).await?;
    // A request stands in one other at a time; of two who merge it at once one wins.
    let once = "CREATE UNIQUE INDEX request_merges_by_merged_id ON request_merges (merged_id) WHERE undone_at IS NULL";
    sql(m, &[once], &[once]).await
}
