//! Linus has the form ask about insurance, in both languages, and leaves the name out. Lupe answers in Spanish; Ana reads
//! what she answered in English, under her words.

use anyhow::{Context, Result, ensure};
use journeys::at::At;
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;

/// What Linus does to the form, from the page as it is now.
async fn linus_does(linus: &mut Visitor, to: &str, fields: &[(&str, &str)]) -> Result<()> {
    linus.get("/admin/form").await?;
    let version = linus.hidden("version").context("a version")?.to_owned();
    linus.press(to, &[&[("version", version.as_str())], fields].concat()).await?;
    Ok(())
}

#[tokio::test]
async fn a_question_of_the_centers_own_is_asked_answered_and_read() -> Result<()> {
    let center = Center::demo().await?;
    let mut linus = Visitor::signed_in(&center, "linus").await?;
    let insurance = [
        ("english", "Which insurance do you have?"),
        ("spanish", "¿Qué seguro tiene?"),
        ("kind", "choice"),
        ("choices", "Private insurance | Seguro privado\r\nMedicaid\r\nNone | Ninguno"),
    ];
    linus_does(&mut linus, "/admin/form", &insurance[..2]).await?;
    ensure!(linus.status == 422 && linus.sees("Choose how it is answered"), "{}", linus.status);
    ensure!(linus.sees("value=\"Which insurance do you have?\""), "what was typed is gone");
    linus_does(&mut linus, "/admin/form", &insurance).await?;
    ensure!(linus.sees("Private insurance · Medicaid · None"), "{}", linus.page);
    linus_does(&mut linus, "/admin/form", &[("english", "How do you get here?"), ("kind", "line")]).await?;
    linus_does(&mut linus, "/admin/form/left-out/name", &[]).await?;
    ensure!(linus.sees("What we call them: <b>left out</b>"), "{}", linus.page);

    // Lupe, on a phone, in the dark, in Spanish.
    let browser = Browser::open().await?;
    browser.look(320, true).await?;
    let at = At { browser: &browser, center: &center };
    at.open("/").await?;
    browser.press("footer button[name=lang]").await?;
    let field = {
        at.answers(&[("danger", "no"), ("for_whom", "self"), ("phone", "212 555 0142"), ("call", "any")])
            .await?;
        at.open("/consultation/more").await?;
        at.sees("¿Qué seguro tiene?").await?;
        at.sees("Ninguno").await?;
        at.sees("How do you get here?").await?;
        ensure!(browser.faults().await?.is_empty(), "axe: {:?}", browser.faults().await?);
        let name = "return document.querySelector('main fieldset.field').id";
        browser.driver.execute(name, vec![]).await?.json().as_str().context("a field")?.to_owned()
    };
    let answers =
        [("danger", "no"), ("phone", "212 555 0142"), (field.as_str(), "2"), ("words", "Quiero dejarlo.")];
    at.answers(&answers).await?;
    at.sees("Ninguno").await?;
    let asked = browser.driver.source().await?;
    ensure!(
        !asked.contains("Cómo le llamamos") && !asked.contains("/consultation/name"),
        "the name is asked"
    );
    let reference = at.asks(&answers).await?;

    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get(&format!("/inbox/{reference}")).await?;
    ensure!(ana.sees("Quiero dejarlo.") && ana.sees("Which insurance do you have? None"), "{}", ana.page);

    // Too much in one line is said on its own page, and the form goes on when the question is gone.
    let mut jo = Visitor::new(&center)?;
    jo.get("/consultation").await?;
    jo.press("/consultation", &[]).await?;
    jo.get("/consultation/more").await?;
    let line = jo.between("<label for=\"own_", "\"").context("a line")?.to_owned();
    let far = "far ".repeat(60);
    jo.press("/consultation/more", &[(format!("own_{line}").as_str(), far.as_str())]).await?;
    ensure!(jo.status == 422 && jo.sees("Write less here, up to 200 characters"), "{}", jo.status);
    for id in [line, field.trim_start_matches("own_").to_owned()] {
        linus_does(&mut linus, &format!("/admin/form/{id}/removal"), &[]).await?;
    }
    jo.press("/consultation/answering", &[("answering", "hang_up"), ("voicemail", "never")]).await?;
    ensure!(jo.path == "/consultation/words", "{}", jo.path);
    browser.close().await
}
