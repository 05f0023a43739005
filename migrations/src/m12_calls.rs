//! Calls: what is taken down while someone is on the phone. Saving a sheet is an act of every few seconds, so a timeline
//! passes over it like over an opening.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes, index, instant, instant_null, key, number, sql, table, text, uuid};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let columns = vec![
        key(),
        // The same sheet begun twice is one call.
        text("submission").unique_key().take(),
        uuid("request_id"),
        uuid("person_id"),
        uuid("staff_id"),
        bytes("answers"),
        // The page that saved last: what it sends after a lost answer is no conflict.
        text("desk"),
        instant("began_at"),
        instant("saved_at"),
        instant_null("parked_at"),
        instant_null("ended_at"),
        number("version", 1),
    ];
    table(m, "calls", columns, &[("request_id", "requests"), ("staff_id", "staff")]).await?;
    index(m, "calls", &["request_id"], false).await?;
    index(m, "calls", &["person_id"], false).await?;
    let told = "WHERE act NOT IN ('open_client', 'open_request', 'open_connections', 'open_check_ins', 'open_plan', \
                'create_person', 'issue_link', 'save_call')";
    for of in ["person", "subject"] {
        let gone = format!("DROP INDEX ledger_told_by_{of}");
        let index = format!("CREATE INDEX ledger_told_by_{of} ON ledger ({of}_id, id) {told}");
        sql(m, &[&gone, &index], &[&gone, &index]).await?;
    }
    Ok(())
}
