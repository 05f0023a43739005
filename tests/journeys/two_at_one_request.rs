//! Ana and Sam look at the same request. Each sees the other there before anyone is called twice.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use journeys::at::At;
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;
use thirtyfour::By;

use crate::a_call::signed_in;

/// Waits until a part of the page says this, without a reload.
async fn says(browser: &Browser, id: &str, words: &str) -> Result<()> {
    browser.driver.execute("window.stays ??= true", vec![]).await?;
    for _ in 0..120 {
        let text = browser.driver.find(By::Css(id)).await?.text().await.unwrap_or_default();
        let came = if words.is_empty() { !text.contains("here now") } else { text.contains(words) };
        if came {
            let stayed = browser.driver.execute("return window.stays === true", vec![]).await?;
            ensure!(stayed.json() == &serde_json::json!(true), "the page was loaded anew");
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("{id} does not say {words:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sees_the_other_at_the_request_and_nobody_is_called_twice() -> Result<()> {
    let center = Center::demo().await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    mina.get("/inbox?view=nobodys").await?;
    let request = format!("/inbox/{}", mina.reference()?);
    let (ana, sam) = tokio::try_join!(signed_in(&center, "ana"), signed_in(&center, "sam"))?;
    ana.driver.goto(center.url(&request)).await?;
    says(&ana, "#request-here", "").await?;

    sam.driver.goto(center.url("/inbox")).await?;
    says(&sam, "#inbox-rows", "Ana Ruiz is here now").await?;
    sam.driver.goto(center.url(&request)).await?;
    says(&sam, "#request-here", "Ana Ruiz is here now").await?;
    says(&ana, "#request-here", "Sam Whitfield is here now").await?;

    // Ana takes it: Sam sees what happened while he reads.
    ana.press("form[action$='/claim'] button").await?;
    says(&sam, "#request-events", "took a request").await?;
    says(&sam, "#request-owner", "Ana Ruiz").await?;
    ensure!(sam.driver.find(By::Css("form[action$='/claim']")).await.is_err(), "Sam could still take it");

    // She reaches them, and it ends: Sam's page says so by itself, aloud as well.
    let hers = At { browser: &ana, center: &center };
    hers.choose("outcome", "reached").await?;
    hers.fill("note", "They only wanted the address.").await?;
    hers.press("Record the call").await?;
    hers.choose("check_in", "no").await?;
    hers.fill("disposition", "information_only").await?;
    hers.press("Close with this outcome").await?;
    says(&sam, "#request-stands", "Closed: asked for information only.").await?;
    says(&sam, "#live-voice", "This request changed.").await?;
    ana.driver.goto(center.url("/clients")).await?;
    says(&sam, "#request-here", "").await?;
    tokio::try_join!(ana.close(), sam.close())?;
    Ok(())
}

#[tokio::test]
async fn what_two_promise_at_once_stands_side_by_side() -> Result<()> {
    let center = Center::demo().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let mut sam = Visitor::signed_in(&center, "sam").await?;
    ana.get("/inbox?view=nobodys").await?;
    let request = format!("/inbox/{}", ana.reference()?);
    ana.get(&request).await?;
    let version = ana.hidden("version").context("a version")?.to_owned();
    let day = center.today()? + chrono::Days::new(2);
    let (nine, ten) = (format!("{day}T09:00"), format!("{day}T10:00"));
    let step = format!("{request}/next-step");
    let hers =
        [("version", version.as_str()), ("next_step", "Call her sister"), ("next_step_at", nine.as_str())];
    ana.press(&step, &hers).await?;
    ensure!(ana.sees("Call her sister"), "{}", ana.path);

    // Sam's page is of before: nothing of hers is written over, and he chooses for each field.
    let his =
        [("version", version.as_str()), ("next_step", "Send the address"), ("next_step_at", ten.as_str())];
    sam.press(&step, &his).await?;
    ensure!(sam.status == 422 && sam.sees("What happens next: saved meanwhile"), "{}", sam.status);
    ensure!(sam.sees("When: saved meanwhile") && sam.sees("value=\"Send the address\""));
    let fresh = sam.hidden("version").context("a version")?.to_owned();
    let chosen = [
        ("version", fresh.as_str()),
        ("next_step", "Send the address"),
        ("next_step_at", ten.as_str()),
        ("use_next_step", "theirs"),
        ("theirs_next_step", "Call her sister"),
        ("use_next_step_at", "ours"),
        ("theirs_next_step_at", nine.as_str()),
    ];
    sam.press(&step, &chosen).await?;
    ensure!(sam.sees("Next: Call her sister") && sam.sees("10:00 am"), "{}", sam.page);

    // A try with what was agreed in it is one act, with one promise.
    let agreed = [
        ("outcome", "reached"),
        ("then_step", "Visit on Friday"),
        ("then_at", nine.as_str()),
        ("because", "She asked for a call at this hour."),
    ];
    ana.press(&format!("{request}/attempts"), &agreed).await?;
    ensure!(ana.sees("Next: Visit on Friday"), "{}", ana.page);
    ana.press(
        &format!("{request}/attempts"),
        &[("outcome", "reached"), ("then_step", "Later"), ("because", "She asked for a call at this hour.")],
    )
    .await?;
    ensure!(ana.status == 422 && ana.sees("Enter a day and time that lie ahead"), "{}", ana.status);
    Ok(())
}

/// A record that both may change.
async fn a_record(mina: &mut Visitor) -> Result<String> {
    mina.get("/clients").await?;
    let id = mina.between("href=\"/clients/", "\"").context("a record")?.to_owned();
    Ok(format!("/clients/{id}"))
}

#[tokio::test]
async fn what_two_write_in_one_record_is_chosen_field_by_field() -> Result<()> {
    let center = Center::demo().await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let record = a_record(&mut mina).await?;
    mina.get(&record).await?;
    ana.get(&record).await?;
    let version = mina.hidden("version").context("a version")?.to_owned();
    let identity = format!("{record}/identity");
    let typed = |pronouns, legal_name| {
        [
            ("version", version.clone()),
            ("name_used", "Marisol".to_owned()),
            ("legal_name", legal_name),
            ("pronouns", pronouns),
            ("born_on", "1984-03-02".to_owned()),
            ("language", "en".to_owned()),
        ]
    };
    let first = typed("she/her".to_owned(), "María Sol Ibarra".to_owned());
    let first: Vec<(&str, &str)> = first.iter().map(|(name, value)| (*name, value.as_str())).collect();
    mina.press(&identity, &first).await?;
    let second = typed("they/them".to_owned(), String::new());
    let second: Vec<(&str, &str)> = second.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ana.press(&identity, &second).await?;
    ensure!(ana.status == 422 && ana.sees("choose field by field"), "{}", ana.status);
    ensure!(ana.sees("Pronouns: saved meanwhile") && ana.sees("she/her<small>Saved by a colleague"));
    ensure!(ana.sees("Legal name: saved meanwhile") && !ana.sees("Born on: saved meanwhile"));
    // The name Mina wrote, the pronouns Ana heard.
    let now = ana.between("/identity\"", "</form>").context("the form")?;
    let now = now.split_once("name=\"version\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
    let now = now.context("the version of now")?.0.to_owned();
    let mut chosen: Vec<(&str, &str)> = second.clone();
    chosen[0].1 = &now;
    chosen.extend([
        ("use_legal_name", "theirs"),
        ("theirs_legal_name", "María Sol Ibarra"),
        ("use_pronouns", "ours"),
    ]);
    ana.press(&identity, &chosen).await?;
    ensure!(ana.path == record && ana.sees("María Sol Ibarra") && ana.sees("they/them"), "{}", ana.page);

    // The same of how they may be reached: the choice that was typed stays, and hers stands beside it.
    let rules = ana.hidden("rules_version").context("a version")?.to_owned();
    let safe = format!("{record}/safe-contact");
    let said =
        |voicemail: &'static str| [("rules_version", rules.clone()), ("voicemail", voicemail.to_owned())];
    for (who, voicemail) in [(&mut mina, "name_and_number"), (&mut ana, "never")] {
        let said = said(voicemail);
        let fields: Vec<(&str, &str)> = said.iter().map(|(name, value)| (*name, value.as_str())).collect();
        who.press(&safe, &fields).await?;
    }
    ensure!(ana.status == 422 && ana.sees("Voicemail: saved meanwhile"), "{}", ana.status);
    ensure!(ana.sees("name=\"voicemail\" value=\"never\" checked"), "what Ana chose is gone");
    Ok(())
}

#[tokio::test]
async fn nobody_closes_or_gives_away_what_a_colleague_has_just_worked_on() -> Result<()> {
    let center = Center::demo().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let mut sam = Visitor::signed_in(&center, "sam").await?;
    ana.get("/inbox?view=nobodys").await?;
    let request = format!("/inbox/{}", ana.reference()?);
    ana.get(&request).await?;
    let version = ana.hidden("version").context("a version")?.to_owned();
    let colleague = ana.choice("Ben Kealoha").context("a colleague")?;
    sam.press(&format!("{request}/claim"), &[]).await?;
    for (act, field) in [("closing", ("disposition", "wrong_number")), ("owner", ("to", colleague.as_str()))]
    {
        let at = format!("{request}/{act}");
        ana.press(&at, &[("version", &version), field]).await?;
        ensure!(
            ana.status == 422 && ana.sees("Someone did something at this request"),
            "{act}: {}",
            ana.status
        );
        ensure!(ana.sees("Sam Whitfield"), "she does not see who");
    }
    let now = ana.hidden("version").context("a version")?.to_owned();
    ana.press(&format!("{request}/owner"), &[("version", &now), ("to", &colleague)]).await?;
    ensure!(ana.sees("Ben Kealoha") && ana.status == 200, "{}", ana.status);
    Ok(())
}

/// The version a form of the page was shown with.
fn version_of(who: &Visitor, act: &str) -> Result<String> {
    let form = who.between(&format!("/{act}\""), "</form>").context("no such form")?;
    let (_, rest) = form.split_once("name=\"version\" value=\"").context("no version")?;
    Ok(rest.split('"').next().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn coverage_and_a_place_that_two_put_right_are_chosen_field_by_field() -> Result<()> {
    let center = Center::demo().await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    for (list, act, theirs, ours, label) in [
        (
            "/benefits",
            "benefits/coverage",
            [("plan_kind", "ppo"), ("plan", "Lakeland Gold"), ("subscriber", "self"), ("level[]", "2.1")]
                .as_slice(),
            [("plan_kind", "hmo"), ("plan", "Lakeland Gold"), ("subscriber", "self"), ("level[]", "2.1")]
                .as_slice(),
            "Kind of plan: saved meanwhile",
        ),
        (
            "/waitlist",
            "waitlist/details",
            [("level", "3.5"), ("class", "other"), ("contact_days", "3")].as_slice(),
            [("level", "3.5"), ("class", "other"), ("contact_days", "5")].as_slice(),
            "In touch every so many days: saved meanwhile",
        ),
    ] {
        ana.get(list).await?;
        let page = format!("/inbox/{}/{}", ana.reference()?, list.trim_start_matches('/'));
        ana.get(&page).await?;
        mina.get(&page).await?;
        let at = format!("{}/{act}", page.replace(list, ""));
        let version = version_of(&ana, act)?;
        for (who, fields) in [(&mut mina, theirs), (&mut ana, ours)] {
            let fields = [[("version", version.as_str())].as_slice(), fields].concat();
            who.press(&at, &fields).await?;
        }
        ensure!(mina.status == 200 && mina.path == page, "{act}: {} {}", mina.status, mina.page);
        ensure!(ana.status == 422 && ana.sees(label), "{act}: {} {}", ana.status, ana.page);
        ensure!(ana.page.matches("saved meanwhile").count() == 1, "{act}: more differs than was typed");
        let now = version_of(&ana, act)?;
        let fields = [[("version", now.as_str())].as_slice(), ours].concat();
        ana.press(&at, &fields).await?;
        ensure!(ana.status == 200 && ana.path == page, "{act}: {}", ana.status);
    }
    Ok(())
}
