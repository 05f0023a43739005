//! A mail server that takes the call and never says a word holds the letters it was given, and nothing else.

use std::io::Write;
use std::net::TcpListener;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use journeys::program::{Center, Place};
use journeys::visitor::Visitor;
use journeys::weather::soon;

use crate::when_the_power_goes::{at_the_last_page, set_up};

#[tokio::test]
async fn a_letter_that_hangs_stops_no_other_and_no_other_work() -> Result<()> {
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let place = Place::fresh().await?;
    std::fs::create_dir(place.data())?;
    let smtp = format!(
        "public_url = \"https://cedar-office.example\"\n[smtp]\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"loopback\"\n\
         helo = \"cedar-office.example\"\n",
        silent.local_addr()?.port()
    );
    std::fs::write(place.data().join("kith.toml"), smtp)?;
    let center = Center::start(place, "serve").await?;
    set_up(&center).await?;
    let mut people: Vec<Visitor> = Vec::new();
    for n in 0..8 {
        people.push(at_the_last_page(&center, n).await?);
    }
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    for person in &mut people {
        person.press("/consultation/check", &[]).await?;
        ensure!(person.path == "/consultation/done", "{}", person.page);
    }
    let count = async |sql: &str| center.place().count(sql).await;
    soon("a second letter is on its way while the first one hangs", async || {
        Ok(count("SELECT COUNT(*) FROM messages WHERE state = 'sending'").await? >= 2)
    })
    .await?;
    // Somebody writes to the center meanwhile, and open pages are told of it.
    let mut pipe = center.place().command(&["intake", "mail"])?.stdin(Stdio::piped()).spawn()?;
    let mail = "From: Lee <lee@example.org>\r\nTo: hello@cedar-office.example\r\nSubject: a question\r\n\
                Message-ID: <one@example.org>\r\nDate: Tue, 01 Dec 2026 10:00:00 -0600\r\n\r\nMay I come by?\r\n";
    pipe.stdin.take().context("its input")?.write_all(mail.as_bytes())?;
    ensure!(pipe.wait()?.success());
    soon("the work that is no letter is done", async || {
        Ok(count("SELECT COUNT(*) FROM jobs WHERE kind = 'tell_inbox' AND state = 'done'").await? == 1)
    })
    .await?;
    ensure!(count("SELECT COUNT(*) FROM messages WHERE state = 'sent'").await? == 0, "it did not hang");
    Ok(())
}
