//! What a request said of calls outside its hours in danger, as it stood before another one was merged into it.

use sea_orm_migration::prelude::*;

use crate::columns::text_null;

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("request_merges").add_column(text_null("outside_hours")).take()).await
}
