//! A request that is put aside until a moment, and the order of those who wait: whoever may be in danger stands before
//! everyone, however many are late.

use sea_orm_migration::prelude::*;

use crate::columns::{flag, instant_null, sql};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [instant_null("snoozed_until"), flag("snoozed_through", false), instant_null("woke_at")] {
        m.alter_table(Table::alter().table("requests").add_column(column).take()).await?;
    }
    let first = "CREATE INDEX requests_first ON requests \
                 ((CASE urgency WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END), due_at, id) \
                 WHERE closed_at IS NULL";
    let snoozed = "CREATE INDEX requests_snoozed ON requests (snoozed_until) WHERE snoozed_until IS NOT NULL";
    sql(m, &["DROP INDEX requests_open", first, snoozed], &["DROP INDEX requests_open", first, snoozed]).await
}
