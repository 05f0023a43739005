//! Measures the program beside a handler that runs the same statements with the driver and sends the same bytes:
//! `scripts/bench`. Rounds alternate, so that both have the same machine.

mod loading;
mod minimal;
mod multiplying;

use std::time::Duration;

use anyhow::{Context, Result};
use journeys::program::{Center, Place, free_port};
use journeys::visitor::Visitor;
use loading::{Asking, Figures, round};

/// Rounds of each, and how long one takes.
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.get(1).is_some_and(|a| a == "minimal") {
        let (file, port) = (arguments.get(2).context("a file")?, arguments.get(3).context("a port")?);
        return minimal::serve(file, port.parse()?).await;
    }
    println!(
        "| People | What | Ours: requests a second | p50 | p99 | Minimal: requests a second | Ours of minimal |"
    );
    println!("|---|---|---|---|---|---|---|");
    for people in arguments.iter().skip(1) {
        measure(people.parse()?).await?;
    }
    Ok(())
}

async fn measure(people: i64) -> Result<()> {
    let mut center = Center::start(Place::on_sqlite()?, "demo").await?;
    center.kill_and_start_again().await?;
    multiplying::to(center.place(), people).await?;
    center.kill_and_start_again().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let ray = Visitor::signed_in(&center, "ray").await?;
    ana.get("/clients?q=zoe").await?;
    let record = format!("/clients/{}", ana.between("href=\"/clients/", "\"").context("a record")?);
    let mut visitor = Visitor::new(&center)?;
    visitor.get("/consultation").await?.press("/consultation", &[]).await?;
    let port = free_port()?;
    let file = center.place().data().join("kith.db").display().to_string();
    let mut beside = std::process::Command::new(std::env::current_exe()?)
        .args(["minimal", &file, &port.to_string()])
        .spawn()?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    for (what, path, cookie, form) in [
        ("Inbox", "/inbox", ana.cookie(), None),
        ("Client record", record.as_str(), ana.cookie(), None),
        ("Search", "/clients?q=zo", ana.cookie(), None),
        ("Alumni worklist", "/alumni", ray.cookie(), None),
        (
            "Public form, one answer kept",
            "/consultation/words",
            visitor.cookie(),
            Some("words=Can+someone+call%3F"),
        ),
    ] {
        let ours = Asking { url: center.url(path), cookie, form };
        let bytes = ours.bytes().await?;
        let theirs = Asking {
            url: format!(
                "http://127.0.0.1:{port}/{}?bytes={bytes}&of={}",
                minimal::name(what),
                record.trim_start_matches("/clients/")
            ),
            cookie: String::new(),
            form: None,
        };
        round(&ours, ROUND / 2).await?;
        let (mut us, mut them) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            us.push(round(&ours, ROUND).await?);
            if minimal::has(what) {
                them.push(round(&theirs, ROUND).await?);
            }
        }
        print_row(people, what, &us, &them);
    }
    beside.kill()?;
    beside.wait()?;
    Ok(())
}

fn print_row(people: i64, what: &str, us: &[Figures], them: &[Figures]) {
    let (rate, p50, p99) = (median(us, |f| f.rate), median(us, |f| f.p50), median(us, |f| f.p99));
    let spread = us.iter().map(|f| f.rate).fold((f64::MAX, 0.0_f64), |(a, b), r| (a.min(r), b.max(r)));
    let beside = if them.is_empty() {
        "– | –".to_owned()
    } else {
        let minimal = median(them, |f| f.rate);
        format!("{minimal:.0} | {:.2}", rate / minimal)
    };
    println!(
        "| {people} | {what} | {rate:.0} ({:.0}–{:.0}) | {p50:.1} ms | {p99:.1} ms | {beside} |",
        spread.0, spread.1
    );
}

fn median(figures: &[Figures], of: impl Fn(&Figures) -> f64) -> f64 {
    let mut all: Vec<f64> = figures.iter().map(of).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(0.0)
}
