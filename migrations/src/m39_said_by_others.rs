//! What others said about a person, and what the privacy officer decided about giving it out. Notes that quote somebody else.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes_null, flag, index, instant, key, sql, table, text, uuid};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    decisions(m).await?;
    let mut notes = Table::alter();
    notes.table("notes").add_column(flag("quotes_another", false));
    m.alter_table(notes.take()).await?;
    // Nobody said of an older note whose words it holds. Where somebody else asked for the person it may be theirs: the
    // privacy officer decides.
    let quoting = "UPDATE notes SET quotes_another = TRUE WHERE person_id IN \
                   (SELECT prospective_id FROM requests WHERE for_whom IN ('family', 'friend', 'patient'))";
    sql(m, &[quoting], &[quoting]).await
}

/// What the privacy officer decided about one thing that somebody else said; the newest row of an item holds.
async fn decisions(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        uuid("person_id"),
        text("item"),
        text("decision"),
        text("ground"),
        bytes_null("reason"),
        uuid("decided_by"),
        instant("decided_at"),
    ];
    table(m, "access_decisions", columns, &[("person_id", "people"), ("decided_by", "staff")]).await?;
    index(m, "access_decisions", &["person_id", "item"], false).await
}
