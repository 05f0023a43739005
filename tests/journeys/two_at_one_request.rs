//! Ana and Sam look at the same request. Each sees the other there before anyone is called twice.

use std::time::Duration;

use anyhow::{Result, ensure};
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;
use thirtyfour::By;

use crate::a_call::signed_in;

/// Waits until a part of the page says this, without a reload.
async fn says(browser: &Browser, id: &str, words: &str) -> Result<()> {
    browser.driver.execute("window.stays ??= true", vec![]).await?;
    for _ in 0..120 {
        let text = browser.driver.find(By::Css(id)).await?.text().await.unwrap_or_default();
        let came = if words.is_empty() { !text.contains("here now") } else { text.contains(words) };
        if came {
            let stayed = browser.driver.execute("return window.stays === true", vec![]).await?;
            ensure!(stayed.json() == &serde_json::json!(true), "the page was loaded anew");
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("{id} does not say {words:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sees_the_other_at_the_request_and_nobody_is_called_twice() -> Result<()> {
    let center = Center::demo().await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    mina.get("/inbox?view=nobodys").await?;
    let request = format!("/inbox/{}", mina.reference()?);
    let (ana, sam) = tokio::try_join!(signed_in(&center, "ana"), signed_in(&center, "sam"))?;
    ana.driver.goto(center.url(&request)).await?;
    says(&ana, "#request-here", "").await?;

    sam.driver.goto(center.url("/inbox")).await?;
    says(&sam, "#inbox-rows", "Ana Ruiz is here now").await?;
    sam.driver.goto(center.url(&request)).await?;
    says(&sam, "#request-here", "Ana Ruiz is here now").await?;
    says(&ana, "#request-here", "Sam Whitfield is here now").await?;

    // Ana takes it: Sam sees what happened while he reads.
    ana.press("form[action$='/claim'] button").await?;
    says(&sam, "#request-events", "took a request").await?;
    ana.driver.goto(center.url("/clients")).await?;
    says(&sam, "#request-here", "").await?;
    tokio::try_join!(ana.close(), sam.close())?;
    Ok(())
}
