//! From a ringing phone to a time that is booked, moved, missed and offered again; and what a calendar program sees of it.

use anyhow::{Context, Result, ensure};
use journeys::program::Center;
use journeys::visitor::Visitor;
use sea_orm::{ConnectOptions, ConnectionTrait, Database};
use thirtyfour::{By, Key};

use crate::a_call::{EACH_IS_ASKED, signed_in};

/// The values of a field's choices, in the order of the page.
fn choices(page: &str, name: &str) -> Vec<String> {
    let mark = format!("name=\"{name}\" value=\"");
    let values = page.split(&mark).skip(1).filter_map(|rest| rest.split('"').next());
    values.filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// The safety questions of a call sheet, each answered with no.
fn all_no(page: &str) -> Vec<(String, String)> {
    let mut names: Vec<String> = page
        .split("name=\"q_")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|name| format!("q_{name}"))
        .collect();
    names.dedup();
    names.into_iter().map(|name| (name, "no".to_owned())).collect()
}

/// What a page without script sends at the end of a call.
fn sheet(page: &Visitor, fields: &[(&str, &str)]) -> Result<Vec<(String, String)>> {
    let mut sent = all_no(&page.page);
    for name in ["submission", "desk", "version", "turn"] {
        sent.push((name.to_owned(), page.hidden(name).context(name)?.to_owned()));
    }
    sent.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Ok(sent)
}

async fn sends(visitor: &mut Visitor, to: &str, sent: &[(String, String)]) -> Result<()> {
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.press(to, &sent).await?;
    Ok(())
}

/// A time that was booked has come and gone: it began so many minutes ago.
async fn it_began(center: &Center, minutes: i64) -> Result<()> {
    let database = center.place().database();
    let url = if database.starts_with("postgres") { database } else { format!("sqlite://{database}") };
    let tables = Database::connect(ConnectOptions::new(url)).await?;
    let began = center.now()? - chrono::TimeDelta::minutes(minutes);
    let update = "UPDATE appointments SET starts_at = $1, ends_at = $1 WHERE state = 'booked' AND id = \
                  (SELECT id FROM appointments ORDER BY changed_at DESC LIMIT 1)";
    let backend = tables.get_database_backend();
    tables.execute_raw(sea_orm::Statement::from_sql_and_values(backend, update, [began.into()])).await?;
    Ok(())
}

/// Ana and Ben are on the phone and offer the same time: one of them has it. The address of Theo's request.
async fn two_desks_offer_one_time(ana: &mut Visitor, ben: &mut Visitor) -> Result<String> {
    ana.get("/call").await?;
    ben.get("/call").await?;
    let times = choices(&ana.page, "slot");
    let (first, second) = (times.first().context("a time")?, times.get(1).context("another one")?);
    let who = [("phone", "212 555 0187"), ("for_whom", "self"), ("call", "any"), ("slot", first.as_str())];

    let sent = sheet(ana, &[&who[..], &[("name", "Theo")]].concat())?;
    sends(ana, "/call/finishing", &sent).await?;
    ensure!(ana.path.starts_with("/inbox/CR-") && ana.sees("Assessment with"), "{} {}", ana.status, ana.path);
    let theo = ana.path.clone();
    let sent = sheet(ben, &[&who[..], &[("name", "Una")]].concat())?;
    sends(ben, "/call/finishing", &sent).await?;
    ensure!(ben.status == 422 && ben.sees("Free next:"), "{} {}", ben.status, ben.path);
    ensure!(ben.sees("value=\"Una\"") && !choices(&ben.page, "slot").contains(first), "it is still offered");
    let call = ben.between("data-at=\"", "\"").context("the call")?.to_owned();
    ben.get(&call).await?;
    let sent = sheet(
        ben,
        &[
            ("name", "Una"),
            ("phone", "212 555 0187"),
            ("for_whom", "self"),
            ("call", "any"),
            ("slot", second),
        ],
    )?;
    sends(ben, "/call/finishing", &sent).await?;
    ensure!(ben.path.starts_with("/inbox/CR-"), "{} {}", ben.status, ben.path);
    Ok(theo)
}

