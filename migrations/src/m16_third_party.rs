//! Third-party inquiries: somebody asked after somebody. No column links them to a person, on purpose.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, index, instant, instant_null, key, table, uuid, uuid_null};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("staff_id"),
        bytes("answers"),
        instant("taken_at"),
        instant_null("settled_at"),
        uuid_null("settled_by"),
    ];
    table(m, "third_party_inquiries", columns, &[("staff_id", "staff")]).await?;
    index(m, "third_party_inquiries", &["settled_at", "id"], false).await
}
