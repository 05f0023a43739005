//! Takes the pictures of README from a running sample center: `scripts/screenshots`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use journeys::browser::Browser;
use journeys::program::{Center, Place};
use thirtyfour::prelude::*;

/// File, who looks (nobody for the public), width, dark, and the page.
const PICTURES: [(&str, &str, u32, bool, &str); 9] = [
    ("inbox", "ana", 1280, false, "/inbox"),
    ("request", "ana", 1280, false, "first /inbox /inbox/CR-"),
    ("call", "ana", 1280, false, "/call"),
    ("day", "ana", 1280, false, "/"),
    ("worklist", "carol", 1280, false, "/alumni"),
    ("connections", "carol", 1280, false, "first /alumni /clients/ connections"),
    ("plan", "carol", 1280, false, "first /alumni /clients/ plan"),
    ("question", "", 320, true, "/consultation"),
    ("today", "mina", 1280, false, "/dashboards/today"),
];

#[tokio::main]
async fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).context("a folder for the pictures")?);
    let center = Center::start(Place::on_sqlite()?, "demo").await?;
    for (name, who, width, dark, page) in PICTURES {
        let browser = Browser::open().await?;
        browser.look(width, dark).await?;
        if !who.is_empty() {
            sign_in(&browser, &center, who).await?;
        }
        browser.driver.goto(center.url(&address(&browser, &center, page).await?)).await?;
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        browser.driver.screenshot(&folder.join(format!("{name}.png"))).await?;
        println!("{name}.png");
        browser.close().await?;
    }
    Ok(())
}

async fn sign_in(browser: &Browser, center: &Center, who: &str) -> Result<()> {
    let driver = &browser.driver;
    driver.goto(center.url("/sign-in")).await?;
    driver.find(By::Id("name")).await?.send_keys(who).await?;
    driver.find(By::Id("password")).await?.send_keys("a sample pass phrase").await?;
    driver.find(By::Css("form.sheet button")).await?.click().await?;
    driver.query(By::Css("nav.rail")).first().await?;
    Ok(())
}

/// An address, or the first link of a list with another part of the record behind it: `first LIST PREFIX PART`.
async fn address(browser: &Browser, center: &Center, page: &str) -> Result<String> {
    let Some(words) = page.strip_prefix("first ") else { return Ok(page.to_owned()) };
    let mut words = words.split(' ');
    let (list, prefix, part) =
        (words.next().context("a list")?, words.next().context("a prefix")?, words.next());
    browser.driver.goto(center.url(list)).await?;
    let links = browser.driver.find_all(By::Css(format!("main a[href^='{prefix}']"))).await?;
    // In the middle of the list someone has more to show than at its head.
    let link = links.get(links.len() / 2).context("nobody is on the list")?;
    let href = link.attr("href").await?.context("a link")?;
    Ok(match part {
        Some(part) => href.rsplit_once('/').map_or(href.clone(), |(record, _)| format!("{record}/{part}")),
        None => href,
    })
}
