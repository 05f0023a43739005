//! Backups: made while people ask, restored and compared with what they were told; damaged ones are found; and what was
//! restored is on hold until an administrator lets it go on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use journeys::at::At;
use journeys::browser::Browser;
use journeys::program::{Center, Place};
use journeys::visitor::Visitor;
use sea_orm::{ConnectionTrait, Statement};

/// Backups that are made under load, and damaged ones that must be found.
const TIMES: usize = 20;
const PASSPHRASE: &str = "five words nobody puts together";

/// What a command about a place ends with.
fn ends(place: &Place, words: &[&str]) -> Result<Output> {
    Ok(place.command(words)?.output()?)
}

/// What it says when it succeeds.
fn says(place: &Place, words: &[&str]) -> Result<String> {
    let output = ends(place, words)?;
    ensure!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// Puts what a center needs beside a backup into the empty place it is restored to: its key, and the clock of the sample.
fn with_its_key(from: &Place, to: Place) -> Result<Place> {
    std::fs::create_dir(to.data())?;
    for file in ["center.key", "sample-center"] {
        if from.data().join(file).exists() {
            std::fs::copy(from.data().join(file), to.data().join(file))?;
        }
    }
    Ok(to)
}

/// Linus makes a key for the website.
async fn website(center: &Center) -> Result<String> {
    let mut linus = Visitor::signed_in(center, "linus").await?;
    linus.get("/admin/channels").await?;
    linus.press("/admin/channels/keys", &[("key_name", "The website"), ("origins", "")]).await?;
    Ok(linus.between("<p class=\"ref wrap\">", "<").context("a key, shown once")?.to_owned())
}

/// People ask by the website, one after the other, until `enough`; the references they were told.
async fn asks(
    url: String,
    key: String,
    told: Arc<Mutex<Vec<String>>>,
    enough: Arc<AtomicBool>,
) -> Result<()> {
    let client = reqwest::Client::new();
    let mut nth = 0_u128;
    while !enough.load(Ordering::Acquire) {
        nth += 1;
        let id = uuid::Uuid::from_u128(nth).to_string();
        let body = format!(r#"{{"name":"Jo","email":"jo.{id}@example.org","email_ok":"yes"}}"#);
        let request = client.post(&url).bearer_auth(&key).header("idempotency-key", id);
        let answer = request.header("content-type", "application/json").body(body).send().await?;
        if answer.status() == 201 {
            let body: serde_json::Value = serde_json::from_str(&answer.text().await?)?;
            let reference =
                body.get("reference").and_then(serde_json::Value::as_str).context("a reference")?.to_owned();
            told.lock().unwrap_or_else(PoisonError::into_inner).push(reference);
        } else {
            ensure!(answer.status() == 429, "{}: {}", answer.status(), answer.text().await?);
        }
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    Ok(())
}

async fn references(place: &Place) -> Result<BTreeSet<String>> {
    let tables = place.tables().await?;
    let ask = Statement::from_string(tables.get_database_backend(), "SELECT reference FROM requests");
    let rows = tables.query_all_raw(ask).await?;
    Ok(rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_told_before_a_backup_is_in_it_and_it_can_be_restored_into_either_database() -> Result<()>
{
    let center = Center::demo().await?;
    let key = website(&center).await?;
    let (told, enough) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
    let asking = asks(center.url("/api/v1/requests"), key, Arc::clone(&told), Arc::clone(&enough));
    let asking = tokio::spawn(asking);
    let folder = tempfile::tempdir()?;
    let mut made: Vec<(PathBuf, Vec<String>)> = Vec::new();
    for n in 0..TIMES {
        let file = folder.path().join(format!("{n}.tar.gz"));
        let before = told.lock().unwrap_or_else(PoisonError::into_inner).clone();
        says(center.place(), &["backup", file.to_str().context("a name")?])?;
        made.push((file, before));
    }
    enough.store(true, Ordering::Release);
    asking.await??;
    let (mut compared, mut last) = (0, 0);
    for (n, (file, before)) in made.iter().enumerate() {
        // In turn into a file and, where there is one, a server: a backup of one database fits the other.
        let place = match std::env::var("KITH_TEST_POSTGRES") {
            Ok(_) if n % 2 == 1 => Place::on_postgres().await?,
            _ => Place::on_sqlite()?,
        };
        let place = with_its_key(center.place(), place)?;
        says(&place, &["restore", file.to_str().context("a name")?])?;
        let kept = references(&place).await?;
        let missing: Vec<&String> = before.iter().filter(|told| !kept.contains(*told)).collect();
        ensure!(missing.is_empty(), "backup {n}: told and not in it: {missing:?}");
        ensure!(kept.len() >= last, "a later backup has fewer requests");
        (compared, last) = (compared + before.len(), kept.len());
    }
    println!(
        "{TIMES} backups under load restored, {compared} acknowledged requests found again, none missing"
    );
    ensure!(compared > 3 * TIMES, "there was no load: {compared}");
    Ok(())
}

#[tokio::test]
async fn a_damaged_backup_is_found_wherever_it_is_damaged() -> Result<()> {
    let center = Center::demo().await?;
    let folder = tempfile::tempdir()?;
    let passphrase = folder.path().join("passphrase");
    std::fs::write(&passphrase, format!("{PASSPHRASE}\n"))?;
    let passphrase = passphrase.to_str().context("a name")?;
    let (open, locked) = (folder.path().join("open.tar.gz"), folder.path().join("locked.tar.gz.age"));
    let name = |file: &Path| file.to_str().map(str::to_owned).context("a name");
    says(center.place(), &["backup", &name(&open)?])?;
    says(center.place(), &["backup", &name(&locked)?, "--with-key", "--passphrase-file", passphrase])?;
    let told = says(center.place(), &["backup", "verify", &name(&open)?])?;
    ensure!(told.contains("The backup is whole and can be restored."), "{told}");
    let told = says(center.place(), &["backup", "verify", &name(&locked)?, "--passphrase-file", passphrase])?;
    ensure!(told.contains("It holds the center's key.") && told.contains("whole"), "{told}");
    // Opened by anybody's tar, and in it what was kept.
    let listed = std::process::Command::new("tar").arg("-tzf").arg(&open).output()?;
    let listed = String::from_utf8(listed.stdout)?;
    ensure!(listed.starts_with("begin.json\n") && listed.contains("tables/requests/"), "{listed}");
    ensure!(!listed.contains("center.key"), "the key went along unasked");
    let mut found = 0;
    for n in 0..TIMES {
        let whole = std::fs::read(if n % 2 == 0 { &open } else { &locked })?;
        let at = (n + 1) * whole.len() / (TIMES + 2);
        let damaged = match n % 4 {
            // Cut off, as by a full disk.
            0 | 1 => whole.get(..at).context("a part")?.to_vec(),
            // One bit of it turned, as by an old disk.
            _ => whole.iter().enumerate().map(|(i, b)| if i == at { b ^ 4 } else { *b }).collect(),
        };
        let file = folder.path().join(format!("damaged-{n}"));
        std::fs::write(&file, damaged)?;
        let told =
            ends(center.place(), &["backup", "verify", &name(&file)?, "--passphrase-file", passphrase])?;
        let said = String::from_utf8_lossy(&told.stderr).into_owned();
        ensure!(!told.status.success(), "damage {n} at {at} was not found");
        ensure!(said.contains("is damaged"), "damage {n} at {at}: {said}");
        found += 1;
    }
    println!("{found} of {TIMES} damaged backups found");
    // What is damaged touches nothing.
    let place = with_its_key(center.place(), Place::on_sqlite()?)?;
    let cut = folder.path().join("damaged-0");
    ensure!(!ends(&place, &["restore", &name(&cut)?])?.status.success());
    ensure!(!place.data().join("kith.db").exists(), "a damaged backup left a center behind");
    // Nor does a whole one where a center is, or where its key is not.
    let there = ends(center.place(), &["restore", &name(&open)?])?;
    ensure!(String::from_utf8_lossy(&there.stderr).contains("There is a center"), "{there:?}");
    let keyless = Place::on_sqlite()?;
    let refused = ends(&keyless, &["restore", &name(&open)?])?;
    ensure!(
        String::from_utf8_lossy(&refused.stderr).contains("does not hold the center's key"),
        "{refused:?}"
    );
    ensure!(!keyless.data().join("kith.db").exists());
    Ok(())
}

/// Linus sees the pages of a center on hold, wide and narrow, in light and dark.
async fn is_for_every_eye(center: &Center) -> Result<()> {
    let browser = Browser::open().await?;
    let linus = At { browser: &browser, center };
    linus.sign_in("linus").await?;
    for path in ["/", "/admin/restored", "/admin/health"] {
        for (width, dark) in [(1280, false), (1280, true), (320, false), (320, true)] {
            browser.look(width, dark).await?;
            linus.open(path).await?;
            let faults = browser.faults().await?;
            ensure!(faults.is_empty(), "{path} at {width}, dark {dark}: {faults:?}");
        }
    }
    browser.close().await
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn a_restored_center_is_on_hold_until_linus_has_looked_at_it() -> Result<()> {
    let center = Center::demo().await?;
    let folder = tempfile::tempdir()?;
    let passphrase = folder.path().join("passphrase");
    std::fs::write(&passphrase, PASSPHRASE)?;
    let passphrase = passphrase.to_str().context("a name")?.to_owned();
    // A letter waits when the backup is made.
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let sql = "SELECT COUNT(*) FROM messages WHERE state IN ('queued', 'sending')";
    let waiting = center.place().count(sql).await?;
    let file = says(
        center.place(),
        &[
            "backup",
            folder.path().to_str().context("a name")?,
            "--with-key",
            "--passphrase-file",
            &passphrase,
        ],
    )?;
    let file = file.split(": ").next().context("a name")?.to_owned();
    ensure!(file.ends_with(".tar.gz.age"), "{file}");
    // The center goes on and is anchored; then it burns down.
    ana.get("/inbox").await?;
    let (data, cookie) = (center.place().data(), ana.cookie());
    let anchors = || std::fs::read_to_string(data.join("anchor.log"));
    let before = anchors()?;
    let stopping = center.asked_to_stop()?;
    journeys::weather::soon("what came after is anchored", async || Ok(anchors()? != before)).await?;
    let (anchors, mark) = (anchors()?, std::fs::read(data.join("sample-center"))?);
    ensure!(stopping.stopped().await?.success());

    let place = Place::fresh().await?;
    std::fs::create_dir(place.data())?;
    std::fs::write(place.data().join("sample-center"), mark)?;
    // The anchors were on another volume, and know of what is lost.
    std::fs::write(place.data().join("anchor.log"), anchors)?;
    let told = says(&place, &["restore", &file, "--passphrase-file", &passphrase])?;
    ensure!(told.contains("The center is on hold"), "{told}");
    let center = Center::start(place, "demo").await?;
    // Nobody is still signed in, and nobody but an administrator can.
    let old = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let answer = old.get(center.url("/inbox")).header("cookie", cookie).send().await?;
    ensure!(answer.status() == 303, "a session came back: {}", answer.status());
    let mut ana = Visitor::new(&center)?;
    ana.get("/sign-in").await?;
    ana.press("/sign-in", &[("name", "ana"), ("password", "a sample pass phrase")]).await?;
    ensure!(ana.path == "/sign-in" && ana.sees("This center was restored from a backup"), "{}", ana.page);
    // Whoever asks for help is heard, and gets no letter yet.
    let mut dora = Visitor::from(&center, "203.0.113.9")?;
    dora.get("/consultation").await?.press("/consultation", &[]).await?;
    dora.press("/consultation/danger", &[("danger", "no")]).await?;
    dora.press("/consultation/for", &[("for_whom", "self")]).await?;
    dora.press("/consultation/name", &[("name", "Dora")]).await?;
    let reach = [("email", "dora@example.org"), ("email_ok", "yes"), ("call", "never")];
    dora.press("/consultation/contact", &reach).await?;
    dora.press("/consultation/words", &[("words", "Can someone write to me?")]).await?;
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    dora.press("/consultation/check", &[]).await?;
    ensure!(dora.path == "/consultation/done", "{}: {}", dora.path, dora.page);
    let held = "SELECT COUNT(*) FROM messages WHERE reason LIKE 'The center was restored from a backup.%'";
    journeys::weather::soon("her letter waits", async || Ok(center.place().count(held).await? > 0)).await?;

    is_for_every_eye(&center).await?;
    let mut linus = Visitor::signed_in(&center, "linus").await?;
    linus.get("/").await?;
    ensure!(linus.sees("This center is on hold"), "{}", linus.page);
    linus.get("/admin/restored").await?;
    ensure!(linus.sees("It was restored from a backup"), "{}", linus.page);
    let asked = linus.sees("waiting when the backup was made");
    ensure!(asked == (waiting > 0), "{waiting} were waiting: {}", linus.page);
    linus.press("/admin/restored/release", &[("letters", "hold")]).await?;
    ensure!(linus.sees("The center goes on."), "{}", linus.page);
    ensure!(!linus.get("/").await?.sees("This center is on hold"), "{}", linus.page);
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/inbox").await?;
    ensure!(ana.sees("Dora"), "{}", ana.page);
    // The older anchors are explained by the restore, and accuse nobody.
    let told = center.says(&["audit", "verify"])?;
    ensure!(told.contains("The chain holds.") && !told.contains("FOUND"), "{told}");
    ensure!(told.contains("left behind by a restore"), "{told}");
    Ok(())
}
