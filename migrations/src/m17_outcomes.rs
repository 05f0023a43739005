//! Why a request ended as it did, and whether somebody may ask again later.

use sea_orm_migration::prelude::*;

use crate::columns::{instant_null, number, sql, text_null};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    for column in [
        text_null("disposition_reason"),
        // When to ask again, by permission; and how often it was done.
        instant_null("check_in_at"),
        number("check_ins", 0),
    ] {
        m.alter_table(Table::alter().table("requests").add_column(column).take()).await?;
    }
    let check_ins =
        "CREATE INDEX requests_check_in ON requests (check_in_at, id) WHERE check_in_at IS NOT NULL";
    // The three that were one have names of their own.
    let emergency = "UPDATE requests SET disposition = 'emergency_911' WHERE disposition = 'emergency'";
    sql(m, &[check_ins, emergency], &[check_ins, emergency]).await
}
