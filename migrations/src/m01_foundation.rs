//! The ground floor: staff, the ledger and its seals, jobs, sealing keys, private links, search, settings.

use sea_orm_migration::prelude::*;

use crate::columns::{
    append_only, bytes, bytes_null, flag, index, instant, instant_null, json, key, number, sql, table, text,
    text_null, uuid, uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    staff(m).await?;
    ledger(m).await?;
    work(m).await?;
    secrets(m).await?;
    search(m).await
}

async fn staff(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        text("name"),
        text("sign_in_name").unique_key().take(),
        json("roles"),
        uuid_null("supervisor_id"),
        text("password_hash"),
        flag("must_change_password", false),
        bytes_null("totp_secret"),
        ColumnDef::new("totp_last_step").big_integer().not_null().default(0).take(),
        instant("created_at"),
        instant_null("disabled_at"),
        number("version", 1),
    ];
    table(m, "staff", columns, &[]).await?;
    let columns = vec![key(), uuid("staff_id"), bytes("code_hash"), instant_null("used_at")];
    table(m, "recovery_codes", columns, &[("staff_id", "staff")]).await?;
    index(m, "recovery_codes", &["staff_id"], false).await?;
    let columns = vec![
        key(),
        bytes("token_hash").unique_key().take(),
        uuid("staff_id"),
        instant("began_at"),
        instant("last_active_at"),
        instant_null("factor_at"),
        instant_null("ended_at"),
        text_null("theme"),
    ];
    table(m, "sessions", columns, &[("staff_id", "staff")]).await?;
    index(m, "sessions", &["staff_id"], false).await?;
    let columns = vec![text("scope").primary_key().take(), number("misses", 0), instant("last_miss_at")];
    table(m, "throttles", columns, &[]).await
}

async fn ledger(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        instant("at"),
        text("actor_kind"),
        uuid_null("actor_id"),
        text("act"),
        text("subject_kind"),
        uuid("subject_id"),
        uuid_null("person_id"),
        json("details"),
    ];
    table(m, "ledger", columns, &[]).await?;
    index(m, "ledger", &["person_id", "id"], false).await?;
    index(m, "ledger", &["subject_id", "id"], false).await?;
    index(m, "ledger", &["actor_id", "id"], false).await?;
    append_only(m, "ledger").await?;
    let columns = vec![
        ColumnDef::new("place").big_integer().not_null().primary_key().take(),
        uuid("entry_id").unique_key().take(),
        bytes("hash"),
        instant("sealed_at"),
    ];
    table(m, "ledger_seals", columns, &[]).await?;
    append_only(m, "ledger_seals").await
}

async fn work(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        text("kind"),
        json("payload"),
        text_null("dedupe").unique_key().take(),
        text("state"),
        instant("run_at"),
        instant_null("leased_until"),
        number("attempts", 0),
        text_null("last_error"),
        instant("created_at"),
        instant_null("ended_at"),
    ];
    table(m, "jobs", columns, &[]).await?;
    index(m, "jobs", &["state", "run_at"], false).await?;
    // What someone is still typing: sealed, by the hash of a token only their browser has, gone after an hour.
    let columns = vec![
        ColumnDef::new("token_hash").binary().not_null().primary_key().take(),
        bytes("answers"),
        instant("begun_at"),
        instant("expires_at"),
    ];
    table(m, "drafts", columns, &[]).await?;
    let columns =
        vec![text("name").primary_key().take(), json("value"), instant("changed_at"), number("version", 1)];
    table(m, "settings", columns, &[]).await
}

async fn secrets(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![uuid("person_id").primary_key().take(), bytes("wrapped"), instant("created_at")];
    table(m, "sealing_keys", columns, &[]).await?;
    let columns = vec![
        key(),
        bytes("token_hash").unique_key().take(),
        text("purpose"),
        uuid("person_id"),
        uuid("subject_id"),
        instant("expires_at"),
        instant_null("used_at"),
        instant_null("revoked_at"),
        instant("created_at"),
    ];
    table(m, "links", columns, &[]).await?;
    index(m, "links", &["person_id"], false).await
}

/// Full text differs between the two; the folded terms in it do not.
async fn search(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    sql(
        m,
        &["CREATE VIRTUAL TABLE search_index USING fts5 \
           (subject_kind UNINDEXED, subject_id UNINDEXED, terms, tokenize = 'unicode61', prefix = '2 3')"],
        &["CREATE TABLE search_index (subject_kind text NOT NULL, subject_id uuid NOT NULL, terms text NOT NULL, \
           words tsvector GENERATED ALWAYS AS (to_tsvector('simple', terms)) STORED, \
           PRIMARY KEY (subject_kind, subject_id))",
          "CREATE INDEX search_index_by_words ON search_index USING gin (words)"],
    )
    .await?;
    // FTS5 cannot look a row up by its unindexed columns; this small table can.
    sql(
        m,
        &["CREATE TABLE search_rows (subject_id blob NOT NULL, subject_kind text NOT NULL, row integer NOT NULL, \
           PRIMARY KEY (subject_id, subject_kind)) WITHOUT ROWID"],
        &[],
    )
    .await
}
