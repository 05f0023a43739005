//! Who called whom, and for how long they talked.

use sea_orm_migration::prelude::*;

use crate::columns::text_null;

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("attempts").add_column(text_null("direction")).take()).await?;
    let minutes = ColumnDef::new("minutes").integer().null().take();
    m.alter_table(Table::alter().table("attempts").add_column(minutes).take()).await
}
