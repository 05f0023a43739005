//! Why somebody was tried more often than is usual.

use sea_orm_migration::prelude::*;

use crate::columns::text_null;

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("attempts").add_column(text_null("beyond")).take()).await
}
