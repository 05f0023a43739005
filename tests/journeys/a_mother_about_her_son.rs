//! Rosa asks about her son. She and Danny are two people from the start. What she says is kept and what becomes of him is
//! never told to her: the day he calls himself the record is his, with his number, and her next call gets the answer that
//! everybody gets.

use anyhow::{Result, ensure};
use journeys::at::At;
use journeys::browser::Browser;
use journeys::program::Center;
use thirtyfour::By;

/// Rosa writes at lunch; the reference of her request.
async fn rosa_asks(at: &At<'_>) -> Result<String> {
    let answers = [
        ("danger", "no"),
        ("for_whom", "family"),
        ("relationship", "mother"),
        ("other_name", "Danny Delgado"),
        ("name", "Rosa Delgado"),
        ("phone", "(212) 555-0171"),
        ("call", "any"),
        ("answering", "ask_by_name"),
        ("voicemail", "never"),
        ("words", "My son is 24. He sleeps in his car and says he is fine. How do I get him to come?"),
    ];
    let reference = at.asks(&answers).await?;
    at.sees("We have your note, Rosa Delgado.").await?;
    Ok(reference)
}

/// Ana calls her back. Danny decides, so what is promised is the call that he makes.
async fn ana_calls_her(at: &At<'_>, reference: &str) -> Result<()> {
    at.sign_in("ana").await?;
    at.open(&format!("/inbox/{reference}")).await?;
    at.sees("Rosa Delgado, for Danny Delgado").await?;
    at.takes_it().await?;
    at.choose("outcome", "reached").await?;
    at.fill("note", "Talked about how to ask him without a fight. She gives him our number.").await?;
    at.press("Record the call").await?;
    at.fill("waiting_why", "they_call_back").await?;
    at.press("Wait for them").await
}

/// Danny calls in the evening. Ben has the phone, and sees whose son that may be while he types; the reference.
async fn danny_calls(at: &At<'_>, hers: &str) -> Result<String> {
    at.sign_in("ben").await?;
    at.open("/call").await?;
    at.fill("phone", "(212) 555-0172").await?;
    at.fill("words", "My mom gave me this number. I am so tired of it.").await?;
    at.fill("name", "Danny Delgado").await?;
    at.choose("for_whom", "self").await?;
    at.choose("call", "any").await?;
    let same = format!("//*[@id='call-same'][contains(., '{hers}')]");
    at.waits_for(&same).await?;
    // Of what she said nothing stands on his sheet: Ben might read it to him.
    let sheet = at.browser.driver.find(By::Css("main")).await?.text().await?;
    ensure!(!sheet.contains("sleeps in his car"), "her words are on his sheet");
    let all_no = "for (const e of document.querySelectorAll('.triage input[value=no]')) e.click();";
    at.browser.driver.execute(all_no, vec![]).await?;
    at.fill("next_step", "Ana calls him about a first talk").await?;
    let tomorrow = at.center.today()? + chrono::Days::new(1);
    at.fill("next_step_at", &format!("{tomorrow}T09:00")).await?;
    at.press("Finish the call").await?;
    at.reference().await
}

#[tokio::test(flavor = "multi_thread")]
async fn she_asks_and_he_comes_himself() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    browser.look(1280, false).await?;
    let at = At { browser: &browser, center: &center };
    let hers = rosa_asks(&at).await?;
    ana_calls_her(&at, &hers).await?;
    let his = danny_calls(&at, &hers).await?;
    ensure!(his != hers, "his call is a request of its own");

    // Ana sees that it is about the same thing. His own goes on: he speaks for himself now.
    at.sign_in("ana").await?;
    at.open(&format!("/inbox/{his}")).await?;
    at.sees("Same name").await?;
    at.open(&format!("/inbox/{his}/merging?with={hers}")).await?;
    at.choose("survivor", &his).await?;
    at.press("Merge them").await?;
    at.sees("sleeps in his car").await?;
    at.sees("I am so tired of it.").await?;
    at.open(&format!("/inbox/{hers}")).await?;
    ensure!(at.path().await? == format!("/inbox/{his}"), "her number does not lead on");

    at.press("Make a client record").await?;
    let record = at.path().await?;
    ensure!(record.starts_with("/clients/"), "{record}");
    at.sees("Danny Delgado").await?;
    at.sees("(212) 555-0172").await?;
    let page = browser.driver.find(By::Css("main")).await?.text().await?;
    ensure!(!page.contains("555-0171"), "his mother's number is on his record");

    // Rosa calls and asks whether he came.
    at.open("/third-party").await?;
    at.sees("I can’t say whether anyone is or was here.").await?;
    at.fill("about", "Danny Delgado").await?;
    at.fill("name", "Rosa Delgado").await?;
    at.fill("relationship", "mother").await?;
    at.press("Write it down").await?;
    let page = browser.driver.find(By::Css("main")).await?.text().await?;
    ensure!(page.contains("for every name") && !page.contains("Danny"), "{page}");

    // What she asked waits for a counselor, who thinks about it with him.
    at.sign_in("ray").await?;
    at.open("/third-party").await?;
    at.sees("Rosa Delgado, who says: mother, asked after Danny Delgado.").await?;
    browser.close().await
}
