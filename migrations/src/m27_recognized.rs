//! Whom a request was about before a client was recognized in them.

use sea_orm_migration::prelude::*;

use crate::columns::{sql, uuid_null};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("requests").add_column(uuid_null("was_about_id")).take()).await?;
    let was = "CREATE INDEX requests_was_about ON requests (was_about_id) WHERE was_about_id IS NOT NULL";
    sql(m, &[was], &[was]).await
}