/// Their time is moved, once, with a reason.
async fn it_is_moved(ana: &mut Visitor, theo: &str) -> Result<()> {
    let page = format!("{theo}/appointment");
    ana.get(&page).await?;
    ensure!(
        ana.sees("Safe contact") || ana.sees("class=\"safe\""),
        "what is safe is not said before anyone dials"
    );
    ensure!(ana.sees("No letter leaves: There is no address for this. Tell them on the phone."));
    let version = ana.hidden("version").context("a version")?.to_owned();
    let other = choices(&ana.page, "slot").first().context("a time")?.clone();
    ana.press(&format!("{page}/moving"), &[("version", &version), ("slot", &other)]).await?;
    ensure!(ana.status == 422 && ana.sees("Choose why"), "{}", ana.status);
    let moving = [("version", version.as_str()), ("slot", &other), ("why", "transport")];
    ana.press(&format!("{page}/moving"), &moving).await?;
    ensure!(ana.path == page && ana.sees("The time is moved.") && ana.sees("No way to get here"));
    ana.press(&format!("{page}/moving"), &moving).await?;
    ensure!(ana.status == 422 && ana.sees("Someone changed this appointment"), "{}", ana.status);
    Ok(())
}

#[tokio::test]
async fn from_a_call_to_a_time_that_is_moved_missed_and_offered_again() -> Result<()> {
    let center = Center::demo().await?;
    let (mut ana, mut ben) =
        (Visitor::signed_in(&center, "ana").await?, Visitor::signed_in(&center, "ben").await?);
    let theo = two_desks_offer_one_time(&mut ana, &mut ben).await?;
    it_is_moved(&mut ana, &theo).await?;
    let page = format!("{theo}/appointment");
    it_began(&center, 20).await?;
    ana.get("/appointments").await?;
    ensure!(ana.sees("Did they arrive?"), "the week does not ask");
    ana.get(&theo).await?;
    ensure!(ana.sees("Did Theo arrive?"), "the request does not ask");
    let arrival =
        format!("/appointments/{}/arrival", ana.between("/appointments/", "/arrival").context("the act")?);
    ana.press(&arrival, &[("came", "perhaps")]).await?;
    ensure!(ana.status == 422, "{}", ana.status);
    ana.press(&arrival, &[("came", "no")]).await?;
    ensure!(ana.path == page && ana.sees("Ask first if they are safe"), "{}", ana.path);
    let again = choices(&ana.page, "slot").first().context("a time")?.clone();
    ana.press(&page, &[("slot", "")]).await?;
    ensure!(ana.status == 422 && ana.sees("Choose a time"));
    ana.press(&page, &[("slot", &again)]).await?;
    ensure!(
        ana.path == page
            && ana.sees("The time is booked.")
            && ana.sees("Did not come".to_lowercase().as_str())
    );
    let version = ana.hidden("version").context("a version")?.to_owned();
    ana.press(&format!("{page}/cancelling"), &[("version", &version), ("why_off", "")]).await?;
    ensure!(ana.status == 422 && ana.sees("Choose why"));
    ana.press(&format!("{page}/cancelling"), &[("version", &version), ("why_off", "they_asked")]).await?;
    ensure!(ana.path == page && ana.sees("No other time is booked."), "{} {}", ana.status, ana.path);
    ana.get(&theo).await?;
    ensure!(ana.sees("Offer another time"));
    Ok(())
}

#[tokio::test]
async fn an_administrator_opens_a_site_and_a_clinician_is_offered_there() -> Result<()> {
    let center = Center::demo().await?;
    let mut linus = Visitor::signed_in(&center, "linus").await?;
    linus.get("/admin/sites").await?;
    linus.press("/admin/sites", &[("site_name", "<b>West</b>"), ("address", ""), ("zone", "Moon")]).await?;
    ensure!(linus.status == 422 && linus.sees("Enter the address") && linus.sees("Choose the time zone"));
    ensure!(linus.sees("&#60;b&#62;West") && !linus.sees("<b>West"), "what was typed is not escaped");
    let west = [("site_name", "West"), ("address", "1 Hill Road"), ("zone", "America/Los_Angeles")];
    linus.press("/admin/sites", &west).await?;
    ensure!(linus.path == "/admin/sites" && linus.sees("The site is kept.") && linus.sees("1 Hill Road"));
    let mut ray = Visitor::signed_in(&center, "ray").await?;
    ray.get("/appointments/hours").await?;
    ray.press("/appointments/hours", &[("opens", "99:00")]).await?;
    for words in
        ["Choose whose hours", "Choose where", "at least one day", "Enter when it begins", "Choose how long"]
    {
        ensure!(ray.status == 422 && ray.sees(words), "{words}");
    }
    let option = |of: &Visitor, name: &str| -> Result<String> {
        let before = of.page.split(&format!(">{name}</option>")).next().context("an option")?;
        Ok(before.rsplit("value=\"").next().context("a value")?.trim_end_matches('"').to_owned())
    };
    let (me, site) = (option(&ray, "Ray Okafor")?, option(&ray, "West")?);
    let hours = [
        ("clinician", me.as_str()),
        ("site", &site),
        ("weekdays[]", "6"),
        ("opens", "06:00"),
        ("closes", "07:00"),
        ("slot_minutes", "60"),
    ];
    ray.press("/appointments/hours", &hours).await?;
    ensure!(ray.path == "/appointments/hours" && ray.sees("Sun, 6:00 am to 7:00 am"), "{}", ray.status);
    ray.press("/appointments/hours", &hours).await?;
    ensure!(ray.status == 422 && ray.sees("meet others of the same clinician"));
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/appointments").await?;
    ensure!(ana.sees("6:00 am P"), "his Sunday is not offered on its own clock");
    // What is not theirs is not theirs.
    ana.get("/admin/sites").await?;
    ensure!(ana.status == 403, "{}", ana.status);
    Ok(())
}

