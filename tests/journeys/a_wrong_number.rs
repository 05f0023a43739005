//! Wrong numbers, both ways: Marcus left a digit out and a stranger picks up; a stranger dials the center and wants pizza.
//! Neither stranger learns where the call comes from, neither is called again, and neither is asked a single question.

use anyhow::{Result, ensure};
use journeys::at::At;
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;
use thirtyfour::By;

#[tokio::test]
async fn a_stranger_picks_up_and_is_never_called_again() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    browser.look(1280, false).await?;
    let at = At { browser: &browser, center: &center };
    let answers = [
        ("danger", "no"),
        ("for_whom", "self"),
        ("name", "Marcus"),
        ("phone", "(212) 555-0181"),
        ("call", "any"),
        ("answering", "ask_by_name"),
        ("voicemail", "name_and_number"),
        ("words", "Third try to write this."),
    ];
    let reference = at.asks(&answers).await?;
    let page = format!("/inbox/{reference}");

    at.sign_in("ana").await?;
    at.open(&page).await?;
    at.takes_it().await?;
    // What to say names nobody and nothing but a first name.
    let card = browser.driver.find(By::Css(".say")).await?.text().await?;
    ensure!(card.contains("Marcus") && !card.to_lowercase().contains("center"), "{card}");
    at.choose("outcome", "wrong_number").await?;
    at.press("Record the call").await?;
    at.sees("Wrong number").await?;
    let stands = browser.driver.find(By::Css("p.stands")).await?.text().await?;
    ensure!(!stands.contains("Try again"), "a stranger would be called again: {stands}");

    // The same number once more wants a reason.
    at.choose("outcome", "no_answer").await?;
    at.press("Record the call").await?;
    at.sees("There is a problem").await?;

    // There is no other way to reach him.
    at.open(&page).await?;
    at.choose("check_in", "no").await?;
    at.fill("disposition", "spam_wrong_number").await?;
    at.press("Close with this outcome").await?;
    at.open(&page).await?;
    at.sees("Closed: wrong number or not a request").await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    for view in ["everyone", "mine", "check_in"] {
        ana.get(&format!("/inbox?view={view}")).await?;
        ensure!(!ana.sees(&reference), "it still waits in {view}");
    }
    browser.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_wanted_a_pizza_is_asked_nothing() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    browser.look(1280, false).await?;
    let at = At { browser: &browser, center: &center };
    at.sign_in("ana").await?;
    at.open("/call").await?;
    at.fill("words", "Wanted a pizza.").await?;
    at.fill("disposition", "spam_wrong_number").await?;
    at.press("Finish the call").await?;
    ensure!(at.path().await?.starts_with("/inbox/CR-"), "{}", at.path().await?);
    at.sees("Closed: wrong number or not a request").await?;
    browser.close().await
}
