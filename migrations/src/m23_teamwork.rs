//! Working together: letters in own words, saved replies, macros, who watches, who was named, and what can be undone.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, bytes_null, flag, index, instant, instant_null, json, key, number, sql, table, text, uuid,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    own_words(m).await?;
    saved_replies(m).await?;
    macros(m).await?;
    watching(m).await?;
    undos(m).await
}

/// The words of a letter somebody wrote themselves; its key is the key of the message.
async fn own_words(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        uuid("author_id"),
        text("subject_line"),
        text("language"),
        bytes("body"),
    ];
    let references = [("id", "messages"), ("person_id", "people"), ("author_id", "staff")];
    table(m, "own_words", columns, &references).await?;
    index(m, "own_words", &["person_id"], false).await
}

async fn saved_replies(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("staff_id"),
        bytes("name"),
        text("subject_line"),
        bytes("english"),
        bytes_null("spanish"),
        flag("shared", false),
        instant("saved_at"),
        instant_null("ended_at"),
        number("version", 1),
    ];
    table(m, "saved_replies", columns, &[("staff_id", "staff")]).await?;
    index(m, "saved_replies", &["staff_id"], false).await
}

async fn macros(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("staff_id"),
        bytes("name"),
        bytes("steps"),
        flag("shared", false),
        instant("saved_at"),
        instant_null("ended_at"),
        number("version", 1),
    ];
    table(m, "macros", columns, &[("staff_id", "staff")]).await?;
    index(m, "macros", &["staff_id"], false).await
}

async fn watching(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let watch = vec![key(), uuid("request_id"), uuid("staff_id"), instant("since")];
    table(m, "watches", watch, &[("request_id", "requests"), ("staff_id", "staff")]).await?;
    index(m, "watches", &["request_id", "staff_id"], true).await?;
    index(m, "watches", &["staff_id"], false).await?;
    let mention = vec![
        key(),
        uuid("request_id"),
        uuid("note_id"),
        uuid("person_id"),
        uuid("staff_id"),
        uuid("by_id"),
        instant("named_at"),
        instant_null("seen_at"),
    ];
    let references =
        [("request_id", "requests"), ("person_id", "people"), ("staff_id", "staff"), ("by_id", "staff")];
    table(m, "mentions", mention, &references).await?;
    index(m, "mentions", &["person_id"], false).await?;
    index(m, "mentions", &["note_id"], false).await?;
    // What somebody has not seen yet is asked for with every look at their day.
    let unseen = "CREATE INDEX mentions_unseen ON mentions (staff_id, id) WHERE seen_at IS NULL";
    // When somebody last looked at what they watch.
    let looked =
        "CREATE INDEX ledger_requests_opened ON ledger (subject_id, actor_id, id) WHERE act = 'open_request'";
    sql(m, &[unseen, looked], &[unseen, looked]).await
}

async fn undos(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("group_id"),
        uuid("request_id"),
        uuid("person_id"),
        uuid("staff_id"),
        json("before"),
        bytes_null("next_step"),
        json("beside"),
        number("version", 1),
        instant("done_at"),
        instant_null("undone_at"),
    ];
    let references = [("request_id", "requests"), ("person_id", "people"), ("staff_id", "staff")];
    table(m, "undos", columns, &references).await?;
    index(m, "undos", &["group_id"], false).await?;
    index(m, "undos", &["request_id"], false).await?;
    index(m, "undos", &["person_id"], false).await?;
    index(m, "undos", &["done_at"], false).await
}
