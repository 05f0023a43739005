//! Connections, aftercare, check-ins, flags.

use sea_orm_migration::prelude::*;

crate::step!(up);

async fn up(_: &SchemaManager<'_>) -> Result<(), DbErr> {
    Ok(())
}
