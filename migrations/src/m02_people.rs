//! People: everyone the center knows of, whether they ask, may need care, or are clients.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes_null, day_null, index, instant, instant_null, key, number, table, text, text_null, uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        text("name_used"),
        text_null("legal_name"),
        // Folded in Rust, so that both databases find and sort alike.
        text("name_folded"),
        text_null("pronouns"),
        day_null("born_on"),
        text_null("zone"),
        text("language"),
        instant("created_at"),
        // A merged person points to the survivor; the row stays so that old references still lead somewhere.
        uuid_null("survivor_id"),
        instant_null("died_at"),
        number("version", 1),
    ];
    table(m, "people", columns, &[]).await?;
    let columns = vec![
        // The person's own key: a client is a person with a record.
        key(),
        text("reference").unique_key().take(),
        uuid_null("counselor_id"),
        instant("created_at"),
        bytes_null("about"),
        number("version", 1),
    ];
    table(m, "clients", columns, &[("id", "people"), ("counselor_id", "staff")]).await?;
    index(m, "clients", &["counselor_id"], false).await
}
