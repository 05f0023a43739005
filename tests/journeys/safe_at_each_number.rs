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
    others_read_nothing(&center, &at).await?;

    ana.get(&at).await?;
    let id = ana.between(&format!("action=\"{at}/"), "\"").context("a form")?.to_owned();
    let (point, manner) = (format!("{at}/{id}"), format!("{at}/manner"));
    let named = |part: &str| format!("{id}_{part}");
    let fields = ["may_use", "voicemail", "answering", "from"].map(named);
    let [may_use, voicemail, answering, from] = fields.each_ref().map(String::as_str);

    let typed = [("said_at", ""), (may_use, "ok"), (voicemail, "never"), (answering, "not_asked")];
    let half = [typed.as_slice(), &[(from, "9")]].concat();
    ana.press(&point, &half).await?;
    ensure!(ana.status == 422 && ana.sees("Choose from when until when"), "{}", ana.status);
    ensure!(ana.sees("value=\"never\" checked"), "what was typed is gone");
    ana.press(&point, &typed).await?;
    ensure!(ana.path == format!("/inbox/{reference}") && ana.sees("no voicemail"), "{}", ana.page);
    // Sam's page is older than what Ana wrote, and half of what he typed is wrong: hers is not written over by that.
    let his = [("said_at", ""), (may_use, "ok"), (voicemail, "not_asked"), (answering, "hang_up")];
    let half = [his.as_slice(), &[(from, "9")]].concat();
    for sent in [half.as_slice(), &his] {
        sam.press(&point, sent).await?;
        ensure!(sam.status == 422 && sam.sees("A colleague wrote this down meanwhile"), "{}", sam.status);
        ensure!(sam.sees("value=\"hang_up\" checked"), "what Sam typed is gone");
        ensure!(
            sam.sees("Voicemail here: saved meanwhile") && !sam.sees("May we use it?: saved"),
            "{}",
            sam.page
        );
    }
    // He keeps her word on the voicemail, and adds his own.
    let said_at = sam.hidden("said_at").context("when Ana wrote it")?.to_owned();
    let (uses, theirs) = (format!("use_{voicemail}"), format!("theirs_{voicemail}"));
    let both = [
        ("said_at", said_at.as_str()),
        (may_use, "ok"),
        (voicemail, "not_asked"),
        (answering, "hang_up"),
        (&uses, "theirs"),
        (&theirs, "never"),
    ];
    // A fault on the way takes nothing of what he chose away.
    sam.press(&point, &[both.as_slice(), &[(from, "9")]].concat()).await?;
    ensure!(sam.status == 422 && sam.sees("Choose from when until when"), "{}", sam.status);
    ensure!(sam.sees(&format!("name=\"{voicemail}\" value=\"never\" checked")), "what he chose is gone");
    sam.press(&point, &both).await?;
    ensure!(sam.sees("no voicemail; if someone else answers, hang up"), "{}", sam.page);

    the_word_they_share(&mut ana, &at, &manner).await
}

/// Whoever may not open a request, or a record, reads nothing of how somebody is reached.
async fn others_read_nothing(center: &Center, at: &str) -> Result<()> {
    // Whoever does not work requests does not know that there is one.
    let mut ray = Visitor::signed_in(center, "ray").await?;
    let mut ben = Visitor::signed_in(center, "ben").await?;
    ray.get(at).await?;
    ensure!(ray.status == 404, "a counselor reads it: {}", ray.status);
    ray.get("/clients").await?;
    let record = ray.between("href=\"/clients/", "\"").context("a record")?.to_owned();
    ben.get(&format!("/clients/{record}/safe-contact")).await?;
    ensure!(ben.status == 404, "the front desk reads a record: {}", ben.status);
    ray.get(&format!("/clients/{record}/safe-contact")).await?;
    ensure!(ray.status == 200 && ray.sees("How to ask for them"), "{}", ray.status);
    Ok(())
}

/// The code word, and who may listen: neither is lost to a page that is older.
async fn the_word_they_share(ana: &mut Visitor, at: &str, manner: &str) -> Result<()> {
    ana.get(at).await?;
    let version = ana.hidden("rules_version").context("a version")?.to_owned();
    let words = [("rules_version", version.as_str()), ("code_word", "<i>The blue boat</i>")];
    let danger = [words.as_slice(), &[("risks[]", "abuser_in_household")]].concat();
    ana.press(manner, &danger).await?;
    ensure!(ana.sees("Code word:</b> &#60;i&#62;The blue boat"), "{}", ana.page);
    // Sent once more from the page of before and without the danger: it is not unticked in silence.
    ana.press(manner, &words).await?;
    ensure!(ana.status == 422 && ana.sees("A colleague wrote this down meanwhile"), "{}", ana.status);
    ensure!(ana.sees("Who else may read or listen: saved meanwhile"), "{}", ana.page);
    Ok(())
}
