//! In service: the ledger's entries have a code of the program that wrote them, and wait for their seal in a table of their
//! own; a process notes that it can write; tries at an account stand in one line; a letter knows how often a worker died
//! with it in hand.

use sea_orm_migration::prelude::*;

use crate::columns::{bytes_null, instant, instant_null, key, number, sql, table, uuid};

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
    // What the sealer of before had not come to. What it never saw came by another way, and stays without a seal.
    let unsealed = |since: &str| {
        format!(
            "INSERT INTO ledger_waiting (entry_id) SELECT id FROM ledger WHERE {since} AND NOT EXISTS \
             (SELECT 1 FROM ledger_seals WHERE entry_id = ledger.id)"
        )
    };
    let last = "(SELECT coalesce(max(sealed_at), '2000-01-01 00:00:00+00:00') FROM ledger_seals)";
    let sqlite = unsealed(&format!("julianday(at) > julianday({last}) - 10.0 / 1440"));
    let postgres = unsealed(&format!("at > {last} - interval '10 minutes'"));
    sql(m, &[&sqlite], &[&postgres]).await?;
    // A process of before that still runs cannot write what this one would take for forged.
    let uncoded = "CREATE TRIGGER ledger_refuses_uncoded BEFORE INSERT ON ledger WHEN NEW.code IS NULL BEGIN \
                   SELECT RAISE(ABORT, 'the ledger takes what this version wrote'); END";
    let function = "CREATE FUNCTION ledger_refuses_uncoded() RETURNS trigger LANGUAGE plpgsql AS \
                    $$ BEGIN RAISE EXCEPTION 'the ledger takes what this version wrote'; END $$";
    let trigger = "CREATE TRIGGER ledger_refuses_uncoded BEFORE INSERT ON ledger FOR EACH ROW \
                   WHEN (NEW.code IS NULL) EXECUTE FUNCTION ledger_refuses_uncoded()";
    sql(m, &[uncoded], &[function, trigger]).await?;
    let columns = vec![key(), instant("at")];
    table(m, "heartbeats", columns, &[]).await?;
    let interruptions = number("interruptions", 0);
    m.alter_table(Table::alter().table("messages").add_column(interruptions).take()).await?;
    let looks_until = instant_null("looks_until");
    m.alter_table(Table::alter().table("throttles").add_column(looks_until).take()).await
}
