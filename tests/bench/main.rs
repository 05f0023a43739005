//! Measures the program beside a handler that runs the same statements with the driver and sends the same bytes:
//! `scripts/bench`. Rounds alternate, so that both have the same machine.

mod loading;
mod minimal;
mod multiplying;
mod requests;
mod statements;
mod viewing;

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use journeys::program::{Center, Place, free_port};
use journeys::visitor::Visitor;
use loading::{Asking, Figures, each_once, round};
use minimal::{Asked, Doing};
use sea_orm::{ConnectionTrait, Statement};
use uuid::Uuid;

/// Rounds of each, and how long one takes.
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const SENT: &str = "Public form, sent";
const PLAN: &str = "Plan, drawn and kept";
/// Whole forms that are sent, all asked before the first is.
const FORMS: usize = 640;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, database, port] = arguments.as_slice()
        && word == "minimal"
    {
        return minimal::serve(database, port.parse()?).await;
    }
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["requests", store, sizes @ ..] => {
            println!(
                "| Store | Requests | What | A second | p50 | p99 | | | |\n|---|---|---|---|---|---|---|---|---|"
            );
            for requests in sizes {
                requests::measure(store, requests.parse()?).await?;
            }
            return Ok(());
        }
        ["viewers", store] => {
            println!(
                "| Store | Viewers | Changes a second | A change | Its news | Its page | Fetched | Memory |"
            );
            println!("|---|---|---|---|---|---|---|---|");
            return viewing::measure(store).await;
        }
        _ => {}
    }
    println!(
        "| Store | People | What | Ours: a second | p50 | p99 | Minimal: a second | p99 | Ours of minimal |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let (store, rest) = arguments.split_first().context("bench STORE PEOPLE … [only WHAT]")?;
    let (sizes, only) = match rest.iter().position(|word| word == "only") {
        Some(at) => (rest.get(..at).unwrap_or_default(), rest.get(at + 1)),
        None => (rest, None),
    };
    for people in sizes {
        measure(store, people.parse()?, only.map(String::as_str)).await?;
    }
    Ok(())
}

/// A page, who asks for it, and the statements behind it.
struct Page {
    what: &'static str,
    path: String,
    cookie: String,
    form: Option<&'static str>,
    statements: Vec<Asked>,
}

async fn measure(store: &str, people: i64, only: Option<&str>) -> Result<()> {
    let place = if store == "postgres" { Place::on_postgres().await? } else { Place::on_sqlite()? };
    let mut center = Center::start(place, "demo").await?;
    center.kill_and_start_again().await?;
    multiplying::to(center.place(), people).await?;
    let started = Instant::now();
    center.kill_and_start_again().await?;
    eprintln!("{store}, {people} people: ready again after {:.1} s", started.elapsed().as_secs_f64());
    let port = free_port()?;
    let mut beside = std::process::Command::new(std::env::current_exe()?)
        .args(["minimal", &center.place().database(), &port.to_string()])
        .spawn()?;
    let measured = all(&center, store, people, port, only).await;
    beside.kill()?;
    beside.wait()?;
    measured
}

async fn all(center: &Center, store: &str, people: i64, port: u16, only: Option<&str>) -> Result<()> {
    let wanted = |what: &str| only.is_none_or(|only| only == what);
    let label = format!("| {store} | {people}");
    // What a program does right after its start is done: letters that are due are queued.
    tokio::time::sleep(Duration::from_secs(5)).await;
    for page in pages(center, store == "postgres").await? {
        if !wanted(page.what) {
            continue;
        }
        let ours = Asking {
            at: center.address(),
            path: page.path,
            cookie: page.cookie,
            form: page.form.map(str::to_owned),
        };
        let sent = String::from_utf8(ours.answer().await?)?;
        let theirs = tell(port, page.what, page.statements, sent, ours.form.is_some()).await?;
        round(&ours, ROUND / 2).await?;
        round(&theirs, ROUND / 2).await?;
        let (mut us, mut them) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            us.push(round(&ours, ROUND).await?);
            them.push(round(&theirs, ROUND).await?);
        }
        print_row(&label, page.what, &us, &them);
    }
    if wanted(SENT) {
        print_row(&label, SENT, &[forms(center).await?], &[]);
    }
    if wanted(PLAN) {
        print_row(&label, PLAN, &plans(center).await?, &[]);
    }
    Ok(())
}

async fn pages(center: &Center, postgres: bool) -> Result<Vec<Page>> {
    let mut ana = Visitor::signed_in(center, "ana").await?;
    let ray = Visitor::signed_in(center, "ray").await?;
    ana.get("/clients?q=zoe").await?;
    let record = ana.between("href=\"/clients/", "\"").context("a record")?.to_owned();
    let mut visitor = Visitor::new(center)?;
    visitor.get("/consultation").await?.press("/consultation", &[]).await?;
    let page = |what, path: &str, cookie: String, statements| Page {
        what,
        path: path.to_owned(),
        cookie,
        form: None,
        statements,
    };
    let rays = key_of(center, "ray").await?;
    Ok(vec![
        page("Inbox", "/inbox", ana.cookie(), statements::inbox()),
        page(
            "Client record",
            &format!("/clients/{record}"),
            ana.cookie(),
            statements::record(record.parse()?),
        ),
        page("Search", "/clients?q=zo", ana.cookie(), statements::search("zo", postgres)),
        page("Alumni worklist", "/alumni", ray.cookie(), statements::worklist(rays)),
        Page {
            form: Some("words=Can+someone+call%3F"),
            ..page("Public form, one answer", "/consultation/words", visitor.cookie(), statements::answer())
        },
    ])
}

