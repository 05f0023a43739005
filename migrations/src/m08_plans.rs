//! Support plans: sealed sections, and every edition that was finished.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, index, instant, key, number, table, text, uuid, uuid_null};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        text("section"),
        bytes("answers"),
        instant("changed_at"),
        uuid_null("changed_by"),
        number("version", 1),
    ];
    table(m, "plan_sections", columns, &[("person_id", "people")]).await?;
    index(m, "plan_sections", &["person_id", "section"], true).await?;
    let columns = vec![
        key(),
        uuid("person_id"),
        number("number", 1),
        text("audience"),
        uuid_null("consent_id"),
        bytes("hash"),
        instant("made_at"),
        uuid_null("made_by"),
    ];
    table(m, "plan_editions", columns, &[("person_id", "people")]).await?;
    index(m, "plan_editions", &["person_id", "number"], true).await
}
