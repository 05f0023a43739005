//! Why a request ended, in the words of the center, beside the coded reason it counts under.

use sea_orm_migration::prelude::*;

use crate::columns::uuid_null;

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("requests").add_column(uuid_null("own_reason")).take()).await
}
