//! Support plans and their editions.

use sea_orm_migration::prelude::*;

crate::step!(up);

async fn up(_: &SchemaManager<'_>) -> Result<(), DbErr> {
    Ok(())
}
