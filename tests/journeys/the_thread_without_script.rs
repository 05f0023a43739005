//! The thread through the whole house without script: Jo writes about her brother Lee at night, Ana calls, he becomes
//! Ray's client, stays, goes home, and a year later picks up the phone. Each row of the thread is a story of its own, and
//! the last one tells them all. Letters and their answers are told in `a_letter_and_its_answer`.

use anyhow::{Context, Result};
use chrono::Days;
use journeys::program::Center;
use journeys::visitor::Visitor;

/// Fills the public form as Jo does, up to the page before sending.
async fn jo_writes(jo: &mut Visitor) -> Result<()> {
    jo.get("/").await?.get("/consultation").await?;
    jo.press("/consultation", &[]).await?;
    assert_eq!(jo.path, "/consultation/danger");
    jo.press("/consultation/danger", &[("danger", "no")]).await?;
    jo.press(
        "/consultation/for",
        &[("for_whom", "family"), ("relationship", "sister"), ("other_name", "Lee Tranquilino")],
    )
    .await?;
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

/// Jo's request; its address for staff.
async fn jo_asks(center: &Center) -> Result<String> {
    let mut jo = Visitor::new(center)?;
    jo_writes(&mut jo).await?;
    jo.press("/consultation/check", &[]).await?;
    Ok(format!("/inbox/{}", jo.reference()?))
}

/// Ana takes the request, talks with Jo, and makes it a record in Ray's caseload; the record's address.
async fn ana_converts(ana: &mut Visitor, request: &str) -> Result<String> {
    ana.get(request).await?;
    ana.press(&format!("{request}/claim"), &[]).await?;
    let reached = [
        ("outcome", "reached"),
        ("note", "Scared, wants him seen tomorrow."),
        // Whatever the hour of this story is.
        ("because", "Jo asked us to call at once."),
    ];
    ana.press(&format!("{request}/attempts"), &reached).await?;
    let before = ana.page.split(">Ray Okafor</option>").next().context("Ray can be chosen")?;
    let ray = before.rsplit("value=\"").next().context("Ray")?.trim_end_matches('"').to_owned();
    ana.press(&format!("{request}/client"), &[("counselor", &ray)]).await?;
    Ok(ana.path.clone())
}

/// Lee was admitted this many days ago, and went home that many days ago; Ray's record of him.
async fn lee_stayed(center: &Center, came: u64, left: u64) -> Result<(Visitor, String)> {
    let request = jo_asks(center).await?;
    let mut ana = Visitor::signed_in(center, "ana").await?;
    let record = ana_converts(&mut ana, &request).await?;
    let admission = [("admitted_on", ago(center, came)?), ("level", "3.5".to_owned())];
    let admission = admission.each_ref().map(|(name, value)| (*name, value.as_str()));
    ana.press(&format!("{record}/episodes"), &admission).await?;
    let mut ray = Visitor::signed_in(center, "ray").await?;
    ray.get(&record).await?;
    let stay = ray.between("/episodes/", "/discharge").context("the stay")?.to_owned();
    let ending =
        [("discharged_on", ago(center, left)?), ("discharge_kind", "left_against_advice".to_owned())];
    let ending = ending.each_ref().map(|(name, value)| (*name, value.as_str()));
    ray.press(&format!("{record}/episodes/{stay}/discharge"), &ending).await?;
    Ok((ray, record))
}

/// A day of the center.
fn ago(center: &Center, days: u64) -> Result<String> {
    Ok((center.today()? - Days::new(days)).to_string())
}

async fn ray_writes_down(ray: &mut Visitor, record: &str, label: &str, stance: &str) -> Result<()> {
    let tie = [
        ("label", label),
        ("category", "friends_family"),
        ("kind", "person"),
        ("nearness", "3"),
        ("contact", "daily"),
        ("tie", "strong"),
        ("stance", stance),
        ("use_status", "in_recovery"),
        ("has_current_phone", "yes"),
        ("may_be_printed", "yes"),
    ];
    ray.press(&format!("{record}/connections"), &tie).await?;
    assert!(ray.sees(label), "{}", ray.page);
    Ok(())
}

#[tokio::test]
async fn the_sample_center_is_the_same_for_everyone_and_says_who_may_come_in() -> Result<()> {
    let center = Center::demo().await?;
    assert!(
        center.printed.contains("a sample pass phrase") && center.printed.contains("/mail"),
        "{}",
        center.printed
    );
    let place = center.place();
    assert_eq!(place.count("SELECT COUNT(*) FROM clients").await?, 60);
    assert_eq!(place.count("SELECT COUNT(*) FROM requests WHERE closed_at IS NULL").await?, 20);
    assert!(place.count("SELECT COUNT(*) FROM connections").await? > 100);
    assert!(place.count("SELECT COUNT(*) FROM messages WHERE state = 'sent'").await? > 20);
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    carol.get("/mail?view=sent").await?;
    assert!(carol.sees("/mail/letters/"));
    Ok(())
}

#[tokio::test]
async fn who_asks_twice_asked_once() -> Result<()> {
    let center = Center::demo().await?;
    let mut jo = Visitor::new(&center)?;
    jo_writes(&mut jo).await?;
    jo.press("/consultation/check", &[]).await?;
    assert!(jo.sees("We have your note, Jo."), "{}", jo.page);
    let reference = jo.reference()?;
    // Pressed again, gone back, reloaded: still one request.
    jo.press("/consultation/check", &[]).await?;
    assert_eq!(jo.reference()?, reference);
    jo.get("/consultation/words").await?;
    assert_eq!(jo.path, "/consultation/done");
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/inbox").await?;
    assert_eq!(ana.page.matches(&format!("href=\"/inbox/{reference}\"")).count(), 1);
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
async fn of_two_who_take_it_one_has_it_and_the_other_is_told() -> Result<()> {
    let center = Center::demo().await?;
    let request = jo_asks(&center).await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let mut ben = Visitor::signed_in(&center, "ben").await?;
    ana.get(&request).await?;
    assert!(ana.sees("My brother stopped drinking") && ana.sees("weekdays, 9 am to 4 pm"));
    ben.get(&request).await?;
    ana.press(&format!("{request}/claim"), &[]).await?;
    ben.press(&format!("{request}/claim"), &[]).await?;
    assert!(ben.sees("Ana Ruiz took this request at"), "the second was not told who was first");
    // The call that found nobody proposes the next try; a promise has its time.
    let tried = [("outcome", "no_answer"), ("because", "Jo asked us to call at once.")];
    ana.press(&format!("{request}/attempts"), &tried).await?;
    assert!(ana.sees("What happened is written down."));
    let at = format!("{}T10:30", center.today()? + Days::new(2));
    let version = ana.hidden("version").context("a version")?.to_owned();
    let step = [("next_step", "Call Jo about Tuesday"), ("next_step_at", at.as_str()), ("version", &version)];
    ana.press(&format!("{request}/next-step"), &step).await?;
    assert!(ana.sees("Call Jo about Tuesday"), "{}", ana.page);
    // Taken by mistake: one press gives it back.
    ana.press(&format!("{request}/release"), &[]).await?;
    assert!(ana.sees("The request is back with everyone."));
    Ok(())
}

#[tokio::test]
async fn a_request_becomes_a_record_with_all_that_was_said() -> Result<()> {
    let center = Center::demo().await?;
    let request = jo_asks(&center).await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let record = ana_converts(&mut ana, &request).await?;
    assert!(record.starts_with("/clients/") && ana.sees("Lee Tranquilino"), "{record}");
    assert!(ana.sees("Scared, wants him seen tomorrow.") && ana.sees("Request CR-"));
    ana.get(&request).await?;
    ana.press(&format!("{request}/client"), &[]).await?;
    assert!(ana.sees("This request became a client already."));
    // What is safe is asked of him, not taken over from his sister.
    ana.get(&record).await?;
    assert!(ana.sees("not asked yet"));
    let said = [("rules_version", "0"), ("call", "ok"), ("call_from", "9"), ("voicemail", "never")];
    ana.press(&format!("{record}/safe-contact"), &said).await?;
    assert_eq!((ana.status, ana.sees("Choose from when until when a call is safe")), (422, true));
    let said = [&said[..], &[("call_until", "17"), ("ask_for", "Mr. T")]].concat();
    ana.press(&format!("{record}/safe-contact"), &said).await?;
    assert!(ana.sees("What is safe is kept") && ana.sees("Mr. T"), "{}", ana.page);
    ana.press(&format!("{record}/safe-contact"), &said).await?;
    assert!(ana.sees("Someone changed this record"), "an older page wrote over a newer one");
    // What one may not see does not exist.
    let mut ines = Visitor::signed_in(&center, "ines").await?;
    ines.get(&record).await?;
    assert_eq!(ines.status, 404);
    Ok(())
}

#[tokio::test]
async fn however_a_stay_ends_aftercare_begins_with_it() -> Result<()> {
    let center = Center::demo().await?;
    let (mut ray, record) = lee_stayed(&center, 30, 7).await?;
    assert!(ray.sees("The stay has ended, and aftercare has begun.") && ray.sees("Left before completing"));
    assert!(ray.sees("started aftercare"));
    ray.get("/alumni").await?;
    assert!(ray.sees("Lee Tranquilino") && ray.sees("Left before completing."), "{}", ray.page);
    ray.get(&format!("{record}/check-ins")).await?;
    assert!(ray.sees("is due") || ray.sees("is overdue"), "{}", ray.page);
    Ok(())
}

#[tokio::test]
async fn the_plan_is_paper_and_page_and_a_tie_that_hurts_is_in_neither() -> Result<()> {
    let center = Center::demo().await?;
    let (mut ray, record) = lee_stayed(&center, 30, 7).await?;
    ray.get(&format!("{record}/connections")).await?;
    ray_writes_down(&mut ray, &record, "Jo, his sister", "encourages_recovery").await?;
    ray_writes_down(&mut ray, &record, "The old neighbor", "encourages_use").await?;
    let before = ray.page.split(">The old neighbor</a>").next().context("the tie")?;
    let tie = before
        .rsplit("href=\"")
        .next()
        .and_then(|rest| rest.split('"').next())
        .context("its address")?
        .to_owned();
    ray.press(&format!("{tie}/unsafe"), &[]).await?;
    assert!(ray.sees("Marked as not safe.") && ray.sees(&format!("{tie}/safe")), "no way back is offered");
    let section = format!("{record}/plan/commitments");
    ray.get(&section).await?;
    let version = ray.hidden("version").context("a version")?.to_owned();
    let words = "If it is Friday, then I walk with Zoë and Łukasz.";
    ray.press(&section, &[("version", &version), ("text", words)]).await?;
    ray.get(&format!("{record}/plan/copy")).await?;
    assert!(ray.sees(words) && ray.sees("Jo, his sister") && !ray.sees("The old neighbor"));
    ray.get(&format!("{record}/plan")).await?;
    let file = ray.pressed(&format!("{record}/plan/pdf"), &[]).await?.bytes().await?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("plan.pdf");
    std::fs::write(&path, file)?;
    let text = std::process::Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output()?;
    let paper = String::from_utf8(text.stdout)?;
    assert!(paper.contains(words) && paper.contains("Jo, his sister"), "{paper}");
    assert!(!paper.contains("neighbor") && !paper.contains("Cedar Recovery Center"), "{paper}");
    Ok(())
}

#[tokio::test]
async fn each_number_of_the_day_opens_its_list() -> Result<()> {
    let center = Center::demo().await?;
    let request = jo_asks(&center).await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    mina.get("/dashboards/today").await?;
    let today = mina.page.clone();
    let numbers = today.split("<td class=\"num\"><a href=\"").skip(1).filter_map(|cell| {
        let (href, rest) = cell.split_once("\">")?;
        Some((
            href.replace("&#38;", "&").replace("&amp;", "&"),
            rest.split('<').next()?.parse::<usize>().ok()?,
        ))
    });
    let mut opened = 0;
    for (href, count) in numbers {
        mina.get(&href).await?;
        let rows = if href.starts_with("/clients") {
            mina.page.matches("<th scope=\"row\">").count()
        } else {
            mina.page.matches("<li class=\"row\">").count()
        };
        assert_eq!(rows, count, "{href}");
        opened += 1;
    }
    assert!(opened > 25, "only {opened} numbers open a list");
    mina.get("/inbox?waited=under_15_minutes").await?;
    assert!(mina.sees(&request), "Jo waits and is in no list");
    // Who may not see the people sees the number alone.
    let mut linus = Visitor::signed_in(&center, "linus").await?;
    linus.get("/dashboards/today").await?;
    assert!(linus.sees("How many people asked?") && !linus.sees("href=\"/inbox"));
    Ok(())
}

#[tokio::test]
async fn from_first_request_to_first_anniversary_without_script() -> Result<()> {
    let center = Center::demo().await?;
    let (mut ray, record) = lee_stayed(&center, 400, 365).await?;
    ray.get("/alumni").await?;
    assert!(ray.sees("Lee Tranquilino"), "{}", ray.page);
    ray.get(&format!("{record}/check-ins")).await?;
    assert!(ray.sees("day 365, is due"), "{}", ray.page);
    ray.press(
        &format!("{record}/check-ins/attempts"),
        &[("way", "call"), ("outcome", "no_answer"), ("why_now", "they_asked")],
    )
    .await?;
    assert!(ray.sees("The call is written down."), "{}", ray.page);
    let answers = [
        ("used", "none"),
        ("overall", "9"),
        ("thoughts", "no"),
        ("next_commitment", "Cake with Jo on Friday"),
    ];
    ray.press(&format!("{record}/check-ins/answers"), &answers).await?;
    assert!(ray.sees("The answers are kept.") && ray.sees("Nothing is due."), "{}", ray.page);
    let mut petra = Visitor::signed_in(&center, "petra").await?;
    petra.get("/admin/audit").await?;
    petra.press("/admin/audit/verification", &[]).await?;
    assert!(petra.sees("The chain holds") && petra.sees("checked the ledger"));
    Ok(())
}
