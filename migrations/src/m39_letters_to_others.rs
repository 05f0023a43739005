//! Letters about a person to somebody else: on what each rests, who released it, and what the accounting says of it.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes_null, index, instant_null, json, key, table, text, text_null, uuid, uuid_null};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    letters(m).await?;
    let mut disclosures = Table::alter();
    disclosures.table("disclosures").add_column(uuid_null("message_id"));
    m.alter_table(disclosures.take()).await?;
    let mut disclosures = Table::alter();
    disclosures.table("disclosures").add_column(uuid_null("released_by"));
    m.alter_table(disclosures.take()).await
}

/// One row for each letter about a person to somebody else; its key is the key of the message.
async fn letters(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("about_person_id"),
        text("basis"),
        text_null("fixed_reply"),
        uuid_null("consent_id"),
        json("tells"),
        text_null("decision"),
        text_null("ground"),
        bytes_null("reason"),
        uuid_null("decided_by"),
        instant_null("decided_at"),
        uuid_null("disclosure_id"),
    ];
    table(m, "third_party_letters", columns, &[("id", "messages"), ("about_person_id", "people")]).await?;
    index(m, "third_party_letters", &["about_person_id"], false).await
}
