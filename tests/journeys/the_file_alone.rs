//! An orderly stop leaves one file that is whole, and files that nobody else on the machine can read.

use std::os::unix::fs::PermissionsExt;

use anyhow::{Result, ensure};
use journeys::program::{Center, Place};
use journeys::visitor::Visitor;
use sea_orm::{ConnectionTrait, Database, Statement};

fn mode(path: &std::path::Path) -> Result<u32> {
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o777)
}

#[tokio::test]
async fn a_copy_of_the_file_alone_after_a_stop_has_everything_and_is_its_owners() -> Result<()> {
    // The folder and an old file are open to everyone.
    let place = Place::on_sqlite()?;
    std::fs::create_dir(place.data())?;
    std::fs::set_permissions(place.data(), std::fs::Permissions::from_mode(0o755))?;
    std::fs::write(place.data().join("kith.db"), b"")?;
    std::fs::set_permissions(place.data().join("kith.db"), std::fs::Permissions::from_mode(0o644))?;
    let center = Center::start(place, "serve").await?;
    let mut linus = Visitor::new(&center)?;
    ensure!(linus.sets_up(&center.setup_code()?).await?, "{}", linus.page);
    let data = center.place().data();
    for name in ["kith.db", "kith.db-wal", "kith.db-shm", "center.key"] {
        ensure!(mode(&data.join(name))? == 0o600, "{name}: {:o}", mode(&data.join(name))?);
    }
    let copy = tempfile::tempdir()?;
    let center = center.asked_to_stop()?;
    // The place is thrown away with the center: wait for the end by the log, then copy.
    for _ in 0..300 {
        if !data.join("kith.db-wal").exists() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let wal = std::fs::metadata(data.join("kith.db-wal")).map_or(0, |file| file.len());
    ensure!(wal == 0, "the log was not folded in: {wal} bytes");
    std::fs::copy(data.join("kith.db"), copy.path().join("kith.db"))?;
    let tables =
        Database::connect(format!("sqlite://{}?mode=ro", copy.path().join("kith.db").display())).await?;
    let ask = Statement::from_string(tables.get_database_backend(), "SELECT COUNT(*) FROM staff");
    let row = tables.query_one_raw(ask).await?;
    ensure!(
        row.map(|row| row.try_get_by_index::<i64>(0)).transpose()? == Some(1),
        "Linus is not in the copy"
    );
    ensure!(center.stopped().await?.success());
    Ok(())
}
