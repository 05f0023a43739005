//! Two hundred people look at the inbox while twenty changes a second are made: `scripts/bench viewers`. How long until
//! the news is there, how long until the page is, and how much memory the program takes. A viewer does what the page
//! does: it fetches itself when something is new, and what comes meanwhile is fetched once afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use journeys::program::{Center, Place};
use journeys::visitor::Visitor;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::loading::Asking;

/// How many look, how many changes are made a second, and for how long.
const VIEWERS: usize = 200;
const A_SECOND: u32 = 20;
const SECONDS: u32 = 10;

/// The clock of one run: when the newest change was asked for, in microseconds, and whether it is over.
struct Run {
    began: Instant,
    changed: AtomicU64,
    over: AtomicBool,
}

impl Run {
    fn since(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// Measures and prints one row.
pub async fn measure(store: &str) -> Result<()> {
    let place = if store == "postgres" { Place::on_postgres().await? } else { Place::on_sqlite()? };
    let center = Center::start(place, "demo").await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/inbox?view=nobodys").await?;
    let request = format!("/inbox/{}", ana.reference()?);
    let watching = Visitor::signed_in(&center, "mina").await?.cookie();
    let alone = memory(center.process())?;
    let run =
        Arc::new(Run { began: Instant::now(), changed: AtomicU64::new(0), over: AtomicBool::new(false) });
    let viewers: Vec<_> =
        (0..VIEWERS).map(|_| tokio::spawn(view(run.clone(), center.address(), watching.clone()))).collect();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let looked_at = memory(center.process())?;
    let (mut made, mut most) = (Vec::new(), looked_at);
    let mut beat = tokio::time::interval(Duration::from_secs(1) / A_SECOND);
    for n in 0..A_SECOND * SECONDS {
        beat.tick().await;
        let what = if n % 2 == 0 { "claim" } else { "release" };
        run.changed.store(run.since(), Ordering::SeqCst);
        let asked = Instant::now();
        ana.pressed(&format!("{request}/{what}"), &[]).await?;
        made.push(millis(asked.elapsed()));
        most = most.max(memory(center.process())?);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    run.over.store(true, Ordering::SeqCst);
    let (mut told, mut shown) = (Vec::new(), Vec::new());
    for viewer in viewers {
        let (news, pages) = viewer.await??;
        told.extend(news);
        shown.extend(pages);
    }
    println!(
        "| {store} | {VIEWERS} | {A_SECOND} | {} | {} | {} | {} pages in {SECONDS} s | {alone} → {looked_at} → {most} MiB |",
        both(&mut made),
        both(&mut told),
        both(&mut shown),
        shown.len()
    );
    Ok(())
}

/// One viewer: milliseconds from a change to its news, and to the page that shows it.
async fn view(run: Arc<Run>, at: String, cookie: String) -> Result<(Vec<f64>, Vec<f64>)> {
    let mut live = TcpStream::connect(&at).await?;
    live.write_all(format!("GET /live HTTP/1.1\r\nhost: {at}\r\ncookie: {cookie}\r\n\r\n").as_bytes())
        .await?;
    let page = Asking { at, path: "/inbox".into(), cookie, form: None };
    let (mut told, mut shown) = (Vec::new(), Vec::new());
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let heard = tokio::time::timeout(Duration::from_millis(500), live.read(&mut buffer)).await;
        if run.over.load(Ordering::SeqCst) {
            return Ok((told, shown));
        }
        let Ok(read) = heard else { continue };
        let read = read.context("the news")?;
        anyhow::ensure!(read > 0, "the news ended");
        let said = String::from_utf8_lossy(buffer.get(..read).unwrap_or_default()).into_owned();
        let changed = run.changed.load(Ordering::SeqCst);
        if changed == 0 || !said.contains("inbox") {
            continue;
        }
        told.push(since(&run, changed));
        page.answer().await?;
        shown.push(since(&run, changed));
    }
}

fn since(run: &Run, changed: u64) -> f64 {
    millis(Duration::from_micros(run.since().saturating_sub(changed)))
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1000.0
}

/// The median and the 99th of a hundred.
fn both(times: &mut [f64]) -> String {
    times.sort_by(f64::total_cmp);
    let at = |hundredth: usize| times.get(times.len() * hundredth / 100).copied().unwrap_or(0.0);
    format!("{:.1} / {:.1} ms", at(50), at(99))
}

/// The memory a process holds, in MiB.
fn memory(process: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("its memory")?;
    let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes / 1024)
}
