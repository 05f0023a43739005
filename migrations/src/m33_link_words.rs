//! The word before a private link shows anything, and the tries at it.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes_null, instant, instant_null, key, number, table, uuid_null};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        // The person's own key: one row a person.
        key(),
        // A hash under the center's key.
        bytes_null("word"),
        instant_null("goes_without_at"),
        // Sealed: who said that they do without.
        bytes_null("said_by"),
        instant("changed_at"),
        uuid_null("changed_by"),
    ];
    table(m, "link_words", columns, &[("id", "people")]).await?;
    m.alter_table(Table::alter().table("links").add_column(number("tries", 0)).take()).await?;
    m.alter_table(Table::alter().table("links").add_column(instant_null("closed_at")).take()).await
}
