//! The outbox: one row a message, what became of it, and never its words.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes_null, flag, index, instant, instant_null, json, key, number, sql, table, text, text_null, uuid,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        text("purpose"),
        text("letter"),
        text("letter_version"),
        uuid("subject_id"),
        json("facts"),
        // One cause, one message: whoever races, the database settles it.
        text("dedupe").unique_key().take(),
        text("state"),
        text_null("reason"),
        text_null("reply"),
        number("attempts", 0),
        flag("maybe_sent", false),
        text_null("message_id"),
        bytes_null("body_hash"),
        instant("queued_at"),
        instant("due_at"),
        instant_null("sent_at"),
        number("version", 1),
    ];
    table(m, "messages", columns, &[("person_id", "people")]).await?;
    index(m, "messages", &["person_id"], false).await?;
    index(m, "messages", &["state", "id"], false).await?;
    // What still wants to leave is looked for every minute, however many ever left.
    let waiting = "CREATE INDEX messages_waiting ON messages (due_at) WHERE state IN ('queued', 'sending')";
    sql(m, &[waiting], &[waiting]).await
}
