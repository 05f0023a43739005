//! Benefits checks: what a plan pays, asked for a request, answered once, asked anew when it has run out.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, bytes_null, day_null, index, instant, instant_null, key, number, sql, table, text_null, uuid,
    uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("request_id"),
        uuid("person_id"),
        bytes("coverage"),
        instant("asked_at"),
        uuid_null("asked_by"),
        instant("due_at"),
        instant_null("taken_at"),
        uuid_null("taken_by"),
        instant_null("answered_at"),
        uuid_null("answered_by"),
        text_null("why_not"),
        text_null("way"),
        uuid_null("consent_id"),
        bytes_null("outcome"),
        day_null("valid_until"),
        number("version", 1),
    ];
    let references = [("request_id", "requests"), ("person_id", "people"), ("taken_by", "staff")];
    table(m, "benefit_checks", columns, &references).await?;
    index(m, "benefit_checks", &["request_id", "id"], false).await?;
    index(m, "benefit_checks", &["person_id"], false).await?;
    index(m, "benefit_checks", &["answered_at"], false).await?;
    index(m, "benefit_checks", &["valid_until"], false).await?;
    // A request has one check under way, whoever presses first.
    let open =
        "CREATE UNIQUE INDEX benefit_checks_open ON benefit_checks (request_id) WHERE answered_at IS NULL";
    sql(m, &[open], &[open]).await
}
