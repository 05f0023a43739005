//! The waitlist: who waits for a level of care, since when, and how that ended.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, day_null, index, instant, instant_null, key, number, sql, table, text, text_null, uuid, uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("request_id"),
        uuid("person_id"),
        text("level"),
        bytes("details"),
        instant("added_at"),
        uuid_null("added_by"),
        day_null("earliest_on"),
        number("contact_days", 7),
        instant_null("contacted_at"),
        instant_null("left_at"),
        text_null("why_left"),
        number("version", 1),
    ];
    table(m, "waits", columns, &[("request_id", "requests"), ("person_id", "people")]).await?;
    index(m, "waits", &["person_id"], false).await?;
    index(m, "waits", &["left_at"], false).await?;
    // A request waits once at a time, whoever presses first.
    let open = "CREATE UNIQUE INDEX waits_open ON waits (request_id) WHERE left_at IS NULL";
    sql(m, &[open], &[open]).await
}