/// The key of a member of staff.
async fn key_of(center: &Center, name: &str) -> Result<Uuid> {
    let tables = center.place().tables().await?;
    let ask = format!("SELECT id FROM staff WHERE sign_in_name = '{name}'");
    let row = tables.query_one_raw(Statement::from_string(tables.get_database_backend(), ask)).await?;
    Ok(row.context("someone")?.try_get_by_index(0)?)
}

/// Tells the minimal program what to do.
async fn tell(port: u16, what: &str, statements: Vec<Asked>, page: String, form: bool) -> Result<Asking> {
    let name = what.to_lowercase().replace([' ', ','], "-");
    let url = format!("http://127.0.0.1:{port}/{name}");
    let body = serde_json::to_string(&Doing { statements, page })?;
    let client = reqwest::Client::new();
    let told = client.put(url).header("content-type", "application/json").body(body).send().await?;
    told.error_for_status()?;
    let form = form.then(|| "words=Can+someone+call%3F".to_owned());
    Ok(Asking { at: format!("127.0.0.1:{port}"), path: format!("/{name}"), cookie: String::new(), form })
}

/// People who answered every question, and then all send.
async fn forms(center: &Center) -> Result<Figures> {
    let mut ready = Vec::new();
    for n in 0..FORMS {
        let mut visitor = Visitor::from(center, &format!("10.{}.{}.7", n / 250, n % 250))?;
        visitor.get("/consultation").await?.press("/consultation", &[]).await?;
        for (step, fields) in [
            ("danger", vec![("danger", "no")]),
            ("for", vec![("for_whom", "self")]),
            ("name", vec![("name", "Jo")]),
            ("contact", vec![("phone", "212 555 0142"), ("call", "ok")]),
            ("answering", vec![("voicemail", "never"), ("answering", "hang_up")]),
            ("words", vec![("words", "Can someone call?")]),
        ] {
            visitor.press(&format!("/consultation/{step}"), &fields).await?;
        }
        anyhow::ensure!(visitor.path == "/consultation/check", "it stopped at {}", visitor.path);
        ready.push(Asking {
            at: center.address(),
            path: "/consultation/check".into(),
            cookie: visitor.cookie(),
            form: Some(String::new()),
        });
    }
    // Whoever sends within two seconds is no person.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let before = center.place().count("SELECT COUNT(*) FROM requests").await?;
    let figures = each_once(ready).await?;
    let sent = center.place().count("SELECT COUNT(*) FROM requests").await? - before;
    anyhow::ensure!(sent == i64::try_from(FORMS)?, "{sent} of {FORMS} arrived");
    Ok(figures)
}

/// A counselor's client copy of a plan, again and again.
async fn plans(center: &Center) -> Result<Vec<Figures>> {
    let mut ray = Visitor::signed_in(center, "ray").await?;
    ray.get("/alumni").await?;
    let person = ray.between("href=\"/clients/", "/check-ins").context("an alum")?.to_owned();
    ray.get(&format!("/clients/{person}/plan")).await?;
    let token = ray.hidden("form_token").unwrap_or_default().to_owned();
    let asking = Asking {
        at: center.address(),
        path: format!("/clients/{person}/plan/pdf"),
        cookie: ray.cookie(),
        form: Some(format!("form_token={token}")),
    };
    let drawn = asking.answer().await?;
    anyhow::ensure!(drawn.starts_with(b"%PDF"), "no plan was drawn");
    let mut figures = Vec::new();
    for _ in 0..ROUNDS {
        figures.push(round(&asking, ROUND).await?);
    }
    Ok(figures)
}

fn print_row(label: &str, what: &str, us: &[Figures], them: &[Figures]) {
    let (rate, p50, p99) = (median(us, |f| f.rate), median(us, |f| f.p50), median(us, |f| f.p99));
    let spread = us.iter().map(|f| f.rate).fold((f64::MAX, 0.0_f64), |(a, b), r| (a.min(r), b.max(r)));
    let beside = if them.is_empty() {
        "– | – | –".to_owned()
    } else {
        let minimal = median(them, |f| f.rate);
        format!("{minimal:.0} | {:.1} ms | {:.2}", median(them, |f| f.p99), rate / minimal)
    };
    println!(
        "{label} | {what} | {rate:.0} ({:.0}–{:.0}) | {p50:.1} ms | {p99:.1} ms | {beside} |",
        spread.0, spread.1
    );
}

fn median(figures: &[Figures], of: impl Fn(&Figures) -> f64) -> f64 {
    let mut all: Vec<f64> = figures.iter().map(of).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(0.0)
}
