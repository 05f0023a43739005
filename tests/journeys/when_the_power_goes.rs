//! Power cuts: what a person was told is kept, is kept; what is half done is not there.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Result;
use journeys::program::{Center, Place};
use journeys::visitor::Visitor;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

/// People who ask while the lights go out.
const PEOPLE: usize = 200;

/// The first administrator sets the center up.
pub async fn set_up(center: &Center) -> Result<()> {
    anyhow::ensure!(Visitor::new(center)?.sets_up(&center.setup_code()?).await?, "not set up");
    Ok(())
}

/// Someone fills the public form up to the page before sending, from an address of their own.
pub async fn at_the_last_page(center: &Center, n: usize) -> Result<Visitor> {
    let mut person = Visitor::from(center, &format!("203.0.{}.{}", n / 250, n % 250 + 1))?;
    person.get("/consultation").await?.press("/consultation", &[]).await?;
    person.press("/consultation/danger", &[("danger", "no")]).await?;
    person.press("/consultation/for", &[("for_whom", "self")]).await?;
    person.press("/consultation/name", &[("name", &format!("Person {n}"))]).await?;
    let email = format!("person{n}@example.org");
    let reach = [("email", email.as_str()), ("email_ok", "yes"), ("call", "never")];
    person.press("/consultation/contact", &reach).await?;
    person.press("/consultation/words", &[("words", "Can someone write to me?")]).await?;
    anyhow::ensure!(person.path == "/consultation/check", "{}: {}", person.path, person.page);
    Ok(person)
}

/// Sends, and sends again when the line broke, as people do; the reference they were told.
pub async fn send_until_told(person: &mut Visitor) -> Result<String> {
    for _ in 0..400 {
        let sent = person.press("/consultation/check", &[]).await;
        if sent.is_ok() && person.path == "/consultation/done" {
            return person.reference();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    anyhow::bail!("never told: {} {}", person.status, person.path)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_ask_while_the_program_is_killed_again_and_again() -> Result<()> {
    let mut center = Center::empty().await?;
    set_up(&center).await?;
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(at_the_last_page(&center, n).await?);
    }
    // Nobody reads and answers seven questions in two seconds.
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let waiting = Arc::new(Mutex::new(people));
    let told = Arc::new(Mutex::new(BTreeSet::new()));
    let trouble = Arc::new(Mutex::new(Vec::new()));
    let at_it = Arc::new(AtomicUsize::new(8));
    for _ in 0..8 {
        let (waiting, told, at_it) = (waiting.clone(), told.clone(), at_it.clone());
        let trouble = trouble.clone();
        tokio::spawn(async move {
            while let Some(mut person) = { waiting.lock().await.pop() } {
                match send_until_told(&mut person).await {
                    Ok(reference) => _ = told.lock().await.insert(reference),
                    Err(e) => trouble.lock().await.push(format!("{e:#}")),
                }
            }
            at_it.fetch_sub(1, Ordering::SeqCst);
        });
    }
    // Moments from a small generator with a fixed beginning: the same kills every time, as far as time allows.
    let (mut seed, mut kills) = (20_261_124_u64, 0);
    while at_it.load(Ordering::SeqCst) > 0 {
        // On a busy machine it takes a while to get anywhere: the lights go out in the middle of what goes on after that.
        somebody_more_is_told(&told, &at_it).await;
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        tokio::time::sleep(Duration::from_millis(15 + (seed >> 33) % 120)).await;
        center.kill_and_start_again().await?;
        kills += 1;
    }
    center.kill_and_start_again().await?;
    let (told, trouble) = (told.lock().await.clone(), trouble.lock().await.clone());
    assert!(trouble.is_empty(), "{trouble:?}");
    assert_eq!(told.len(), PEOPLE, "everyone was told a reference of their own");
    let place = center.place();
    for reference in &told {
        let kept = format!("SELECT COUNT(*) FROM requests WHERE reference = '{reference}'");
        assert_eq!(place.count(&kept).await?, 1, "{reference} was told and is not there");
    }
    whole(place).await?;
    assert!(kills >= 3, "the lights went out {kills} times only");
    println!("{PEOPLE} told, {kills} kills");
    assert!(center.says(&["audit", "verify"])?.contains("The chain holds."));
    Ok(())
}

/// Waits until one more of them was told a reference, or nobody is at it any more.
async fn somebody_more_is_told(told: &Mutex<BTreeSet<String>>, at_it: &AtomicUsize) {
    let before = told.lock().await.len();
    while told.lock().await.len() == before && at_it.load(Ordering::SeqCst) > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Every request once, each with its ledger row, its letter and the job that sends it; nothing without the others.
async fn whole(place: &Place) -> Result<()> {
    let all = i64::try_from(PEOPLE)?;
    for (what, sql) in [
        ("requests", "SELECT COUNT(*) FROM requests"),
        ("people", "SELECT COUNT(*) FROM people"),
        ("letters", "SELECT COUNT(*) FROM messages WHERE letter = 'we_got_your_note'"),
        ("jobs", "SELECT COUNT(*) FROM jobs WHERE kind = 'send_message'"),
        ("ledger rows", "SELECT COUNT(*) FROM ledger WHERE act = 'receive_request'"),
        (
            "requests with their ledger row",
            "SELECT COUNT(*) FROM requests r JOIN ledger l ON l.subject_id = r.id AND l.act = 'receive_request'",
        ),
        (
            "requests with their letter",
            "SELECT COUNT(*) FROM requests r JOIN messages m ON m.subject_id = r.id AND m.person_id = r.caller_id",
        ),
    ] {
        assert_eq!(place.count(sql).await?, all, "{what}");
    }
    Ok(())
}

#[tokio::test]
async fn a_stop_waits_for_what_is_under_way_and_not_for_open_pages() -> Result<()> {
    let center = Center::demo().await?;
    let ana = Visitor::signed_in(&center, "ana").await?;
    // A page that listens for news would stay open for ever.
    let listening = ana.opened("/live").await?;
    assert_eq!(listening.status().as_u16(), 200);
    let mut slow = Visitor::new(&center)?;
    slow.get("/sign-in").await?;
    let form = format!(
        "name=ana&password=not+the+pass+phrase&form_token={}",
        slow.hidden("form_token").unwrap_or_default()
    );
    let mut line = TcpStream::connect(center.address()).await?;
    let head = format!(
        "POST /sign-in HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        center.address(),
        slow.cookie(),
        form.len()
    );
    line.write_all(head.as_bytes()).await?;
    let mut answer = [0; 1024];
    let read = line.read(&mut answer).await?;
    let asked_for_more = String::from_utf8_lossy(answer.get(..read).unwrap_or_default());
    assert!(asked_for_more.starts_with("HTTP/1.1 100"), "it is not under way: {asked_for_more}");
    let begun = std::time::Instant::now();
    let stopping = center.asked_to_stop()?;
    while TcpStream::connect(stopping.address()).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    line.write_all(form.as_bytes()).await?;
    let mut answer = String::new();
    line.read_to_string(&mut answer).await?;
    assert!(answer.starts_with("HTTP/1.1 422"), "what was under way was not answered: {answer}");
    let status = stopping.stopped().await?;
    assert!(status.success(), "{status}");
    // Open requests get ten seconds before they are cut off; a page that listens must not use them up.
    assert!(begun.elapsed() < Duration::from_secs(8), "it waited for an open page");
    Ok(())
}
