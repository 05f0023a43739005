//! Danger at intake: which save of a page came last, whether they may be called outside their hours, and calls that were
//! made against what somebody said.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, index, instant, instant_null, key, number, table, text, text_null, uuid, uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("calls").add_column(number("turn", 0)).take()).await?;
    m.alter_table(Table::alter().table("requests").add_column(text_null("outside_hours")).take()).await?;
    let columns = vec![
        key(),
        uuid("person_id"),
        uuid_null("staff_id"),
        text("about"),
        text("broken"),
        bytes("reason"),
        instant("made_at"),
        instant_null("reviewed_at"),
        uuid_null("reviewed_by"),
    ];
    table(m, "contact_overrides", columns, &[("person_id", "people"), ("staff_id", "staff")]).await?;
    index(m, "contact_overrides", &["person_id"], false).await?;
    index(m, "contact_overrides", &["reviewed_at"], false).await
}
