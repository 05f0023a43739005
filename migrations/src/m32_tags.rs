//! The tags of a request.

use sea_orm_migration::prelude::*;

use crate::columns::json_null;

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("requests").add_column(json_null("tags")).take()).await
}
