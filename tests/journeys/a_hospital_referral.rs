//! A hospital sends somebody on the public form, the center decides, and she goes on to another provider by a warm
//! handoff until it is known that she arrived.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use journeys::at::At;
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;
use thirtyfour::prelude::*;

/// What nobody types who means well. Wherever it is shown it is text.
const HOSTILE: &str = "\"><img src=x onerror=window.hurt=1>{{7*7}}<script>window.hurt=1</script>";

const DANA: [(&str, &str); 14] = [
    ("safe", "yes"),
    ("place", HOSTILE),
    ("name", "Dana <b>Whitcomb</b>"),
    ("organization", "Mercy Hospital social work"),
    ("kind", "hospital"),
    ("position", "discharge <i>planner"),
    ("phone", "312 555 0170"),
    ("other_name", "Delphine <script>window.hurt=1</script>"),
    ("agrees", "no"),
    ("reach", "through the ward"),
    ("reason", HOSTILE),
    ("soon", "today"),
    ("protected", "yes"),
    ("notice", "own"),
];

/// The page shows what was typed as text and lets none of it run.
async fn is_inert(browser: &Browser, what: &str) -> Result<()> {
    let hurt = browser.driver.execute("return window.hurt === undefined", vec![]).await?;
    assert_eq!(hurt.json(), &serde_json::json!(true), "something that was typed ran on {what}");
    let made = "return document.querySelectorAll('img[src=x], main script, main b b, main i').length";
    let made = browser.driver.execute(made, vec![]).await?;
    assert_eq!(made.json(), &serde_json::json!(0), "something that was typed became a part of {what}");
    Ok(())
}

#[tokio::test]
async fn a_referral_is_sent_decided_and_handed_on_until_she_has_arrived() -> Result<()> {
    let center = Center::demo().await?;
    let mut dana = Visitor::new(&center)?;
    dana.get("/referral").await?;
    assert!(dana.sees("Is the person safe right now?") && dana.sees("do not wait for us"));
    let submission = dana.hidden("submission").unwrap_or_default().to_owned();
    let shown = dana.hidden("shown").unwrap_or_default().to_owned();
    let with = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> {
        let of_page = [("submission", submission.as_str()), ("shown", shown.as_str())];
        of_page.into_iter().chain(DANA).chain(more.iter().copied()).collect()
    };
    // The notice is missing: it is said at its field, and nothing typed is lost.
    dana.press("/referral", &with(&[])).await?;
    assert_eq!(dana.status, 422);
    assert!(dana.sees("Enter the notice that goes with these records") && dana.sees("312 555 0170"));
    assert!(dana.sees("&#60;b&#62;Whitcomb") && !dana.sees("<b>Whitcomb"), "{}", dana.page);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let notice = [("notice_text", "Protected by 42 CFR part 2, says the ward.")];
    dana.press("/referral", &with(&notice)).await?;
    assert_eq!(dana.path, "/referral/done");
    assert!(dana.sees("whether they came, we tell nobody") && !dana.sees("Delphine"));
    let reference = dana.reference()?;
    // Pressed again it is the same one.
    dana.press("/referral", &with(&notice)).await?;
    assert_eq!(dana.reference()?, reference);
    // The same person from another desk: nothing tells that anyone was here before.
    let mut other = Visitor::new(&center)?;
    other.get("/referral/done").await?;
    assert_eq!(other.path, "/referral", "what happens next is told to the browser that sent it");

    let request = format!("/inbox/{reference}");
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get(&request).await?;
    assert!(ana.sees("Sent by a professional") && ana.sees("A decision is due in"));
    assert!(ana.sees("The person does not know of this, or does not agree."));
    assert!(ana.sees("Protected by 42 CFR part 2, says the ward.") && ana.sees("Mercy Hospital social work"));
    let decision = format!("{request}/decision");
    ana.press(&decision, &[("decision", "declined")]).await?;
    assert_eq!(ana.status, 422);
    assert!(ana.sees("Enter why we cannot help"));
    let full = "No bed & none soon.";
    ana.press(&decision, &[("decision", "declined"), ("decision_reason", full)]).await?;
    assert!(ana.sees("What we say to this referral is kept.") && ana.sees("No bed"));
    ana.press(&decision, &[("decision", "accepted")]).await?;
    assert!(ana.status == 422 && ana.sees("A colleague decided this meanwhile."));

    the_handoff(&mut ana, &request).await?;
    let browser = Browser::open().await?;
    as_she_is_seen(&browser, &center, &request).await?;
    browser.close().await
}

