//! Views of the inbox that somebody saved, for themselves or for everyone.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, flag, index, instant, instant_null, json, key, table, uuid};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("staff_id"),
        bytes("name"),
        json("filter"),
        flag("shared", false),
        instant("saved_at"),
        instant_null("ended_at"),
    ];
    table(m, "saved_views", columns, &[("staff_id", "staff")]).await?;
    index(m, "saved_views", &["staff_id"], false).await
}
