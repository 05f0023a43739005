//! The phone number of someone in a person's life, sealed: who can be called on a hard night.

use sea_orm_migration::prelude::*;

use crate::columns::bytes_null;

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("connections").add_column(bytes_null("phone")).take()).await
}