/// A paper as the law wants it.
const SIGNED: [(&str, &str); 13] = [
    ("provider", "Harbor House"),
    ("name", "Delphine <script>window.hurt=1</script>"),
    ("signer", "patient"),
    ("signed_on", "2026-01-05"),
    ("expires_on", "2199-01-05"),
    ("signature", "folder 3"),
    ("aim", "care"),
    ("paper_language", "en"),
    ("copy_given", "yes"),
    ("statements[]", "revocation"),
    ("statements[]", "redisclosure"),
    ("statements[]", "hipaa_redisclosure"),
    ("statements[]", "refusal"),
];

/// Nothing is told without a permission; with one it is told once, printed, and followed.
async fn the_handoff(ana: &mut Visitor, request: &str) -> Result<()> {
    let referrals = format!("{request}/referrals");
    ana.get(&referrals).await?;
    assert!(ana.sees("Nobody so far") && ana.sees("Without a written permission no provider hears anything"));
    let told = [
        ("to", "Harbor House"),
        ("need", "A bed today."),
        ("soon", "today"),
        ("way", "packet"),
        ("parts[]", "reason"),
    ];
    ana.press(&referrals, &told).await?;
    assert!(ana.status == 422 && ana.sees("Record their written permission for this provider first"));
    let paper = format!("{referrals}/permission");
    ana.press(&paper, &[("provider", "Harbor House"), ("signed_on", "soon")]).await?;
    assert!(ana.status == 422 && ana.sees("Enter the day it was signed"));
    let (_, lacking) = SIGNED.split_last().context("a paper")?;
    // The paper they bring lacks what happens if they do not sign: nobody may rely on it, and nothing is recorded.
    ana.press(&paper, lacking).await?;
    assert!(
        ana.status == 422 && ana.sees("What happens if they do not sign”. Without it nobody may rely on it")
    );
    ana.press(&paper, &SIGNED).await?;
    assert!(ana.sees("The consent is recorded.") && ana.sees("Harbor House, until"), "{}", ana.page);
    ana.press(&referrals, &told).await?;
    assert!(ana.sees("They are referred.") && ana.sees("What we told"), "{}", ana.page);
    let one = ana.path.clone();
    ana.get(&format!("{one}/packet")).await?;
    assert!(ana.sees("42 CFR part 2 prohibits unauthorized use or disclosure of these records."));
    assert!(ana.sees("These words came with this notice:") && ana.sees("says the ward."));
    ana.get(&one).await?;
    let version = ana.hidden("version").unwrap_or_default().to_owned();
    let steps = [("version", version.as_str()), ("steps[]", "three_way_call")];
    ana.press(&format!("{one}/steps"), &steps).await?;
    assert!(ana.sees("The steps of the handoff are kept."));
    let closing = format!("{request}/closing");
    ana.get(request).await?;
    ana.press(&closing, &[("disposition", "referred_out_connected")]).await?;
    assert!(ana.status == 422 && ana.sees("Write down first, on the referral, that they arrived"));
    for (state, more, sees) in [
        ("arrived", ("known", ""), "Choose how you know"),
        ("scheduled", ("appointment_at", "2026-13-01"), "Enter the day and time of the appointment"),
        ("arrived", ("known", "from_organization"), "What came of it is kept."),
    ] {
        ana.get(&one).await?;
        let version = ana.hidden("version").unwrap_or_default().to_owned();
        ana.press(&format!("{one}/state"), &[("version", &version), ("state", state), more]).await?;
        assert!(ana.sees(sees), "{state}: {}", ana.page);
    }
    assert!(ana.sees("They arrived."));
    // From a page that was open meanwhile it is told that nobody asks any more.
    ana.press(&format!("{one}/not-known"), &[("version", &version)]).await?;
    assert!(ana.status == 422 && ana.sees("Nobody asks after this any more."));
    ana.get(request).await?;
    ana.press(&closing, &[("disposition", "referred_out_connected")]).await?;
    assert!(ana.sees("The request is closed."));
    Ok(())
}

