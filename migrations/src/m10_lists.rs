//! Indexes for lists that are long in a large center: people by name, requests by arrival, who is in aftercare.

use sea_orm_migration::prelude::*;

use crate::columns::index;

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    index(m, "people", &["name_folded", "id"], false).await?;
    index(m, "requests", &["received_at", "id"], false).await?;
    index(m, "aftercares", &["ended_at", "id"], false).await
}
