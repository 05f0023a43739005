//! Every page in a real browser: axe finds nothing, in light and dark, and nothing scrolls sideways at 320 px.

use anyhow::Result;
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;
use thirtyfour::prelude::*;

async fn sign_in(browser: &Browser, center: &Center, name: &str) -> Result<()> {
    let driver = &browser.driver;
    driver.delete_all_cookies().await?;
    driver.goto(center.url("/sign-in")).await?;
    driver.find(By::Id("name")).await?.send_keys(name).await?;
    driver.find(By::Id("password")).await?.send_keys("a sample pass phrase").await?;
    browser.press("form.sheet button").await?;
    driver.query(By::Css("nav.rail")).first().await?;
    Ok(())
}

async fn look_at(browser: &Browser, center: &Center, paths: &[String]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for path in paths {
        for (width, dark) in [(1280, false), (1280, true), (320, false), (320, true)] {
            browser.look(width, dark).await?;
            browser.driver.goto(center.url(path)).await?;
            let faults = browser.faults().await?;
            found.extend(faults.into_iter().map(|f| format!("{path} at {width}, dark {dark}: {f}")));
        }
    }
    Ok(found)
}

/// The first link of the page that begins with `prefix`.
async fn first_link(browser: &Browser, center: &Center, page: &str, prefix: &str) -> Result<String> {
    browser.driver.goto(center.url(page)).await?;
    let link = browser.driver.find(By::Css(format!("main a[href^='{prefix}']"))).await?;
    Ok(link.attr("href").await?.unwrap_or_default())
}

