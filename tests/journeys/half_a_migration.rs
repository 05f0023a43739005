//! The program is killed while it makes its tables, at any moment: nothing half made is left, and the next start
//! finishes the work.

use std::process::Stdio;
use std::time::Instant;

use anyhow::Result;
use journeys::program::Place;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// Moments at which it is killed, spread over the time a straight run takes.
const MOMENTS: u32 = 40;

/// Everything the tables are, as text.
async fn schema(place: &Place) -> Result<Vec<String>> {
    let tables = place.tables().await?;
    let sql = match tables.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT line FROM (
               SELECT 'column ' || table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable AS line
                 FROM information_schema.columns WHERE table_schema = 'public'
               UNION SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
               UNION SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
                 WHERE connamespace = 'public'::regnamespace
               UNION SELECT 'default ' || table_name || ' ' || column_name || ' ' || column_default
                 FROM information_schema.columns WHERE table_schema = 'public' AND column_default IS NOT NULL
               UNION SELECT 'trigger ' || event_object_table || ' ' || trigger_name || ' ' || event_manipulation
                 FROM information_schema.triggers) AS lines ORDER BY line"
        }
        _ => "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_master ORDER BY line",
    };
    let rows = tables.query_all_raw(Statement::from_string(tables.get_database_backend(), sql)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

#[tokio::test]
async fn killed_at_any_moment_the_tables_are_whole_after_the_next_start() -> Result<()> {
    let straight = Place::fresh().await?;
    let begun = Instant::now();
    anyhow::ensure!(straight.command(&["migrate"])?.output()?.status.success());
    let long = begun.elapsed();
    let whole = schema(&straight).await?;
    assert!(whole.len() > 40, "{whole:?}");
    let steps = steps_taken(&straight).await;
    let mut halfway = 0;
    for moment in 1..=MOMENTS {
        let place = Place::fresh().await?;
        let mut child = place.command(&["migrate"])?.stdout(Stdio::null()).spawn()?;
        tokio::time::sleep(long * moment / MOMENTS).await;
        child.kill()?;
        child.wait()?;
        halfway += u32::from((1..steps).contains(&steps_taken(&place).await));
        // A half-made step would stand in the way of the next start.
        let finished = place.command(&["migrate"])?.output()?;
        assert!(finished.status.success(), "{}", String::from_utf8_lossy(&finished.stderr));
        assert_eq!(schema(&place).await?, whole, "killed at {moment} of {MOMENTS}");
    }
    assert!(halfway > 0, "it was never killed between the first step and the last");
    println!("{halfway} of {MOMENTS} kills left between 1 and {} steps", steps - 1);
    Ok(())
}

/// Steps that count as taken; 0 before the first and when there is no place yet.
async fn steps_taken(place: &Place) -> i64 {
    place.count("SELECT COUNT(*) FROM seaql_migrations").await.unwrap_or(0)
}
