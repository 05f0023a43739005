//! People whose state changed: when somebody died and who told us, what was corrected and why, why a number ended, who
//! pressed stop and how it was lifted, who ended check-ins and how they began again, and calls outside of aftercare.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, bytes_null, day, day_null, index, instant, instant_null, key, table, text, text_null, uuid,
    uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    add(m, "people", day_null("died_on")).await?;
    add(m, "people", text_null("death_source")).await?;
    add(m, "contact_points", text_null("end_reason")).await?;
    // Who pressed stop: only their own new yes lifts it.
    add(m, "suppressions", uuid_null("person_id")).await?;
    add(m, "suppressions", instant_null("confirmed_at")).await?;
    add(m, "suppressions", uuid_null("confirmed_by")).await?;
    add(m, "suppressions", instant_null("lifted_at")).await?;
    add(m, "suppressions", uuid_null("lifted_by")).await?;
    add(m, "suppressions", text_null("lifted_how")).await?;
    add(m, "aftercares", uuid_null("ended_by")).await?;
    add(m, "aftercares", text_null("begun_how")).await?;
    corrections(m).await?;
    talks(m).await
}

async fn add(m: &SchemaManager<'_>, name: &'static str, mut column: ColumnDef) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table(name).add_column(&mut column).take()).await
}

async fn corrections(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        text("field"),
        // The stay whose day was corrected; missing when a death was.
        uuid_null("episode_id"),
        day_null("was"),
        day_null("now_is"),
        // Sealed: the reason is somebody's own words.
        bytes("reason"),
        instant("corrected_at"),
        uuid_null("corrected_by"),
    ];
    table(m, "corrections", columns, &[("person_id", "people")]).await?;
    index(m, "corrections", &["person_id"], false).await
}

async fn talks(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        instant("at"),
        day("on_day"),
        uuid_null("staff_id"),
        text("way"),
        text("outcome"),
        bytes_null("note"),
    ];
    table(m, "talks", columns, &[("person_id", "people")]).await?;
    index(m, "talks", &["person_id", "at"], false).await
}
