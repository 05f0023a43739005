//! Nothing acknowledged is lost in any weather: a full disk, a database that somebody else holds, that hangs, that is gone.
//! Whoever writes meanwhile is told so, keeps their words, and is never sent to sign in.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use journeys::program::{Center, Place};
use journeys::visitor::Visitor;
use journeys::weather::{Line, SmallDisk, Wire, soon};
use sea_orm::{ConnectOptions, ConnectionTrait, Database};

use crate::when_the_power_goes::{at_the_last_page, set_up};

/// What a page may take while the database is away.
const AT_ONCE: Duration = Duration::from_secs(5);
const WORDS: &str = "Please call after five, my mother must not hear it.";

async fn readiness(center: &Center) -> Result<(u16, String)> {
    let answer = reqwest::get(center.url("/readyz")).await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

async fn requests(place: &Place) -> Result<i64> {
    place.count("SELECT COUNT(*) FROM requests").await
}

#[tokio::test]
async fn after_a_full_disk_everything_that_was_acknowledged_is_kept() -> Result<()> {
    let place = Place::on_sqlite()?;
    let disk = SmallDisk::over(place.data(), 24)?;
    let center = Center::start(place.inside(disk.inside()), "serve").await?;
    set_up(&center).await?;
    let mut people = Vec::new();
    for n in 0..30 {
        people.push(at_the_last_page(&center, n).await?);
    }
    // Nobody reads and answers seven questions in two seconds.
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let (mut acknowledged, mut refused) = (0, 0);
    for (n, person) in people.iter_mut().enumerate() {
        // Twice it fills and is freed: after the second time the old fault kept nothing ever after.
        match n {
            5 | 15 => disk.fill()?,
            10 | 20 => disk.free()?,
            _ => {}
        }
        person.press("/consultation/check", &[]).await?;
        if person.path == "/consultation/done" {
            acknowledged += 1;
            continue;
        }
        refused += 1;
        ensure!(person.status == 503, "{}: {}", person.status, person.page);
        ensure!(person.sees("Nothing was saved just now"), "{}", person.page);
        ensure!(person.sees("(212) 555-0100"), "no number to call: {}", person.page);
        let full = center_is(&center, 503, "full").await;
        full.context("the disk is full and it says it is ready")?;
    }
    println!("{acknowledged} acknowledged, {refused} refused");
    ensure!(refused >= 4, "the disk was never full");
    ensure!(acknowledged >= 20, "{acknowledged} only: it did not recover");
    center_is(&center, 200, "ready").await?;
    // Whoever was refused sends it again and is heard.
    for person in people.iter_mut().filter(|person| person.path != "/consultation/done") {
        person.press("/consultation/check", &[]).await?;
        ensure!(person.path == "/consultation/done", "{}: {}", person.status, person.page);
        acknowledged += 1;
    }
    let ended = center.asked_to_stop()?;
    let copy = tempfile::tempdir()?;
    soon("the log is folded in", async || {
        let log = std::fs::metadata(disk.seen().join("kith.db-wal"));
        Ok(log.map_or(0, |log| log.len()) == 0)
    })
    .await?;
    std::fs::copy(disk.seen().join("kith.db"), copy.path().join("kith.db"))?;
    ensure!(ended.stopped().await?.success());
    let tables =
        Database::connect(format!("sqlite://{}?mode=ro", copy.path().join("kith.db").display())).await?;
    let ask = sea_orm::Statement::from_string(tables.get_database_backend(), "SELECT COUNT(*) FROM requests");
    let kept: i64 = tables.query_one_raw(ask).await?.context("a row")?.try_get_by_index(0)?;
    ensure!(kept == acknowledged, "{acknowledged} acknowledged, {kept} kept");
    Ok(())
}

async fn center_is(center: &Center, status: u16, words: &str) -> Result<()> {
    soon(&format!("{status} {words}"), async || {
        let (told, reason) = readiness(center).await?;
        Ok(told == status && reason.contains(words))
    })
    .await
}

#[tokio::test]
async fn while_somebody_else_holds_the_file_words_stay_on_the_page_and_can_be_sent_again() -> Result<()> {
    let center = Center::start(Place::on_sqlite()?, "serve").await?;
    set_up(&center).await?;
    let mut mara = Visitor::from(&center, "203.0.113.9")?;
    mara.get("/consultation").await?.press("/consultation", &[]).await?;
    mara.press("/consultation/danger", &[("danger", "no")]).await?;
    mara.press("/consultation/for", &[("for_whom", "self")]).await?;
    mara.press("/consultation/name", &[("name", "Mara")]).await?;
    let reach = [("email", "mara@example.org"), ("email_ok", "yes"), ("call", "never")];
    mara.press("/consultation/contact", &reach).await?;
    // A copying tool that takes the whole file for itself, one connection alone.
    let mut one = ConnectOptions::new(format!("sqlite://{}", center.place().database()));
    one.max_connections(1);
    let holder = Database::connect(one).await?;
    holder.execute_unprepared("BEGIN IMMEDIATE").await?;
    let begun = Instant::now();
    mara.press("/consultation/words", &[("words", WORDS)]).await?;
    ensure!(mara.status == 503, "{}: {}", mara.status, mara.page);
    ensure!(begun.elapsed() < 2 * AT_ONCE, "she waited {:?}", begun.elapsed());
    ensure!(mara.sees("What you typed is still on this page.") && mara.sees(WORDS), "{}", mara.page);
    holder.execute_unprepared("COMMIT").await?;
    holder.close().await?;
    // The button of that page sends what stands on it.
    let words = mara.hidden("words").context("the words in the form")?.to_owned();
    mara.press("/consultation/words", &[("words", &words)]).await?;
    ensure!(mara.path == "/consultation/check" && mara.sees(WORDS), "{}: {}", mara.path, mara.page);
    Ok(())
}

/// A center on PostgreSQL whose line to its database a story holds in its hand.
async fn behind_a_wire() -> Result<(Center, Wire, String)> {
    let place = Place::on_postgres().await?;
    let database = place.database();
    let (before, after) = database.split_once("://").context("an address")?;
    let (server, name) = after.rsplit_once('/').context("a database")?;
    let (who, server) = server.rsplit_once('@').map_or(("", server), |(who, server)| (who, server));
    let wire =
        Wire::to(if server.contains(':') { server.to_owned() } else { format!("{server}:5432") }).await?;
    let who = if who.is_empty() { String::new() } else { format!("{who}@") };
    let through = format!("{before}://{who}{}/{name}?sslmode=disable", wire.address());
    let center = Center::start(place.with_database(&through), "serve").await?;
    set_up(&center).await?;
    Ok((center, wire, database))
}

// The line is carried while a program is waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_gone_or_hangs_every_page_says_so_at_once() -> Result<()> {
    let (center, wire, _) = behind_a_wire().await?;
    let mut linus = Visitor::new(&center)?;
    linus.get("/sign-in").await?;
    let password = [("name", "linus"), ("password", "four words nobody guesses")];
    linus.press("/sign-in", &password).await?;
    let signed_in = linus.path.clone();
    ensure!(signed_in != "/sign-in", "{}", linus.page);
    let mut people = Vec::new();
    for n in 0..3 {
        people.push(at_the_last_page(&center, n).await?);
    }
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let mut acknowledged = 0;
    for (weather, person) in [Line::Cut, Line::Silent, Line::Cut].into_iter().zip(&mut people) {
        wire.is_now(weather);
        let begun = Instant::now();
        person.press("/consultation/check", &[]).await?;
        ensure!(person.status == 503, "{weather:?}: {} {}", person.status, person.page);
        ensure!(begun.elapsed() < 2 * AT_ONCE, "{weather:?}: waited {:?}", begun.elapsed());
        ensure!(person.sees("(212) 555-0100"), "no number to call: {}", person.page);
        center_is(&center, 503, "does not answer").await?;
        // From now on it is known, and nobody waits.
        let begun = Instant::now();
        let mut ivo = Visitor::new(&center)?;
        ivo.get("/consultation").await?;
        ensure!(ivo.status == 503 && ivo.sees("(212) 555-0100"), "{weather:?}: {}", ivo.page);
        linus.get("/").await?;
        ensure!(linus.status == 503, "{weather:?}: staff were thrown out to {}", linus.path);
        ensure!(begun.elapsed() < AT_ONCE, "{weather:?}: {:?}", begun.elapsed());
        wire.is_now(Line::Open);
        center_is(&center, 200, "ready").await?;
        linus.get("/").await?;
        ensure!(linus.status == 200 && linus.path == signed_in, "{weather:?}: signed out, {}", linus.path);
        person.press("/consultation/check", &[]).await?;
        ensure!(person.path == "/consultation/done", "{weather:?}: {} {}", person.path, person.page);
        acknowledged += 1;
    }
    ensure!(requests(center.place()).await? == acknowledged, "acknowledged and kept differ");
    Ok(())
}
