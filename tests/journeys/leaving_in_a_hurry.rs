//! Someone comes into the room: Shift three times or the button, and neither Back nor the page itself shows what was typed.

use std::time::Duration;

use anyhow::Result;
use journeys::browser::Browser;
use journeys::program::Center;
use thirtyfour::prelude::*;

const WORDS: &str = "My brother must not see this";

/// Jo has sent one answer and is typing the next.
async fn typing(browser: &Browser, center: &Center) -> Result<()> {
    let driver = &browser.driver;
    driver.goto(center.url("/consultation")).await?;
    browser.press("main form button").await?;
    driver.goto(center.url("/consultation/name")).await?;
    driver.find(By::Id("name")).await?.send_keys("Jo Secret").await?;
    browser.press("main form button").await?;
    driver.goto(center.url("/consultation/words")).await?;
    driver.find(By::Id("words")).await?.send_keys(WORDS).await?;
    Ok(())
}

/// The browser is elsewhere, and nothing of ours is to be found by going back.
async fn gone(browser: &Browser, center: &Center) -> Result<()> {
    let driver = &browser.driver;
    let here = center.url("");
    for _ in 0..100 {
        if !driver.current_url().await?.as_str().starts_with(&here) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!driver.current_url().await?.as_str().starts_with(&here), "still here");
    for _ in 0..4 {
        driver.back().await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let shown = driver
            .execute("return document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map(e => e.value).join(' ')", vec![])
            .await?;
        let shown = shown.json().to_string();
        assert!(!shown.contains(WORDS) && !shown.contains("Jo Secret"), "Back shows what was typed");
    }
    driver.goto(center.url("/consultation/words")).await?;
    assert!(driver.current_url().await?.path() == "/consultation", "the answers are still kept");
    Ok(())
}

async fn shift(browser: &Browser) -> Result<()> {
    Ok(browser.driver.action_chain().key_down(Key::Shift).key_up(Key::Shift).perform().await?)
}

#[tokio::test]
async fn shift_three_times_leaves_nothing_behind() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    typing(&browser, &center).await?;
    shift(&browser).await?;
    shift(&browser).await?;
    assert!(
        browser.driver.current_url().await?.path() == "/consultation/words",
        "two are a slip of the hand"
    );
    shift(&browser).await?;
    gone(&browser, &center).await?;
    browser.close().await
}

#[tokio::test]
async fn the_button_leaves_nothing_behind() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    typing(&browser, &center).await?;
    browser.driver.find(By::Css("a.btn-leave")).await?.click().await?;
    gone(&browser, &center).await?;
    browser.close().await
}

#[tokio::test]
async fn without_script_the_button_leaves_nothing_behind_either() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    let off = serde_json::json!({ "value": true });
    browser.driver.cdp().send_raw("Emulation.setScriptExecutionDisabled", off).await?;
    let driver = &browser.driver;
    driver.goto(center.url("/consultation")).await?;
    driver.find(By::Css("main form button")).await?.click().await?;
    driver.query(By::Css("input[name=danger]")).first().await?;
    driver.goto(center.url("/consultation/name")).await?;
    driver.find(By::Id("name")).await?.send_keys("Jo Secret").await?;
    driver.find(By::Css("main form button")).await?.click().await?;
    driver.query(By::Id("phone")).first().await?;
    driver.goto(center.url("/consultation/words")).await?;
    driver.find(By::Id("words")).await?.send_keys(WORDS).await?;
    driver.find(By::Css("a.btn-leave")).await?.click().await?;
    gone(&browser, &center).await?;
    browser.close().await
}
