//! Marisol asks for help in the night; a year after she went home she picks up the phone. One thread through the whole
//! house, in a real browser.

use anyhow::Result;
use chrono::{Days, NaiveDate};
use journeys::at::At;
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;
use thirtyfour::prelude::*;

/// Marisol's request, as she makes it; its reference.
async fn she_asks(at: &At<'_>) -> Result<String> {
    let answers = [
        ("danger", "no"),
        ("for_whom", "self"),
        ("name", "Marisol Quintanilla"),
        ("phone", "212 555 0142"),
        ("call", "any"),
        ("email", "mari@example.org"),
        ("email_ok", "yes"),
        ("answering", "ask_by_name"),
        ("voicemail", "never"),
        ("words", "I cannot do this alone any more."),
    ];
    let reference = at.asks(&answers).await?;
    at.sees("We have your note, Marisol Quintanilla.").await?;
    Ok(reference)
}

/// Ana takes it, calls, and makes it a record in Ray's caseload; the record's address.
async fn ana_calls(at: &At<'_>, reference: &str) -> Result<String> {
    at.sign_in("ana").await?;
    at.open(&format!("/inbox/{reference}")).await?;
    at.takes_it().await?;
    at.choose("outcome", "reached").await?;
    at.fill("note", "Wants to come this week. Elena drives.").await?;
    at.press("Record the call").await?;
    at.sees("Wants to come this week. Elena drives.").await?;
    let ray = "const o = [...document.querySelectorAll('option')].find(o => o.textContent === 'Ray Okafor');
               o.closest('select').value = o.value; o.closest('details')?.setAttribute('open', '');";
    at.browser.driver.execute(ray, vec![]).await?;
    at.press("Make").await?;
    at.path().await
}

/// Ray and Marisol go through the people in her life; one of them hurts.
async fn her_circle(at: &At<'_>, record: &str) -> Result<()> {
    at.open(&format!("{record}/connections")).await?;
    for (label, category, kind, stance) in [
        ("Bea", "recovery_group", "person", "encourages_recovery"),
        ("Elena", "friends_family", "person", "encourages_recovery"),
        ("Someone at home", "friends_family", "person", "encourages_use"),
    ] {
        at.fill("label", label).await?;
        at.fill("category", category).await?;
        at.fill("kind", kind).await?;
        at.fill("nearness", "3").await?;
        at.fill("contact", "daily").await?;
        at.fill("tie", "strong").await?;
        at.fill("stance", stance).await?;
        at.fill("use_status", "in_recovery").await?;
        at.fill("reach_any_time", "yes").await?;
        at.fill("has_current_phone", "yes").await?;
        at.press("Put them on the map").await?;
    }
    at.sees("3 connections of 2 of the seven kinds.").await?;
    at.browser.driver.find(By::LinkText("Someone at home")).await?.click().await?;
    at.press("Mark as unsafe").await?;
    at.sees("One tie is marked unsafe").await?;
    at.fill("group_sessions", "4").await?;
    at.press("This holds as of today").await?;
    at.sees("Gone through together today.").await?;
    Ok(())
}

fn iso(day: NaiveDate) -> String {
    day.format("%Y-%m-%d").to_string()
}

#[tokio::test]
async fn from_first_request_to_first_anniversary() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    browser.look(1280, false).await?;
    let at = At { browser: &browser, center: &center };
    let reference = she_asks(&at).await?;
    let record = ana_calls(&at, &reference).await?;
    assert!(record.starts_with("/clients/"), "{record}");

    // The center's day, in Chicago; the story is told a year later, so she came and went home a year ago.
    let today = center.today()?;
    let home = today - Days::new(365);
    at.fill("admitted_on", &iso(home - Days::new(28))).await?;
    at.fill("level", "3.5").await?;
    at.press("Admit").await?;

    at.sign_in("ray").await?;
    at.open(&format!("{record}/plan/commitments")).await?;
    at.fill("text", "If it is Friday, then I walk with Bea.").await?;
    at.press("Save and go on").await?;
    her_circle(&at, &record).await?;

    at.open(&record).await?;
    at.fill("discharged_on", &iso(home)).await?;
    at.fill("discharge_kind", "completed").await?;
    at.press("End the stay").await?;
    at.sees("started aftercare").await?;

    // Her own copy: the circle without the tie that hurts, the words as she said them, nothing that tells.
    let paper = center.paper("ray", &record).await?;
    assert!(paper.contains("If it is Friday, then I walk with Bea."), "{paper}");
    assert!(paper.contains("Elena") && !paper.contains("Someone at home"), "{paper}");
    assert!(!paper.contains("42 CFR") && !paper.contains("Cedar Recovery Center"), "{paper}");

    // A year after she went home: she is on the list of the day, and Ray calls.
    at.open("/alumni").await?;
    at.sees("Marisol Quintanilla").await?;
    at.sees("Check-in, day 365, is due today.").await?;
    at.open(&format!("{record}/check-ins")).await?;
    at.sees("Check-in, day 365, is due").await?;
    at.choose("used", "none").await?;
    at.choose("overall", "9").await?;
    at.choose("urge", "1").await?;
    at.choose("confidence", "9").await?;
    at.choose("thoughts", "no").await?;
    at.fill("next_commitment", "Cake with Bea on Friday").await?;
    at.press("Save the answers").await?;
    at.sees("Answered, asked by staff").await?;
    at.sees("Nothing is due.").await?;
    browser.close().await
}

/// What only this story asks of the program.
trait Anniversary {
    /// The words of the person's own copy, as the paper has them.
    async fn paper(&self, who: &str, record: &str) -> Result<String>;
}

impl Anniversary for Center {
    async fn paper(&self, who: &str, record: &str) -> Result<String> {
        let mut staff = Visitor::signed_in(self, who).await?;
        staff.get(&format!("{record}/plan")).await?;
        let file = staff.pressed(&format!("{record}/plan/pdf"), &[]).await?.bytes().await?;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("plan.pdf");
        std::fs::write(&path, file)?;
        let text = std::process::Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output()?;
        Ok(String::from_utf8(text.stdout)?)
    }
}
