//! Jo writes about her brother at night; Ana calls her; he becomes Ray's client, stays, and leaves. All without script.

use anyhow::{Context, Result};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// Fills the public form as Jo does, up to the page before sending.
async fn jo_writes(jo: &mut Visitor) -> Result<()> {
    jo.get("/").await?.get("/consultation").await?;
    jo.press("/consultation", &[]).await?;
    assert_eq!(jo.path, "/consultation/danger");
    jo.press("/consultation/danger", &[("danger", "no")]).await?;
    jo.press("/consultation/for", &[("for_whom", "family"), ("relationship", "sister")]).await?;
    jo.press("/consultation/name", &[("name", "Jo")]).await?;
    // A slip keeps her on the page, with what she typed and what to do.
    jo.press("/consultation/contact", &[("phone", "0142"), ("call", "any")]).await?;
    assert_eq!((jo.status, jo.sees("value=\"0142\"")), (422, true));
    assert!(jo.sees("Enter a phone number with all its digits"));
    let hours = [
        ("phone", "212 555 0142"),
        ("call", "hours"),
        ("call_from", "9"),
        ("call_until", "16"),
        ("call_days", "weekdays"),
    ];
    jo.press("/consultation/contact", &hours).await?;
    jo.press("/consultation/answering", &[("answering", "ask_by_name"), ("voicemail", "never")]).await?;
    jo.press("/consultation/words", &[("words", "My brother stopped drinking two days ago and is shaking.")])
        .await?;
    assert_eq!(jo.path, "/consultation/check");
    // Nobody reads and answers seven questions in two seconds.
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    Ok(())
}

#[tokio::test]
async fn from_first_words_to_a_stay_and_its_end() -> Result<()> {
    let center = Center::demo().await?;
    let mut jo = Visitor::new(&center)?;
    jo_writes(&mut jo).await?;
    jo.press("/consultation/check", &[]).await?;
    assert!(jo.sees("We have your note, Jo."), "{}", jo.page);
    let reference = jo.reference()?;
    // Pressed again, gone back, reloaded: still one request.
    jo.press("/consultation/check", &[]).await?;
    assert_eq!(jo.reference()?, reference);

    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let mut ben = Visitor::signed_in(&center, "ben").await?;
    let request = format!("/inbox/{reference}");
    ana.get("/inbox").await?;
    assert_eq!(ana.page.matches(&format!("href=\"{request}\"")).count(), 1);
    ana.get(&request).await?;
    assert!(ana.sees("My brother stopped drinking") && ana.sees("weekdays, 9 am to 4 pm"));
    ben.get(&request).await?;
    ana.press(&format!("{request}/claim"), &[]).await?;
    ben.press(&format!("{request}/claim"), &[]).await?;
    assert!(ben.sees("Ana Ruiz took this request at"), "the second was not told who was first");

    ana.press(
        &format!("{request}/attempts"),
        &[("outcome", "reached"), ("note", "Scared, wants him seen tomorrow.")],
    )
    .await?;
    assert!(ana.sees("Scared, wants him seen tomorrow."));
    let ray = ana.between(">Ray Okafor</option>", "").is_some();
    assert!(ray, "Ray can be chosen as counselor");
    let option = ana
        .page
        .split(">Ray Okafor</option>")
        .next()
        .and_then(|t| t.rsplit("value=\"").next())
        .context("Ray")?;
    let counselor = option.trim_end_matches('"').to_owned();
    ana.press(&format!("{request}/client"), &[("counselor", &counselor)]).await?;
    let record = ana.path.clone();
    assert!(record.starts_with("/clients/"));
    ana.press(&format!("{record}/episodes"), &[("admitted_on", "2026-01-05"), ("level", "3.5")]).await?;

    let mut ray = Visitor::signed_in(&center, "ray").await?;
    ray.get(&record).await?;
    assert!(ray.sees("In care since 5 January 2026"));
    let episode = ray.between("/episodes/", "/discharge").context("the stay")?.to_owned();
    let ending = [("discharged_on", "2026-01-20"), ("discharge_kind", "left_against_advice")];
    ray.press(&format!("{record}/episodes/{episode}/discharge"), &ending).await?;
    assert!(ray.sees("Left before completing"));
    // However the stay ended, aftercare began with it.
    assert!(ray.sees("started aftercare"));

    // What one may not see does not exist.
    let mut ines = Visitor::signed_in(&center, "ines").await?;
    ines.get(&record).await?;
    assert_eq!(ines.status, 404);
    let mut petra = Visitor::signed_in(&center, "petra").await?;
    petra.get("/admin/audit").await?;
    petra.press("/admin/audit/verification", &[]).await?;
    assert!(petra.sees("The chain holds") && petra.sees("checked the ledger"));
    Ok(())
}

#[tokio::test]
async fn who_leaves_finds_nothing_behind_the_back_button() -> Result<()> {
    let center = Center::demo().await?;
    let mut jo = Visitor::new(&center)?;
    jo_writes(&mut jo).await?;
    assert!(jo.get("/consultation/words").await?.sees("My brother"));
    let _ = jo.get("/leave").await;
    jo.get("/consultation/words").await?;
    assert!(!jo.sees("My brother"), "what was typed is still there after leaving");
    Ok(())
}

#[tokio::test]
async fn help_comes_before_everything_when_someone_is_in_danger() -> Result<()> {
    let center = Center::demo().await?;
    let mut denise = Visitor::new(&center)?;
    denise.get("/consultation").await?.press("/consultation", &[]).await?;
    denise.press("/consultation/danger", &[("danger", "yes")]).await?;
    assert!(denise.sees("href=\"tel:911\"") && denise.sees("href=\"tel:988\"") && denise.sees("naloxone"));
    // Shown at once, and never in the way.
    denise.press("/consultation/help-now", &[]).await?;
    assert_eq!(denise.path, "/consultation/for");
    Ok(())
}
