//! Lupe writes at night, in Spanish. Every word she reads is Spanish, Ben sees that before he dials, and the letter she
//! gets is Spanish as well.

use anyhow::{Context, Result, ensure};
use journeys::at::At;
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;

/// What a page says, piece by piece: the text between its tags, without what nobody reads.
fn words(page: &str) -> Vec<String> {
    let body = page.split_once("<body").map_or(page, |(_, body)| body);
    body.split('<')
        .filter_map(|piece| piece.split_once('>').map(|(_, text)| text.trim().to_owned()))
        .filter(|text| text.chars().any(char::is_alphabetic))
        .collect()
}

/// What says the same in both languages.
const SAME: [&str; 6] = ["Cedar Office", "No", "Error: ", "Error:", "212 555 0142", "lupe@example.org"];

fn no_english(english: &Visitor, spanish: &Visitor) -> Result<()> {
    ensure!(spanish.page.contains("<html lang=\"es\""), "{} is not marked as Spanish", spanish.path);
    let (english, read) = (words(&english.page), words(&spanish.page));
    ensure!(english.len() == read.len(), "{}: one page says more than the other", spanish.path);
    for (left, right) in english.iter().zip(&read) {
        let is_same = left == right && !SAME.contains(&left.as_str()) && !left.starts_with("CR-");
        ensure!(!is_same, "{}: “{left}” is not in Spanish", spanish.path);
    }
    Ok(())
}

#[tokio::test]
async fn every_word_of_the_form_is_there_in_spanish() -> Result<()> {
    let center = Center::demo().await?;
    let (mut jo, mut lupe) = (Visitor::new(&center)?, Visitor::new(&center)?);
    lupe.get("/").await?;
    lupe.press("/language", &[("lang", "es"), ("to", "/consultation")]).await?;
    assert_eq!(lupe.path, "/consultation");
    jo.get("/consultation").await?;
    let way: [(&str, &[(&str, &str)]); 14] = [
        ("/consultation", &[]),
        ("/consultation/danger", &[("danger", "")]),
        ("/consultation/danger", &[("danger", "not_sure")]),
        ("/consultation/help-now", &[]),
        ("/consultation/for", &[("for_whom", "family"), ("relationship", &"x".repeat(80))]),
        ("/consultation/for", &[("for_whom", "family")]),
        ("/consultation/name", &[("name", &"x".repeat(200))]),
        ("/consultation/name", &[("name", "")]),
        ("/consultation/contact", &[("phone", "12"), ("email", "nowhere"), ("call", "hours")]),
        ("/consultation/contact", &[]),
        (
            "/consultation/contact",
            &[("phone", "212 555 0142"), ("call", "hours"), ("call_from", "9"), ("call_until", "20")],
        ),
        (
            "/consultation/contact",
            &[
                ("phone", "212 555 0142"),
                ("call", "hours"),
                ("call_from", "9"),
                ("call_until", "20"),
                ("outside_hours", "yes"),
            ],
        ),
        ("/consultation/answering", &[("answering", "ask_by_name"), ("voicemail", "never")]),
        ("/consultation/words", &[("words", "")]),
    ];
    for (path, fields) in way {
        no_english(&jo, &lupe)?;
        jo.press(path, fields).await?;
        lupe.press(path, fields).await?;
        assert_eq!((&jo.path, jo.status), (&lupe.path, lupe.status));
    }
    // The page before sending, sent too fast, and what happens next.
    no_english(&jo, &lupe)?;
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    jo.press("/consultation/check", &[]).await?;
    lupe.press("/consultation/check", &[]).await?;
    assert_eq!(lupe.path, "/consultation/done");
    no_english(&jo, &lupe)?;
    for path in ["/", "/u/no-such-token", "/no-such-page"] {
        jo.get(path).await?;
        lupe.get(path).await?;
        no_english(&jo, &lupe)?;
    }
    // Where the words are not there in Spanish, the page says that it is English.
    lupe.get("/c/no-such-token").await?;
    assert!(lupe.sees("<html lang=\"en\""));
    Ok(())
}

#[tokio::test]
async fn lupe_is_answered_in_her_language() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    browser.look(320, true).await?;
    let at = At { browser: &browser, center: &center };
    at.open("/").await?;
    browser.press("footer button[name=lang]").await?;
    at.sees("¿Cómo podemos ayudarle?").await?;
    at.open("/consultation").await?;
    at.press("Empezar").await?;
    at.choose("danger", "not_sure").await?;
    at.press("Seguir").await?;
    at.sees("Para español, marque 2, o envíe AYUDA al 988").await?;
    ensure!(browser.faults().await?.is_empty(), "axe: {:?}", browser.faults().await?);
    let answers = [
        ("danger", "not_sure"),
        ("for_whom", "self"),
        ("name", "Lupe"),
        ("phone", "212 555 0142"),
        ("call", "any"),
        ("email", "lupe@example.org"),
        ("email_ok", "yes"),
        ("answering", "ask_by_name"),
        ("voicemail", "never"),
        ("words", "Tomo todas las noches y tengo miedo de dejarlo."),
    ];
    let reference = at.asks(&answers).await?;
    at.sees("Por favor, no espere nuestra llamada.").await?;
    at.sees("Tenemos su mensaje, Lupe.").await?;

    // Ben has the night. He sees her language before he dials, and that somebody may be in danger.
    browser.look(1280, false).await?;
    at.sign_in("ben").await?;
    at.open("/inbox").await?;
    at.sees("speaks Spanish").await?;
    at.open(&format!("/inbox/{reference}")).await?;
    at.sees("Tomo todas las noches y tengo miedo de dejarlo.").await?;
    at.sees("Spanish").await?;
    at.takes_it().await?;
    at.choose("outcome", "reached").await?;
    at.fill("note", "Talked with an interpreter on the line. Her sister stays tonight.").await?;
    at.press("Record the call").await?;
    at.sees("Her sister stays tonight.").await?;

    // In the morning Ana brings it to its end.
    at.sign_in("ana").await?;
    at.open(&format!("/inbox/{reference}")).await?;
    at.choose("check_in", "no").await?;
    at.fill("disposition", "information_only").await?;
    at.press("Close with this outcome").await?;
    at.open(&format!("/inbox/{reference}")).await?;
    at.sees("Closed: asked for information only.").await?;

    let mut carol = Visitor::signed_in(&center, "carol").await?;
    carol.get("/mail?view=sent").await?;
    let row = carol.page.split("<tr>").find(|row| row.contains("Lupe")).context("no letter")?;
    let (_, rest) = row.split_once("href=\"/mail/letters/").context("no letter to read")?;
    let number = rest.split('"').next().unwrap_or_default().to_owned();
    carol.get(&format!("/mail/letters/{number}")).await?;
    let letter = carol.between("<pre class=\"letter\">", "</pre>").context("the letter")?;
    ensure!(letter.contains("Hola Lupe,") && letter.contains("le va a llamar"), "{letter}");
    browser.close().await
}
