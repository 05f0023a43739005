//! Indexes for lists that are long in a large center: people by name, requests by arrival, who is in aftercare, what was
//! flagged about a check-in, what a ledger tells besides openings. A column that nobody reads goes: the theme is a
//! cookie of the browser.

use sea_orm_migration::prelude::*;

use crate::columns::{index, sql};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    index(m, "people", &["name_folded", "id"], false).await?;
    index(m, "requests", &["received_at", "id"], false).await?;
    index(m, "aftercares", &["ended_at", "id"], false).await?;
    index(m, "flags", &["check_in_id"], false).await?;
    // What was only looked at is most of a ledger; a timeline passes it over without reading it.
    let told = "WHERE act NOT IN ('open_client', 'open_request', 'open_connections', 'open_check_ins', 'open_plan', \
                'create_person', 'issue_link')";
    for of in ["person", "subject"] {
        let index = format!("CREATE INDEX ledger_told_by_{of} ON ledger ({of}_id, id) {told}");
        sql(m, &[&index], &[&index]).await?;
    }
    m.alter_table(Table::alter().table("sessions").drop_column("theme").take()).await
}
