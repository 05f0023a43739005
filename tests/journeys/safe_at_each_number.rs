//! Safe at each number. Ana writes down that nobody leaves a message at work and what the code word is; a colleague who saves
//! on an older page loses nothing, and whoever opens the request reads it before they dial.

use anyhow::{Context, Result, ensure};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// Someone of whom a number is known.
async fn with_a_number(who: &mut Visitor) -> Result<String> {
    who.get("/inbox").await?;
    let page = who.page.clone();
    for rest in page.split("id=\"r-").skip(1) {
        let reference = rest.split('"').next().context("a reference")?;
        who.get(&format!("/inbox/{reference}/safe-contact")).await?;
        if who.sees("Voicemail here") {
            return Ok(reference.to_owned());
        }
    }
    anyhow::bail!("nobody left a number")
}

#[tokio::test]
async fn what_is_safe_at_work_is_read_before_anyone_dials() -> Result<()> {
    let center = Center::demo().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let mut sam = Visitor::signed_in(&center, "sam").await?;
    let reference = with_a_number(&mut ana).await?;
    let at = format!("/inbox/{reference}/safe-contact");
    sam.get(&at).await?;
    let point = ana.between(&format!("action=\"{at}/"), "\"").context("a form")?.to_owned();
    let (point, manner) = (format!("{at}/{point}"), format!("{at}/manner"));

    let typed = [("n", "0"), ("said_at", ""), ("p0_may_use", "ok"), ("p0_voicemail", "never")];
    let half = [typed.as_slice(), &[("p0_from", "9")]].concat();
    ana.press(&point, &half).await?;
    ensure!(ana.status == 422 && ana.sees("Choose from when until when"), "{}", ana.status);
    ensure!(ana.sees("value=\"never\" checked"), "what was typed is gone");
    ana.press(&point, &typed).await?;
    ensure!(ana.path == format!("/inbox/{reference}") && ana.sees("no voicemail"), "{}", ana.page);
    // Sam's page is older than what Ana wrote.
    let his = [("n", "0"), ("said_at", ""), ("p0_may_use", "ok"), ("p0_answering", "hang_up")];
    sam.press(&point, &his).await?;
    ensure!(sam.status == 422 && sam.sees("A colleague wrote this down meanwhile"), "{}", sam.status);
    ensure!(sam.sees("value=\"hang_up\" checked"), "what Sam typed is gone");
    ensure!(sam.sees("Voicemail here: saved meanwhile"), "{}", sam.page);
    // He keeps her word on the voicemail, and adds his own.
    let said_at = sam.hidden("said_at").context("when Ana wrote it")?.to_owned();
    let both = [
        ("n", "0"),
        ("said_at", said_at.as_str()),
        ("p0_may_use", "ok"),
        ("p0_answering", "hang_up"),
        ("use_p0_voicemail", "theirs"),
        ("theirs_p0_voicemail", "never"),
    ];
    sam.press(&point, &both).await?;
    ensure!(sam.sees("no voicemail; if someone else answers, hang up"), "{}", sam.page);

    ana.get(&at).await?;
    let version = ana.hidden("rules_version").context("a version")?.to_owned();
    let words = [("rules_version", version.as_str()), ("code_word", "<i>The blue boat</i>")];
    ana.press(&manner, &words).await?;
    ensure!(ana.sees("Code word:</b> &#60;i&#62;The blue boat"), "{}", ana.page);
    ana.press(&manner, &words).await?;
    ensure!(ana.status == 422 && ana.sees("A colleague wrote this down meanwhile"), "{}", ana.status);
    Ok(())
}
