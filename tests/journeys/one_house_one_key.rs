//! A database has one key, one program that serves its file, and settings that are found from any folder.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use journeys::program::{Center, Place, free_port};
use sea_orm::{ConnectionTrait, Database};

use crate::when_the_power_goes::set_up;

/// What a command prints when it fails.
fn refusal(place: &Place, words: &[&str]) -> Result<String> {
    let output = place.command(words)?.output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(!output.status.success(), "it did not refuse: {printed}");
    ensure!(!printed.contains("Setup code") && !printed.contains("Kith is at"), "it greeted: {printed}");
    Ok(String::from_utf8(output.stderr)?)
}

#[tokio::test]
async fn without_its_key_or_with_another_a_database_stays_closed() -> Result<()> {
    let center = Center::empty().await?;
    set_up(&center).await?;
    let mut ended = center.asked_to_stop()?;
    while ended.is_alive() {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let place = ended.place();
    let (key, kept) = (place.data().join("center.key"), place.data().join("kept"));
    std::fs::rename(&key, &kept)?;
    for words in [&["serve"][..], &["audit", "verify"], &["migrate"]] {
        let said = refusal(place, words)?;
        ensure!(
            said.contains("center.key is missing") && said.contains("No key was made"),
            "{words:?}: {said}"
        );
        ensure!(!key.exists(), "{words:?} made a key");
    }
    std::fs::write(&key, [7; 32])?;
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600))?;
    let said = refusal(place, &["serve"])?;
    ensure!(said.contains("is the key of another center") && said.contains("center.key"), "{said}");
    std::fs::rename(&kept, &key)?;
    ensure!(ended.says(&["audit", "verify"])?.contains("The chain holds."));
    Ok(())
}

#[tokio::test]
async fn a_single_command_in_the_wrong_folder_makes_nothing() -> Result<()> {
    let place = Place::fresh().await?;
    let said = refusal(&place, &["audit", "verify"])?;
    ensure!(said.contains("There is no center at") && said.contains("--config"), "{said}");
    ensure!(!place.data().exists(), "it made a folder");
    Ok(())
}

#[tokio::test]
async fn the_line_of_the_readme_takes_mail_from_any_folder() -> Result<()> {
    let center = Center::empty().await?;
    set_up(&center).await?;
    let readme = include_str!("../../README.md");
    let line = readme.split("argv=").nth(1).and_then(|rest| rest.split('`').next()).context("the line")?;
    let line = line.replace('\n', " ").replace("${sender}", "lee@example.org");
    let mut words = line.split_whitespace().filter(|word| *word != "/usr/bin/kith");
    // As the mail server does: in a folder of its own, with nothing in the environment.
    let settings = center.place().data().join("kith.toml");
    let database = center.place().database();
    let setting = if database.contains("://") { database } else { format!("sqlite:{database}") };
    std::fs::write(&settings, format!("database = \"{setting}\"\n"))?;
    let words: Vec<String> = words
        .by_ref()
        .map(|word| word.replace("/var/lib/kith", &center.place().data().display().to_string()))
        .collect();
    let program = center.place().command(&[])?.get_program().to_owned();
    let elsewhere = tempfile::tempdir()?;
    let mut child = std::process::Command::new(program)
        .args(&words)
        .env_clear()
        .current_dir(elsewhere.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mail = "From: Lee <lee@example.org>\r\nTo: hello@cedar-office.example\r\nSubject: a question\r\n\
                Message-ID: <one@example.org>\r\nDate: Tue, 01 Dec 2026 10:00:00 -0600\r\n\r\nMay I come by?\r\n";
    child.stdin.take().context("its input")?.write_all(mail.as_bytes())?;
    let ended = child.wait_with_output()?;
    ensure!(ended.status.success(), "{words:?}: {}", String::from_utf8_lossy(&ended.stderr));
    ensure!(std::fs::read_dir(elsewhere.path())?.next().is_none(), "it left something where it was started");
    ensure!(center.place().count("SELECT COUNT(*) FROM requests").await? == 1, "the mail is nowhere");
    Ok(())
}

#[tokio::test]
async fn one_file_is_served_once() -> Result<()> {
    let center = Center::start(Place::on_sqlite()?, "serve").await?;
    let said = refusal(center.place(), &["serve"])?;
    ensure!(said.contains("Another kith serves"), "{said}");
    ensure!(said.contains(&center.process().to_string()), "which one? {said}");
    Ok(())
}

#[tokio::test]
async fn of_two_that_start_at_once_on_an_empty_database_both_are_there() -> Result<()> {
    let place = Place::on_postgres().await?;
    let mut all: Vec<_> = (0..2)
        .map(|_| {
            place.command(&["migrate"]).and_then(|mut command| Ok(command.stderr(Stdio::piped()).spawn()?))
        })
        .collect::<Result<_>>()?;
    for child in all.drain(..) {
        let ended = child.wait_with_output()?;
        ensure!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
    let (mut first, _) = place.start(&["serve"], free_port()?)?;
    let second = place.start(&["serve"], free_port()?);
    first.kill()?;
    first.wait()?;
    let (mut second, printed) = second?;
    second.kill()?;
    second.wait()?;
    ensure!(printed.contains("Kith is at"), "{printed}");
    Ok(())
}

#[tokio::test]
async fn what_a_newer_version_made_is_left_as_it_is() -> Result<()> {
    let place = Place::fresh().await?;
    ensure!(place.command(&["migrate"])?.output()?.status.success());
    let database = place.database();
    let address = if database.contains("://") { database } else { format!("sqlite://{database}") };
    let tables = Database::connect(address).await?;
    tables
        .execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m99_hover_beds', 1)")
        .await?;
    tables.close().await?;
    let said = refusal(&place, &["serve"])?;
    ensure!(said.contains("made by a newer version") && said.contains("m99_hover_beds"), "{said}");
    Ok(())
}
