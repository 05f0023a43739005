//! Clients that say nothing, or say it letter by letter, keep nobody out, and are let go.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use journeys::program::Center;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Silent ones, and as many slow ones.
const OF_EACH: usize = 150;
/// They are let go after twenty seconds; a busy machine may be late.
const LET_GO: Duration = Duration::from_secs(40);

#[tokio::test]
async fn three_hundred_who_say_nothing_or_say_it_slowly_are_let_go_and_others_are_served() -> Result<()> {
    let center = Center::demo().await?;
    let mut held = Vec::new();
    for n in 0..2 * OF_EACH {
        let mut client = TcpStream::connect(center.address()).await?;
        if n % 2 == 1 {
            client.write_all(b"GET /consultation HTTP/1.1\r\nHost: cedar\r\nX-").await?;
        }
        held.push(client);
    }
    let begun = Instant::now();
    for _ in 0..5 {
        let asked = Instant::now();
        let answer = reqwest::get(center.url("/consultation")).await?;
        ensure!(
            answer.status().is_success() && asked.elapsed() < Duration::from_secs(5),
            "{:?}",
            asked.elapsed()
        );
    }
    // Every second one goes on letter by letter: that buys no time.
    let mut slow = 0;
    for (n, client) in held.iter_mut().enumerate() {
        if n % 2 == 1 && client.write_all(b"a").await.is_ok() {
            slow += 1;
        }
    }
    let mut let_go = 0;
    for client in &mut held {
        let left = LET_GO.saturating_sub(begun.elapsed());
        let mut rest = Vec::new();
        // An end, or a line that was cut: both are a connection that is no more.
        let_go += usize::from(tokio::time::timeout(left, client.read_to_end(&mut rest)).await.is_ok());
    }
    println!("{let_go} of {} let go after {:?}", 2 * OF_EACH, begun.elapsed());
    ensure!(slow > OF_EACH / 2, "they were let go before they could be slow: {slow}");
    ensure!(let_go == 2 * OF_EACH, "{} hold on", 2 * OF_EACH - let_go);
    Ok(())
}
