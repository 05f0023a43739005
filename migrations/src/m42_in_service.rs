//! In service: the ledger's entries have a code of the program that wrote them, and wait for their seal in a table of their
//! own; a process notes that it can write; tries at an account stand in one line.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes_null, instant, instant_null, key, sql, table, uuid};

crate::step!(up);

async fn up(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    m.alter_table(Table::alter().table("ledger").add_column(bytes_null("code")).take()).await?;
    let columns = vec![uuid("entry_id").primary_key().take()];
    table(m, "ledger_waiting", columns, &[]).await?;
    // By the database itself, so that none is forgotten, and what comes by another way waits here as well and is seen.
    let waits = "CREATE TRIGGER ledger_waits AFTER INSERT ON ledger BEGIN \
                 INSERT INTO ledger_waiting (entry_id) VALUES (NEW.id); END";
    let function = "CREATE FUNCTION ledger_waits() RETURNS trigger LANGUAGE plpgsql AS \
                    $$ BEGIN INSERT INTO ledger_waiting (entry_id) SELECT id FROM written; RETURN NULL; END $$";
    let trigger = "CREATE TRIGGER ledger_waits AFTER INSERT ON ledger REFERENCING NEW TABLE AS written \
                   FOR EACH STATEMENT EXECUTE FUNCTION ledger_waits()";
    sql(m, &[waits], &[function, trigger]).await?;
    let unsealed = "INSERT INTO ledger_waiting (entry_id) SELECT id FROM ledger \
                    WHERE id NOT IN (SELECT entry_id FROM ledger_seals)";
    sql(m, &[unsealed], &[unsealed]).await?;
    let columns = vec![key(), instant("at")];
    table(m, "heartbeats", columns, &[]).await?;
    let looks_until = instant_null("looks_until");
    m.alter_table(Table::alter().table("throttles").add_column(looks_until).take()).await
}
