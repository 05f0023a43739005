//! Requests that only a few colleagues know of.

use sea_orm_migration::prelude::*;

use crate::columns::{json_null, sql};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("requests").add_column(json_null("confidential_to")).take()).await?;
    let few = "CREATE INDEX requests_confidential ON requests (id) WHERE confidential_to IS NOT NULL";
    sql(m, &[few], &[few]).await
}
