//! `kith doctor` finds what is wrong with an installation, one planted fault at a time, and says what to do.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Result, ensure};
use journeys::program::{Center, Place, free_port};
use sea_orm::{ConnectionTrait, Database};

use crate::when_the_power_goes::set_up;

/// What the doctor says of a place, with these settings of the environment, and whether all is well.
fn says(place: &Place, settings: &[(&str, &str)]) -> Result<(bool, String)> {
    let output = place.command(&["doctor"])?.envs(settings.iter().copied()).output()?;
    Ok((output.status.success(), String::from_utf8(output.stdout)?))
}

fn mode(file: &Path, mode: u32) -> Result<()> {
    Ok(std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode))?)
}

/// Every fault it found, so far.
struct Round<'a> {
    place: &'a Place,
    found: usize,
}

impl Round<'_> {
    /// With this fault it ends badly and says so about the right thing.
    fn finds(&mut self, about: &str, words: &str, settings: &[(&str, &str)]) -> Result<()> {
        let (well, said) = says(self.place, settings)?;
        let told =
            said.lines().any(|line| line.starts_with(&format!("WRONG {about}: ")) && line.contains(words));
        ensure!(!well && told, "{about}, {words}: {said}");
        self.found += 1;
        Ok(())
    }
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one fault after the other")]
async fn every_planted_fault_and_nothing_where_all_is_well() -> Result<()> {
    let center = Center::start(Place::on_sqlite()?, "serve").await?;
    set_up(&center).await?;
    let anchor = center.place().data().join("anchor.log");
    journeys::weather::soon("it is anchored", async || Ok(anchor.exists())).await?;
    let place = center.place();
    let data = place.data();
    let well = says(place, &[])?;
    ensure!(well.0 && well.1.contains("0 wrong"), "{}", well.1);
    let mut round = Round { place, found: 0 };
    let (database, key) = (data.join("kith.db"), data.join("center.key"));

    mode(&data, 0o755)?;
    round.finds("data folder", "chmod 700", &[])?;
    mode(&data, 0o700)?;
    mode(&database, 0o644)?;
    round.finds("file", "chmod 600", &[])?;
    mode(&database, 0o600)?;
    mode(&key, 0o644)?;
    round.finds("key", "chmod 600", &[])?;
    mode(&key, 0o600)?;
    let right = std::fs::read(&key)?;
    std::fs::rename(&key, data.join("elsewhere"))?;
    round.finds("key", "is missing", &[])?;
    std::fs::write(&key, [7; 32])?;
    mode(&key, 0o600)?;
    round.finds("key", "the key of another center", &[])?;
    std::fs::write(&key, right)?;

    round.finds("anchor", "is not there", &[("KITH_ANCHOR", "/nowhere/anchor.log")])?;
    let heads = std::fs::read_to_string(&anchor)?;
    std::fs::write(&anchor, format!("{heads}somebody wrote this\n"))?;
    round.finds("anchor", "a line it should not have", &[])?;
    std::fs::write(&anchor, heads)?;

    round.finds("backup", "is not there", &[("KITH_BACKUP__FOLDER", "/nowhere")])?;
    let folder = data.display().to_string();
    let locked = [("KITH_BACKUP__FOLDER", folder.as_str()), ("KITH_BACKUP__PASSPHRASE_FILE", "/nowhere")];
    round.finds("backup", "cannot be read", &locked)?;

    round.finds("address", "is not https", &[("KITH_PUBLIC_URL", "http://cedar.example")])?;
    round.finds(
        "proxy",
        "X-Forwarded-For",
        &[("KITH_PUBLIC_URL", "https://127.0.0.1"), ("KITH_TRUSTED_PROXIES", "[]")],
    )?;
    let nobody = free_port()?.to_string();
    let smtp =
        [("KITH_SMTP__HOST", "127.0.0.1"), ("KITH_SMTP__SECURITY", "loopback"), ("KITH_SMTP__PORT", &nobody)];
    round.finds("mail server", "No letter leaves", &smtp)?;
    let links = [smtp.as_slice(), &[("KITH_LINKS_URL", "http://cedar.example")]].concat();
    round.finds("letters", "must be https", &links)?;
    round.finds("address of links", "is not https", &links)?;
    let imap = [
        ("KITH_IMAP__HOST", "127.0.0.1"),
        ("KITH_IMAP__SECURITY", "loopback"),
        ("KITH_IMAP__PORT", &nobody),
        ("KITH_IMAP__USER", "help"),
        ("KITH_IMAP__PASSWORD", "wrong"),
    ];
    round.finds("mailbox", "Nobody reads what people write", &imap)?;
    round.finds("database", "There is no center", &[("KITH_DATABASE", "sqlite:/nowhere/kith.db")])?;
    round.finds(
        "database",
        "PostgreSQL cannot be reached",
        &[("KITH_DATABASE", "postgres://127.0.0.1:1/kith")],
    )?;

    let tables = Database::connect(format!("sqlite://{}", database.display())).await?;
    let run = async |sql: &str| tables.execute_unprepared(sql).await;
    run("INSERT INTO jobs (id, kind, payload, state, run_at, attempts, created_at) VALUES (randomblob(16), \
         'send_message', '{}', 'given_up', '2026-03-02T15:00:00+00:00', 12, '2026-03-02T15:00:00+00:00')")
    .await?;
    round.finds("jobs", "were given up", &[])?;
    run("DELETE FROM jobs WHERE state = 'given_up'").await?;
    run("INSERT INTO settings (name, value, changed_at, version) VALUES ('backups', '{\"last\": {\"at\": \
         \"2026-03-02T15:00:00Z\", \"file\": \"kith-2026-03-02T150000Z.tar.gz\", \"bytes\": 7}, \"fault\": null, \
         \"taken\": null, \"done\": null, \"since\": null}', '2026-03-02T15:00:00+00:00', 1)")
    .await?;
    round.finds("last backup", "It is of 2026-03-02", &[])?;
    run("DELETE FROM settings WHERE name = 'backups'").await?;
    run("UPDATE staff SET disabled_at = created_at").await?;
    round.finds("staff", "kith staff add", &[])?;
    run("UPDATE staff SET disabled_at = NULL").await?;
    run("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99_tomorrow', 0)").await?;
    round.finds("database", "A newer version made it", &[])?;
    run("DELETE FROM seaql_migrations WHERE version = 'm99_tomorrow'").await?;
    tables.close().await?;

    println!("{} planted faults found", round.found);
    let well = says(place, &[])?;
    ensure!(round.found == 21 && well.0, "{} found; then: {}", round.found, well.1);
    Ok(())
}
