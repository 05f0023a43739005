//! Mina names Ana in a note. Ana finds it on her day, answers with a saved reply and calls it back; Mina runs a macro at
//! several requests and undoes it.

use anyhow::{Context, Result, ensure};
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;
use thirtyfour::extensions::query::ElementQueryable;
use thirtyfour::{By, Key};

use crate::a_call::signed_in;

async fn text(browser: &Browser, css: &str) -> Result<String> {
    Ok(browser.driver.query(By::Css(css)).first().await?.text().await?)
}

/// The address of the request of someone in the inbox.
async fn of(browser: &Browser, center: &Center, name: &str) -> Result<String> {
    browser.driver.goto(center.url("/inbox")).await?;
    let row = browser.driver.query(By::XPath(format!("//a[@class='name'][text()='{name}']"))).first().await?;
    row.attr("href").await?.context("a row without an address")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_is_named_and_answers_and_a_macro_is_taken_back() -> Result<()> {
    let center = Center::demo().await?;
    let (mina, ana) = tokio::try_join!(signed_in(&center, "mina"), signed_in(&center, "ana"))?;
    let request = of(&mina, &center, "Anna-Lena Großmann").await?;

    // Mina types an @, and Ana is offered.
    mina.driver.goto(center.url(&request)).await?;
    let note = mina.driver.find(By::Id("note")).await?;
    note.send_keys("@an").await?;
    ensure!(text(&mina, "#note-offered").await?.contains("Ana Ruiz"));
    note.send_keys("" + Key::Enter).await?;
    note.send_keys("she wants a letter, no call <script>alert(1)</script>").await?;
    mina.press("button[formaction$='/notes']").await?;
    ensure!(text(&mina, "#request-events .note").await?.contains("Only us"));

    // Ana finds it on her day.
    ana.driver.goto(center.url("/")).await?;
    let named = text(&ana, "#day-team").await?;
    ensure!(named.contains("Mina Castellanos: @ana she wants a letter"), "{named}");
    ana.driver.goto(center.url(&request)).await?;
    ana.driver.action_chain().send_keys("w").perform().await?;
    let reply = ana.driver.find(By::Id("reply")).await?;
    reply.send_keys("missed each other" + Key::Enter).await?;
    ana.driver
        .query(By::XPath("//textarea[@id='letter'][contains(text(), 'tried to reach you')]"))
        .first()
        .await?;
    ana.press("button[formaction*='/letters/sight']").await?;
    let sight = text(&ana, "#sight").await?;
    ensure!(
        sight.contains("Ana – Cedar Office") && sight.contains("Hi Anna-Lena Großmann, it’s Ana."),
        "{sight}"
    );
    ana.press("#write .btn-go").await?;
    let told = text(&ana, "#request-events .note-out").await?;
    ensure!(told.contains("Waiting") && told.contains("tried to reach you"), "{told}");
    ana.press(".toast button").await?;
    let told = text(&ana, "#request-events .note-out").await?;
    ensure!(told.contains("Cancelled"), "{told}");

    // What she is writing keeps itself.
    let letter = ana.driver.find(By::Id("letter")).await?;
    ana.driver.execute("document.getElementById('write').open = true", vec![]).await?;
    letter.send_keys("Dear Anna-Lena").await?;
    ana.driver.query(By::XPath("//*[@data-draft-kept][starts-with(text(), 'Saved ')]")).first().await?;
    ana.driver.goto(center.url(&request)).await?;
    let kept = ana.driver.find(By::Id("letter")).await?.prop("value").await?;
    ensure!(kept.as_deref() == Some("Dear Anna-Lena"), "{kept:?}");
    ana.driver.goto(center.url("/")).await?;
    ana.press("form[action$='/seeing'] button").await?;
    ana.driver.goto(center.url("/")).await?;
    ensure!(!text(&ana, "#day-team").await?.contains("Anna-Lena"));
    a_macro_is_taken_back(&mina, &center).await?;
    tokio::try_join!(mina.close(), ana.close())?;
    Ok(())
}

/// At two whom nobody has, and at one whom somebody has.
async fn a_macro_is_taken_back(mina: &Browser, center: &Center) -> Result<()> {
    let mut all = Vec::new();
    for name in ["Tariq", "李 Wei", "Emmett"] {
        all.push(of(mina, center, name).await?);
    }
    for request in &all {
        let reference = request.trim_start_matches("/inbox/");
        let pick = format!("document.querySelector(\"[data-pick][value='{reference}']\").click()");
        mina.driver.execute(pick, vec![]).await?;
    }
    mina.driver.action_chain().send_keys("m").perform().await?;
    let choose = "//section[contains(., 'Mine, and rest until Monday')]//button";
    mina.driver.query(By::XPath(choose)).first().await?.click().await?;
    let said = mina.driver.query(By::XPath("//p[contains(., 'It can be run at 2 of 3')]")).first().await;
    ensure!(said.is_ok(), "{}", text(mina, "main").await?);
    ensure!(text(mina, "main").await?.contains("took this request at"), "why it cannot is said");
    mina.press("form[action='/inbox/chosen/macro'] button").await?;
    mina.driver.goto(center.url("/inbox?view=snoozed")).await?;
    let aside = text(mina, "#inbox-rows").await?;
    ensure!(aside.contains("Tariq") && aside.contains("Wei") && !aside.contains("Emmett"), "{aside}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_a_macro_is_run_and_undone_and_a_newer_act_stands() -> Result<()> {
    let center = Center::demo().await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    mina.get("/inbox?view=nobodys").await?;
    let mut all: Vec<String> = Vec::new();
    // Who may be in danger is not put aside.
    let waiting =
        mina.between("Waiting for a first call", "</ol>").context("nobody waits for a first call")?;
    for row in waiting.split("name=\"pick[]\" value=\"").skip(1).take(2) {
        all.extend(row.split('"').next().map(str::to_owned));
    }
    let [one, two] = all.as_slice() else { anyhow::bail!("two wait for nobody") };
    let picks = [("pick[]", one.as_str()), ("pick[]", two.as_str())];
    mina.press("/inbox/chosen/preview", &picks).await?;
    let by_name =
        mina.between("<h2>Mine, and rest until Monday</h2>", "</section>").context("no such macro")?;
    let id = by_name.split("name=\"macro\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let id = id.context("no macro")?.to_owned();
    mina.press("/inbox/chosen/preview", &[picks[0], picks[1], ("macro", &id)]).await?;
    ensure!(mina.sees("Nothing has been done yet."), "{}", mina.page);
    let shown: Vec<String> = mina
        .page
        .split("name=\"shown[]\" value=\"")
        .skip(1)
        .filter_map(|r| r.split('"').next().map(str::to_owned))
        .collect();
    ensure!(shown.len() == 2, "{shown:?}");
    let version = mina.hidden("version").context("no version")?.to_owned();
    let go = [
        ("macro", id.as_str()),
        ("version", version.as_str()),
        ("shown[]", &shown[0]),
        ("shown[]", &shown[1]),
    ];
    mina.press("/inbox/chosen/macro", &go).await?;
    ensure!(mina.path == "/inbox" && mina.sees("Done, all of it."), "{}", mina.path);
    let undo = mina.between("action=\"/inbox/undo/", "\"").context("no way back")?.to_owned();

    // Ana wakes one of them in between.
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get(&format!("/inbox/{one}")).await?;
    ana.press(&format!("/inbox/{one}/waking"), &[]).await?;
    mina.press(&format!("/inbox/undo/{undo}"), &[]).await?;
    ensure!(mina.sees(&format!("{one}: Somebody did something at this request since.")), "{}", mina.page);
    mina.get(&format!("/inbox/{two}")).await?;
    ensure!(mina.sees("Nobody has it yet"), "undone where nobody went on");
    mina.get(&format!("/inbox/{one}")).await?;
    ensure!(mina.sees("Yours since"), "and not where somebody did");
    Ok(())
}
