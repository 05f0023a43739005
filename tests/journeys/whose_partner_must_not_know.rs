//! Carla's partner must not know. She says when it is safe; nobody calls outside of it, nothing is left on a machine, no
//! letter is written, and whoever picks up the phone reads that first.

use anyhow::{Result, ensure};
use journeys::at::At;
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;

/// Carla asks; the reference of her request.
async fn carla_asks(at: &At<'_>) -> Result<String> {
    let answers = [
        ("danger", "no"),
        ("for_whom", "self"),
        ("name", "Carla"),
        ("phone", "(303) 555-0194"),
        ("call", "hours"),
        ("call_from", "9"),
        ("call_until", "11"),
        ("call_days", "weekdays"),
        ("email", "carla@example.org"),
        ("email_ok", "no"),
        ("answering", "hang_up"),
        ("voicemail", "never"),
        ("words", "He looks at my phone. Please only in the mornings."),
    ];
    at.answers(&answers).await?;
    at.sees("weekdays, 9 am to 11 am").await?;
    let reference = at.asks(&answers).await?;
    at.sees("If someone else answers we hang up.").await?;
    Ok(reference)
}

#[tokio::test]
async fn nothing_reaches_the_house_but_by_the_way_she_said() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    browser.look(1280, false).await?;
    let at = At { browser: &browser, center: &center };
    let reference = carla_asks(&at).await?;

    at.sign_in("ana").await?;
    at.open("/inbox").await?;
    let row = "return [...document.querySelectorAll('li.row')].find(r => r.textContent.includes('Carla')).textContent";
    let row = browser.driver.execute(row, vec![]).await?.json().to_string();
    ensure!(row.contains("Certain hours"), "{row}");
    at.open(&format!("/inbox/{reference}")).await?;
    at.sees("Safe contact: certain hours only").await?;
    at.sees("weekdays, 9 am to 11 am").await?;
    at.sees("hang up, and try again later").await?;
    at.takes_it().await?;

    // She calls, and he comes into the room: she cannot talk. The next try waits for her hours.
    at.choose("direction", "they_called").await?;
    at.choose("outcome", "not_safe").await?;
    at.press("Record the call").await?;
    at.sees("Next: Try again,").await?;
    let stands = browser.driver.find(thirtyfour::By::Css("p.stands")).await?.text().await?;
    let at_hour = ["9:00 am", "9:", "10:"].iter().any(|hour| stands.contains(hour));
    ensure!(at_hour && stands.contains("am."), "outside of her hours: {stands}");

    // She calls once more, from the car: that breaks no hours of hers.
    at.choose("direction", "they_called").await?;
    at.choose("outcome", "reached").await?;
    at.fill("note", "Talked in the car. She calls her sister tonight.").await?;
    at.press("Record the call").await?;
    at.choose("check_in", "no").await?;
    at.fill("disposition", "declined_by_person").await?;
    at.fill("reason", "not_ready").await?;
    at.press("Close with this outcome").await?;
    at.open(&format!("/inbox/{reference}")).await?;
    at.sees("Closed: they said no").await?;

    // No letter was made for her, and nobody asks again.
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    for view in ["sent", "waiting", "held"] {
        carol.get(&format!("/mail?view={view}")).await?;
        ensure!(!carol.sees("Carla"), "a letter to her in {view}");
    }
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/inbox?view=check_in").await?;
    ensure!(!ana.sees("Carla"), "somebody would ask her again");
    browser.close().await
}
