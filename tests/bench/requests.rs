//! The inbox and the page of a request, with ten thousand, a hundred thousand, a million requests that are over behind
//! those of today: `scripts/bench requests`. A list of today must not feel how much there was before.

use anyhow::{Context, Result};
use journeys::program::{Center, Place};
use journeys::visitor::Visitor;

use crate::loading::{Asking, round};
use crate::{ROUND, ROUNDS, multiplying, print_row};

/// What is opened.
const PAGES: [(&str, &str); 6] = [
    ("Inbox, everyone", "/inbox"),
    ("Inbox, mine", "/inbox?view=mine"),
    ("Inbox, overdue", "/inbox?view=overdue"),
    ("Inbox, closed", "/inbox?view=closed"),
    ("Inbox, by phone", "/inbox?channel=phone"),
    ("A request", ""),
];

/// Measures with so many requests.
pub async fn measure(store: &str, requests: i64) -> Result<()> {
    let place = if store == "postgres" { Place::on_postgres().await? } else { Place::on_sqlite()? };
    let mut center = Center::start(place, "demo").await?;
    center.kill_and_start_again().await?;
    multiplying::requests(center.place(), requests).await?;
    center.kill_and_start_again().await?;
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    let there = center.place().count("SELECT COUNT(*) FROM requests").await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/inbox").await?;
    let open = format!("/inbox/{}", ana.reference()?);
    for (what, path) in PAGES {
        let path = if path.is_empty() { open.clone() } else { path.to_owned() };
        let asking = Asking { at: center.address(), path, cookie: ana.cookie(), form: None };
        asking.answer().await.context(what)?;
        round(&asking, ROUND / 2).await?;
        let mut figures = Vec::new();
        for _ in 0..ROUNDS {
            figures.push(round(&asking, ROUND).await?);
        }
        print_row(&format!("| {store} | {there}"), what, &figures, &[]);
    }
    Ok(())
}
