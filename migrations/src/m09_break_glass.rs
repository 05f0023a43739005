//! Locked records opened with a reason: what was given as the reason, for how long, and what the review found.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, bytes_null, index, instant, instant_null, key, table, text, text_null, uuid, uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("staff_id"),
        uuid("session_id"),
        uuid("person_id"),
        text("cause"),
        bytes("reason"),
        instant("began_at"),
        instant("ends_at"),
        instant_null("reviewed_at"),
        uuid_null("reviewed_by"),
        text_null("finding"),
        bytes_null("remark"),
    ];
    table(m, "break_glass", columns, &[("staff_id", "staff")]).await?;
    index(m, "break_glass", &["session_id"], false).await?;
    index(m, "break_glass", &["person_id"], false).await?;
    index(m, "break_glass", &["reviewed_at"], false).await?;
    // Every page of staff reads its session: a session with nothing opened says so without a second question.
    let until = Table::alter().table("sessions").add_column(instant_null("glass_until")).take();
    m.alter_table(until).await?;
    // A locked record is found by name with date of birth.
    index(m, "people", &["born_on"], false).await
}
