//! The program is killed while it makes its tables, at any moment: nothing half made is left, and the next start
//! finishes the work.

use std::time::Duration;

use anyhow::Result;
use journeys::program::Place;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// Everything the tables are, as text.
async fn schema(place: &Place) -> Result<Vec<String>> {
    let tables = place.tables().await?;
    let sql = match tables.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT line FROM (
               SELECT 'column ' || table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable AS line
                 FROM information_schema.columns WHERE table_schema = 'public'
               UNION SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
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
    anyhow::ensure!(straight.command(&["migrate"])?.output()?.status.success());
    let whole = schema(&straight).await?;
    assert!(whole.len() > 40, "{whole:?}");
    let mut unfinished = 0;
    for moment in 0..24_u64 {
        let place = Place::fresh().await?;
        // Again and again at the same place: a half-made step would stand in the way of the next start.
        for again in 0..3 {
            let mut child = place.command(&["migrate"])?.stdout(std::process::Stdio::null()).spawn()?;
            tokio::time::sleep(Duration::from_millis(2 + moment * 2 + again)).await;
            if child.try_wait()?.is_none() {
                unfinished += 1;
            }
            child.kill()?;
            child.wait()?;
        }
        let finished = place.command(&["migrate"])?.output()?;
        assert!(finished.status.success(), "{}", String::from_utf8_lossy(&finished.stderr));
        assert_eq!(schema(&place).await?, whole, "killed after {} ms", 2 + moment * 2);
    }
    assert!(unfinished >= 5, "it was killed while working {unfinished} times only");
    println!("killed while working {unfinished} times");
    Ok(())
}