/// Someone asks for a call; the page that says what happens next.
async fn sent(browser: &Browser, center: &Center) -> Result<Vec<String>> {
    let driver = &browser.driver;
    for (step, field, value) in
        [("danger", "danger", "no"), ("for", "for_whom", "self"), ("contact", "call", "any")]
    {
        driver.goto(center.url(&format!("/consultation/{step}"))).await?;
        if step == "contact" {
            driver.find(By::Id("phone")).await?.send_keys("212 555 0142").await?;
        }
        driver
            .execute(format!("document.querySelector('input[name={field}][value={value}]').click()"), vec![])
            .await?;
        driver.execute("document.querySelector('main form').requestSubmit()", vec![]).await?;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    driver.goto(center.url("/consultation/check")).await?;
    driver.execute("document.querySelector('main form').requestSubmit()", vec![]).await?;
    driver.query(By::Css(".done-mark")).first().await?;
    Ok(vec!["/consultation/done".to_owned()])
}

#[tokio::test]
async fn the_first_pages_of_a_new_center_too() -> Result<()> {
    let center = Center::empty().await?;
    let browser = Browser::open().await?;
    let mut found = look_at(&browser, &center, &["/setup".to_owned()]).await?;
    assert!(Visitor::new(&center)?.sets_up(&center.setup_code()?).await?);
    browser.look(1280, false).await?;
    browser.driver.goto(center.url("/sign-in")).await?;
    browser.driver.find(By::Id("name")).await?.send_keys("linus").await?;
    browser.driver.find(By::Id("password")).await?.send_keys("four words nobody guesses").await?;
    browser.press("form.sheet button").await?;
    browser.driver.query(By::Css(".qr")).first().await?;
    found.extend(look_at(&browser, &center, &["/sign-in/factor".to_owned()]).await?);
    browser.close().await?;
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

/// Every page around an alum: the list of the day, the parts of a record, the letters, and what the alum sees.
async fn of_an_alum(browser: &Browser, center: &Center) -> Result<Vec<String>> {
    let mut carol = Visitor::signed_in(center, "carol").await?;
    carol.get("/mail?view=sent").await?;
    let row = carol.page.split("<tr>").find(|row| row.contains("<td>Checking in")).unwrap_or_default();
    let number =
        row.split("/mail/letters/").nth(1).and_then(|r| r.split('"').next()).unwrap_or_default().to_owned();
    let letter = format!("/mail/letters/{number}");
    carol.get(&letter).await?;
    let check_in = carol.page.split("/c/").nth(1);
    let check_in = format!("/c/{}", check_in.and_then(|r| r.split_whitespace().next()).unwrap_or_default());
    anyhow::ensure!(check_in.len() > 60, "no check-in was sent");
    // Someone with a map: the record is the same for everyone below.
    let record = first_link(browser, center, "/alumni", "/clients/").await?;
    let record = record.trim_end_matches("/check-ins").to_owned();
    let tie =
        first_link(browser, center, &format!("{record}/connections"), &format!("{record}/connections/"))
            .await;
    browser.driver.goto(center.url(&check_in)).await?;
    browser.press("main form button").await?;
    let mut pages: Vec<String> = ["/alumni", "/mail", "/u/a-token", "/c/a-token"].map(str::to_owned).to_vec();
    pages.extend([letter, check_in.clone(), record.clone()]);
    pages.extend(
        ["connections", "check-ins", "plan", "plan/reasons", "plan/copy"]
            .map(|part| format!("{record}/{part}")),
    );
    pages.extend(tie.ok());
    for step in [
        "safe",
        "overall",
        "used",
        "about",
        "week",
        "medicines",
        "thoughts",
        "help-now",
        "commitments",
        "help",
    ] {
        pages.push(format!("{check_in}/{step}"));
    }
    Ok(pages)
}

#[tokio::test]
async fn every_page_can_be_read_by_every_eye_and_ear() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    let paths = |list: &[&str]| list.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
    let mut found =
        look_at(&browser, &center, &paths(&["/", "/sign-in", "/consultation", "/nowhere"])).await?;
    browser.driver.goto(center.url("/consultation")).await?;
    browser.press("main form button").await?;
    let steps = ["danger", "help-now", "for", "name", "contact", "answering", "words", "check"];
    let steps: Vec<String> = steps.iter().map(|s| format!("/consultation/{s}")).collect();
    found.extend(look_at(&browser, &center, &steps).await?);
    found.extend(look_at(&browser, &center, &sent(&browser, &center).await?).await?);

    browser.look(1280, false).await?;
    sign_in(&browser, &center, "ana").await?;
    let request = first_link(&browser, &center, "/inbox", "/inbox/CR-").await?;
    let record = first_link(&browser, &center, "/clients", "/clients/").await?;
    let mut pages = paths(&[
        "/",
        "/inbox",
        "/inbox?view=closed",
        "/inbox/new",
        "/clients",
        "/dashboards/today",
        "/account",
    ]);
    pages.extend([request, record]);
    found.extend(look_at(&browser, &center, &pages).await?);
    for (who, list) in [
        ("mina", vec!["/", "/dashboards/today"]),
        ("linus", vec!["/", "/admin/staff", "/admin/design", "/break-glass"]),
        ("petra", vec!["/", "/admin/audit", "/admin/break-glass", "/admin/break-glass?view=reviewed"]),
    ] {
        browser.look(1280, false).await?;
        sign_in(&browser, &center, who).await?;
        found.extend(look_at(&browser, &center, &paths(&list)).await?);
    }
    browser.look(1280, false).await?;
    let opening = first_link(&browser, &center, "/admin/break-glass", "/admin/break-glass/0").await?;
    found.extend(look_at(&browser, &center, &[opening]).await?);
    browser.look(1280, false).await?;
    sign_in(&browser, &center, "carol").await?;
    let pages = of_an_alum(&browser, &center).await?;
    found.extend(look_at(&browser, &center, &pages).await?);
    browser.close().await?;
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

#[tokio::test]
async fn a_new_request_appears_in_the_inbox_without_a_reload() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    sign_in(&browser, &center, "ana").await?;
    browser.driver.goto(center.url("/inbox")).await?;
    let mut ben = Visitor::signed_in(&center, "ben").await?;
    ben.get("/inbox/new").await?;
    let submission = ben.hidden("submission").unwrap_or_default().to_owned();
    let call = [
        ("submission", submission.as_str()),
        ("name", "Valentina Ríos"),
        ("phone", "212 555 0177"),
        ("danger", "no"),
    ];
    ben.press("/inbox/new", &call).await?;
    let row = browser.driver.query(By::XPath("//a[@class='name'][text()='Valentina Ríos']")).first().await;
    assert!(row.is_ok(), "she did not appear");
    browser.close().await
}
