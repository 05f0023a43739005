//! How requests arrive beyond the form and the phone: mail, the center's own website, files of old inquiries.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, bytes_null, flag, index, instant, instant_null, json, key, number, table, text, uuid, uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    mail(m).await?;
    website(m).await?;
    files(m).await
}

async fn mail(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("request_id"),
        uuid("person_id"),
        bytes("words"),
        // Whether it came from an address of the one who asked.
        flag("known", false),
        instant("received_at"),
    ];
    table(m, "inward_messages", columns, &[("request_id", "requests"), ("person_id", "people")]).await?;
    index(m, "inward_messages", &["request_id"], false).await?;
    index(m, "inward_messages", &["person_id"], false).await?;
    // Every message that ever arrived, by hashes: what it became, and nothing of what it said.
    let columns = vec![
        key(),
        bytes("arrival").unique_key().take(),
        bytes_null("message_hash"),
        bytes_null("sender_hash"),
        text("what"),
        uuid_null("request_id"),
        instant("arrived_at"),
    ];
    table(m, "mail_arrivals", columns, &[("request_id", "requests")]).await?;
    index(m, "mail_arrivals", &["message_hash"], false).await?;
    index(m, "mail_arrivals", &["sender_hash", "arrived_at"], false).await?;
    index(m, "mail_arrivals", &["arrived_at"], false).await
}

async fn website(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        text("name"),
        bytes("secret_hash").unique_key().take(),
        text("begins_with"),
        text("scope"),
        json("origins"),
        instant("made_at"),
        uuid_null("made_by"),
        instant_null("used_at"),
        instant_null("ended_at"),
    ];
    table(m, "api_keys", columns, &[("made_by", "staff")]).await?;
    let columns = vec![
        key(),
        uuid("key_id"),
        bytes("idempotency_hash"),
        bytes("body_hash"),
        uuid("request_id"),
        instant("sent_at"),
    ];
    table(m, "api_submissions", columns, &[("key_id", "api_keys"), ("request_id", "requests")]).await?;
    index(m, "api_submissions", &["key_id", "idempotency_hash"], true).await
}

async fn files(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid_null("staff_id"),
        text("state"),
        bytes_null("file"),
        json("mapping"),
        instant("made_at"),
        instant_null("ended_at"),
        number("next_row", 0),
        number("received", 0),
        number("before", 0),
        number("rejected", 0),
        bytes_null("rejects"),
        number("version", 1),
    ];
    table(m, "imports", columns, &[("staff_id", "staff")]).await?;
    index(m, "imports", &["state"], false).await
}
