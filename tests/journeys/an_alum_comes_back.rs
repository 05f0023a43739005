//! An alum writes again after a hard month. Nobody asks her to begin anew: Ana sees who it may be, makes sure, and the
//! same record goes on.

use anyhow::{Context, Result, ensure};
use journeys::at::At;
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;

/// Someone who went home and has a phone: her record, her name, her number.
async fn an_alum(center: &Center) -> Result<(String, String, String)> {
    let mut carol = Visitor::signed_in(center, "carol").await?;
    carol.get("/alumni").await?;
    let links = carol.page.split("href=\"/clients/").skip(1).filter_map(|rest| rest.split('"').next());
    let mut records: Vec<String> = links.map(|id| id.split('/').next().unwrap_or(id).to_owned()).collect();
    records.dedup();
    for id in records {
        let record = format!("/clients/{id}");
        carol.get(&record).await?;
        let name = carol.between("<h1>", "</h1>").unwrap_or_default().to_owned();
        let phone = carol.page.split_once("(212) 555-01").and_then(|(_, rest)| rest.get(..2));
        if let Some(phone) = phone.filter(|_| name.is_ascii() && name.contains(' ')) {
            return Ok((record, name, format!("(212) 555-01{phone}")));
        }
    }
    anyhow::bail!("no alum with a phone")
}

#[tokio::test]
async fn she_is_known_and_does_not_begin_anew() -> Result<()> {
    let center = Center::demo().await?;
    let (record, name, phone) = an_alum(&center).await?;
    let browser = Browser::open().await?;
    browser.look(1280, false).await?;
    let at = At { browser: &browser, center: &center };
    let answers = [
        ("danger", "no"),
        ("for_whom", "self"),
        ("name", name.as_str()),
        ("phone", phone.as_str()),
        ("call", "any"),
        ("words", "I was with you last year. It is a hard month."),
    ];
    let reference = at.asks(&answers).await?;
    // Nothing she sees says that she is known.
    at.sees(&format!("We have your note, {name}.")).await?;

    at.sign_in("ana").await?;
    at.open(&format!("/inbox/{reference}")).await?;
    at.sees("Same phone number").await?;
    at.press("They are known here").await?;
    at.sees("Choose how you know that it is them").await?;
    at.fill("known_by", "birth_date").await?;
    at.press("They are known here").await?;
    at.sees("They come back.").await?;
    at.sees("I was with you last year. It is a hard month.").await?;
    at.takes_it().await?;
    at.choose("outcome", "reached").await?;
    at.press("Record the call").await?;
    at.fill("level", "2.1").await?;
    at.fill("admitted_on", &center.today()?.to_string()).await?;
    at.press("Make a client record").await?;
    ensure!(at.path().await? == record, "another record was begun: {}", at.path().await?);
    at.sees("2.1 Intensive Outpatient").await?;
    let page = browser.driver.source().await?;
    ensure!(page.contains(&format!("/inbox/{reference}")), "the record does not lead to the request");
    page.find("What happened").context("the record")?;
    browser.close().await
}