#[tokio::test]
async fn a_calendar_program_sees_appointments_and_nobody_in_them() -> Result<()> {
    let center = Center::demo().await?;
    let mut ines = Visitor::signed_in(&center, "ines").await?;
    // She has the own times in the house as well, and books for nobody.
    ines.get("/appointments").await?;
    ensure!(ines.status == 200 && ines.sees("Ines Duarte") && !ines.sees("Book it"), "{}", ines.status);
    ensure!(!ines.sees("Sam Whitfield"), "she sees the times of others");
    ines.get("/account/calendar").await?;
    ines.press("/account/calendar", &[]).await?;
    let address =
        ines.between("id=\"calendar-address\" readonly value=\"", "\"").context("an address")?.to_owned();
    let path =
        address.split_once("/calendar/").map(|(_, file)| format!("/calendar/{file}")).context("a path")?;
    let program = reqwest::Client::new();
    let first = program.get(center.url(&path)).send().await?;
    ensure!(first.status() == 200, "{}", first.status());
    let kind = first.headers().get("content-type").context("a kind")?.to_str()?.to_owned();
    ensure!(kind == "text/calendar; charset=utf-8", "{kind}");
    let tag = first.headers().get("etag").context("a tag")?.to_str()?.to_owned();
    let text = first.text().await?;
    ensure!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.contains("SUMMARY:Appointment\r\n"), "{text}");
    for word in ["Tyrell", "Marcus", "Cedar", "Alder", "CR-", "Duarte"] {
        ensure!(!text.contains(word), "{word} is in the feed");
    }
    let same = program.get(center.url(&path)).header("if-none-match", &tag).send().await?;
    ensure!(same.status() == 304 && same.text().await?.is_empty());
    for wrong in ["/calendar/guess.ics".to_owned(), path.trim_end_matches(".ics").to_owned()] {
        ensure!(program.get(center.url(&wrong)).send().await?.status() == 404, "{wrong}");
    }
    ines.get("/account/calendar").await?;
    ensure!(!ines.sees(&address), "it is shown twice");
    ines.press("/account/calendar/ending", &[]).await?;
    ensure!(ines.sees("The address opens nothing any more."));
    ensure!(program.get(center.url(&path)).send().await?.status() == 404);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_is_offered_by_keyboard_while_she_talks() -> Result<()> {
    let center = Center::demo().await?;
    let browser = signed_in(&center, "ana").await?;
    browser.look(1280, false).await?;
    browser.driver.goto(center.url("/call")).await?;
    browser.driver.find(By::Id("name")).await?.send_keys("Theo").await?;
    browser.driver.find(By::Id("phone")).await?.send_keys("212 555 0187").await?;
    browser.driver.execute(EACH_IS_ASKED, vec![]).await?;
    for name in ["for_whom", "call"] {
        let choose = format!("document.querySelector('[name={name}]').click()");
        browser.driver.execute(choose, vec![]).await?;
    }
    let alt_t = browser.driver.action_chain().key_down(Key::Alt).key_down('t').key_up('t').key_up(Key::Alt);
    alt_t.perform().await?;
    browser.driver.action_chain().send_keys(Key::Right).perform().await?;
    let chosen =
        browser.driver.execute("return document.querySelector('[name=slot]:checked').value", vec![]).await?;
    ensure!(!chosen.json().as_str().unwrap_or_default().is_empty(), "the first time is not chosen");
    browser.driver.execute("window.pressed = true", vec![]).await?;
    let finish = browser
        .driver
        .action_chain()
        .key_down(Key::Control)
        .key_down(Key::Enter)
        .key_up(Key::Enter)
        .key_up(Key::Control);
    finish.perform().await?;
    browser.next_page().await?;
    let page = browser.driver.find(By::Css("main")).await?.text().await?;
    ensure!(page.contains("Assessment with") && page.contains("Appointment:"), "{page}");
    browser.close().await
}
