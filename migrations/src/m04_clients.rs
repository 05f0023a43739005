//! Care: episodes from admission to discharge, the levels of care within them, notes.

use sea_orm_migration::prelude::*;

use crate::columns::{
    bytes, day, day_null, index, instant, key, number, sql, table, text, text_null, uuid, uuid_null,
};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        uuid_null("request_id"),
        day("admitted_on"),
        text("admitted_level"),
        day_null("discharged_on"),
        text_null("discharge_kind"),
        text_null("discharged_to"),
        instant("created_at"),
        number("version", 1),
    ];
    table(m, "episodes", columns, &[("person_id", "clients")]).await?;
    index(m, "episodes", &["person_id", "admitted_on"], false).await?;
    index(m, "episodes", &["discharged_on"], false).await?;
    // One open episode a person, whoever races: the database settles it.
    let one_open =
        "CREATE UNIQUE INDEX episodes_one_open ON episodes (person_id) WHERE discharged_on IS NULL";
    sql(m, &[one_open], &[one_open]).await?;
    let columns = vec![
        key(),
        uuid("episode_id"),
        uuid("person_id"),
        text("level"),
        day("from_on"),
        day_null("until_on"),
    ];
    table(m, "level_spans", columns, &[("episode_id", "episodes")]).await?;
    index(m, "level_spans", &["episode_id"], false).await?;
    let columns =
        vec![key(), uuid("person_id"), uuid_null("author_id"), instant("written_at"), bytes("body")];
    table(m, "notes", columns, &[("person_id", "people")]).await?;
    index(m, "notes", &["person_id", "id"], false).await
}
