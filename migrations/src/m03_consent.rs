//! Contact points, safe contact, consents, gate decisions, disclosures.

use sea_orm_migration::prelude::*;

crate::step!(up);

async fn up(_: &SchemaManager<'_>) -> Result<(), DbErr> {
    Ok(())
}
