//! Consultation requests from arrival to outcome, and every attempt to reach the person.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes_null, index, instant, instant_null, key, number, sql, table, text, text_null, uuid, uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        text("reference").unique_key().take(),
        // The same form sent twice is one request.
        text("submission").unique_key().take(),
        text("channel"),
        text("for_whom"),
        text_null("relationship"),
        uuid("caller_id"),
        uuid("prospective_id"),
        bytes_null("words"),
        text("danger"),
        text("urgency"),
        instant("received_at"),
        instant("due_at"),
        uuid_null("owner_id"),
        instant_null("claimed_at"),
        instant_null("reached_at"),
        text_null("next_step"),
        instant_null("next_step_at"),
        instant_null("closed_at"),
        text_null("disposition"),
        instant_null("converted_at"),
        number("attempts", 0),
        number("version", 1),
    ];
    let references = [("caller_id", "people"), ("prospective_id", "people"), ("owner_id", "staff")];
    table(m, "requests", columns, &references).await?;
    index(m, "requests", &["prospective_id"], false).await?;
    index(m, "requests", &["caller_id"], false).await?;
    index(m, "requests", &["closed_at", "id"], false).await?;
    // The inbox reads open requests only, however many were ever closed.
    let open = "CREATE INDEX requests_open ON requests (due_at) WHERE closed_at IS NULL";
    sql(m, &[open], &[open]).await?;
    let columns = vec![
        key(),
        uuid("request_id"),
        uuid("person_id"),
        uuid_null("staff_id"),
        text("outcome"),
        instant("made_at"),
    ];
    table(m, "attempts", columns, &[("request_id", "requests")]).await?;
    index(m, "attempts", &["request_id"], false).await
}
