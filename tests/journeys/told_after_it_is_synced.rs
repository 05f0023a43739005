//! Only what is on the disk is confirmed: between the request and its answer, the kernel is told to write.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use journeys::program::{Center, Place};

use crate::when_the_power_goes::{at_the_last_page, send_until_told, set_up};

#[tokio::test]
async fn nobody_is_told_before_the_kernel_has_written() -> Result<()> {
    // What PostgreSQL syncs is its own affair; that it is asked to is told by `foundation`.
    let center = Center::start(Place::on_sqlite()?, "serve").await?;
    set_up(&center).await?;
    let mut people = Vec::new();
    for n in 0..10 {
        people.push(at_the_last_page(&center, n).await?);
    }
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("calls");
    let calls = "trace=fdatasync,fsync,read,recvfrom,write,writev,sendto";
    let mut watching = Command::new("strace")
        .args(["-f", "-y", "-qq", "-s", "64", "-e", calls, "-o"])
        .arg(&log)
        .args(["-p", &center.process().to_string()])
        .stderr(Stdio::null())
        .spawn()
        .context("strace is not installed")?;
    tokio::time::sleep(Duration::from_millis(800)).await;
    for person in &mut people {
        send_until_told(person).await?;
    }
    let stopped = Command::new("kill").args(["-INT", &watching.id().to_string()]).status()?;
    anyhow::ensure!(stopped.success());
    watching.wait()?;
    let told = std::fs::read_to_string(&log)?;
    let mut answers = 0;
    for asked in told.split("POST /consultation/check").skip(1) {
        let Some((before, _)) = asked.split_once("HTTP/1.1 303") else { continue };
        answers += 1;
        let synced = before.lines().any(|l| l.contains("sync(") && l.contains("kith.db-wal"));
        let done = before.lines().any(|l| l.contains("sync") && l.trim_end().ends_with("= 0"));
        assert!(synced && done, "someone was told before it was on the disk:\n{before}");
    }
    assert_eq!(answers, 10, "the watching missed some answers");
    Ok(())
}