/// In a real browser what the form brought is text on every page that shows it, and a source is not written down twice.
async fn as_she_is_seen(browser: &Browser, center: &Center, request: &str) -> Result<()> {
    let driver = &browser.driver;
    driver.goto(center.url("/sign-in")).await?;
    driver.find(By::Id("name")).await?.send_keys("ana").await?;
    driver.find(By::Id("password")).await?.send_keys("a sample pass phrase").await?;
    browser.press("form.sheet button").await?;
    driver.goto(center.url(&format!("{request}/referrals"))).await?;
    is_inert(browser, "the page of what was sent on").await?;
    let one = driver.find(By::Css("main ul a[href*='/referrals/']")).await?.attr("href").await?;
    let one = one.unwrap_or_default();
    let pages = [request, "/inbox?view=closed", "/", "/referrals", "/sources", &one];
    for page in pages.into_iter().map(str::to_owned).chain([format!("{one}/packet")]) {
        driver.goto(center.url(&page)).await?;
        driver.query(By::Css("main h1")).first().await?;
        is_inert(browser, &page).await?;
    }
    driver.goto(center.url("/sources/new")).await?;
    driver.find(By::Id("name")).await?.send_keys("harbor ho").await?;
    let same = driver.query(By::XPath("//*[@id='alike']//a[text()='Harbor House']")).first().await;
    assert!(same.is_ok(), "nobody was warned while typing");
    Ok(())
}

/// Noor, a discharge planner, sends somebody who agrees; she comes in the same day. In the browser, to the outcome.
#[tokio::test(flavor = "multi_thread")]
async fn a_planner_sends_somebody_who_agrees_and_she_comes_in() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    browser.look(320, false).await?;
    let at = At { browser: &browser, center: &center };
    at.open("/referral").await?;
    let sent = [
        ("safe", "yes"),
        ("name", "Noor Haddad"),
        ("organization", "Mercy Hospital social work"),
        ("kind", "hospital"),
        ("position", "discharge planner"),
        ("phone", "312 555 0170"),
        ("other_name", "Imani Okonkwo"),
        ("agrees", "yes"),
        ("reason", "Leaves the ward today and wants to go on."),
        ("soon", "today"),
        ("protected", "no"),
    ];
    let asked = at.fills_in(&sent).await?;
    for (name, _) in sent {
        ensure!(asked.iter().any(|one| one == name), "the form does not ask for {name}");
    }
    tokio::time::sleep(Duration::from_millis(2100)).await;
    browser.press("main form .btn-big").await?;
    ensure!(at.path().await? == "/referral/done", "{}", at.path().await?);
    let reference = at.reference().await?;

    browser.look(1280, false).await?;
    at.sign_in("ana").await?;
    at.open(&format!("/inbox/{reference}")).await?;
    at.sees("Sent by a professional").await?;
    at.sees("Noor Haddad, for Imani Okonkwo").await?;
    at.sees("Nothing about Imani Okonkwo: there is no written consent that names them.").await?;
    at.takes_it().await?;
    at.choose("decision", "accepted").await?;
    at.press("Keep the decision").await?;
    let said = "//main//*[contains(., 'decided a referral')]";
    at.waits_for(said).await?;
    at.press("Make a client record").await?;
    at.sees("Imani Okonkwo").await?;
    ensure!(at.path().await?.starts_with("/clients/"), "{}", at.path().await?);
    // From the request it is one step to the record.
    at.open(&format!("/inbox/{reference}")).await?;
    at.sees("They came in").await?;
    browser.close().await
}
