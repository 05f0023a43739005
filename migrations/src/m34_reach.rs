//! What alumni tell us reaches a person: where each colleague is written to, who was told of a flag, who handles it, and
//! whether opioids were part of somebody's use.

use sea_orm_migration::prelude::*;

use crate::columns::{index, instant, key, sql, table, text, text_null, uuid};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    // Everyone may be written to when something waits, not only those who take requests.
    let columns = vec![uuid("staff_id").primary_key().take(), text("email"), instant("changed_at")];
    table(m, "notice_addresses", columns, &[("staff_id", "staff")]).await?;
    let moved = "INSERT INTO notice_addresses (staff_id, email, changed_at) \
                 SELECT staff_id, email, changed_at FROM duties WHERE email IS NOT NULL";
    sql(m, &[moved], &[moved]).await?;
    m.alter_table(Table::alter().table("duties").drop_column("email").take()).await?;
    // One who said first that they handle it.
    let columns = vec![uuid("flag_id").primary_key().take(), uuid("staff_id"), instant("at")];
    table(m, "flag_handlers", columns, &[("flag_id", "flags"), ("staff_id", "staff")]).await?;
    // Each colleague is told once of a flag, whichever process is first.
    let columns = vec![key(), uuid("flag_id"), uuid("staff_id"), instant("told_at")];
    table(m, "flag_notices", columns, &[("flag_id", "flags"), ("staff_id", "staff")]).await?;
    index(m, "flag_notices", &["flag_id", "staff_id"], true).await?;
    index(m, "flag_notices", &["staff_id"], false).await?;
    m.alter_table(Table::alter().table("aftercares").add_column(text_null("opioid_use")).take()).await
}
