//! Letters: one that says we have your note, one that asks how the week was; its answer on a phone, and the stop link.
//! All without script.

use anyhow::{Context, Result};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// The letter of that name the sample center kept last, as Carol reads it.
async fn newest_letter(carol: &mut Visitor, name: &str) -> Result<String> {
    carol.get("/mail?view=sent").await?;
    let row =
        carol.page.split("<tr>").find(|row| row.contains(&format!("<td>{name}"))).context("no letter")?;
    let (_, rest) = row.split_once("href=\"/mail/letters/").context("no letter to read")?;
    let number = rest.split('"').next().unwrap_or_default();
    carol.get(&format!("/mail/letters/{number}")).await?;
    Ok(carol.between("<pre class=\"letter\">", "</pre>").context("the letter")?.to_owned())
}

/// The address in a letter whose path begins so.
fn link(letter: &str, path: &str) -> Result<String> {
    let at = letter.find(path).with_context(|| format!("no {path} in the letter"))?;
    Ok(letter.get(at..).unwrap_or_default().split_whitespace().next().unwrap_or_default().to_owned())
}

/// Opens the link, gives the word where it is asked, and begins.
async fn begins(alum: &mut Visitor, check_in: &str) -> Result<()> {
    alum.get(check_in).await?;
    if alum.sees("The word we agreed on") {
        alum.press(&format!("{check_in}/word"), &[("word", "Lighthouse ")]).await?;
    }
    anyhow::ensure!(alum.sees("How is your week?"), "{}", alum.page);
    alum.press(check_in, &[]).await?;
    anyhow::ensure!(alum.path.ends_with("/safe"), "{}", alum.page);
    Ok(())
}

#[tokio::test]
async fn who_asks_with_an_address_is_told_by_letter_and_one_press_ends_it() -> Result<()> {
    let center = Center::demo().await?;
    let mut jo = Visitor::new(&center)?;
    jo.get("/consultation").await?.press("/consultation", &[]).await?;
    jo.press("/consultation/danger", &[("danger", "no")]).await?;
    jo.press("/consultation/for", &[("for_whom", "self")]).await?;
    jo.press("/consultation/name", &[("name", "Jo")]).await?;
    let reach =
        [("phone", "212 555 0142"), ("call", "any"), ("email", "jo@example.org"), ("email_ok", "yes")];
    jo.press("/consultation/contact", &reach).await?;
    jo.press("/consultation/answering", &[("answering", "ask_by_name"), ("voicemail", "never")]).await?;
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    jo.press("/consultation/check", &[]).await?;
    assert!(jo.sees("We have your note, Jo."), "{}", jo.page);

    let mut carol = Visitor::signed_in(&center, "carol").await?;
    let mut letter = String::new();
    for _ in 0..50 {
        letter = newest_letter(&mut carol, "We got your note").await?;
        if letter.contains("Hi Jo,") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(letter.contains("Hi Jo,") && letter.contains("will call you"), "{letter}");
    for telling in ["recovery", "treatment", "Cedar Recovery", "addiction"] {
        assert!(!letter.to_lowercase().contains(&telling.to_lowercase()), "the letter says {telling}");
    }

    // A mail program that looks at the link stops nothing.
    let stop = link(&letter, "/u/")?;
    let mut robot = Visitor::new(&center)?;
    robot.get(&stop).await?;
    assert!(robot.sees("Would you rather not get these?"));
    // One press does, with neither cookie nor token (RFC 8058), and again is the same.
    for _ in 0..2 {
        let pressed = reqwest::Client::new()
            .post(center.url(&stop))
            .form(&[("List-Unsubscribe", "One-Click")])
            .send()
            .await?;
        assert_eq!(pressed.status().as_u16(), 200);
        assert!(pressed.text().await?.contains("We do not write to this address any more"));
    }
    // A token that opens nothing gets the same page: nobody learns which are real.
    let guess = format!("/u/{}", "0".repeat(64));
    let guessed = reqwest::Client::new().post(center.url(&guess)).send().await?;
    assert_eq!(guessed.status().as_u16(), 200);
    Ok(())
}

#[tokio::test]
async fn an_alum_answers_on_a_phone_and_someone_calls_today() -> Result<()> {
    let center = Center::demo().await?;
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    let letter = newest_letter(&mut carol, "Checking in").await?;
    let check_in = link(&letter, "/c/")?;
    let mut alum = Visitor::new(&center)?;
    // Opening it changes nothing: the link still opens afterwards.
    for _ in 0..3 {
        alum.get(&check_in).await?;
        assert_eq!((alum.status, alum.sees("This page is private.")), (200, true));
    }
    begins(&mut alum, &check_in).await?;
    let step = |name: &str| format!("{check_in}/{name}");
    alum.press(&step("safe"), &[("safe_to_talk", "yes")]).await?;
    alum.press(&step("overall"), &[("overall", "4")]).await?;
    alum.press(&step("used"), &[("used", "none")]).await?;
    assert!(alum.path.ends_with("/urge"), "who did not use is not asked what: {}", alum.path);
    alum.press(&step("urge"), &[("urge", "9")]).await?;
    alum.press(&step("sure"), &[("confidence", "declined")]).await?;
    // A slip keeps them on the page with what they typed.
    alum.press(&step("week"), &[("supportive_days", "2"), ("activities", "some")]).await?;
    assert_eq!((alum.status, alum.sees("Enter a number, like 2")), (422, true));
    alum.press(&step("week"), &[("supportive_days", "2"), ("activities", "1")]).await?;
    alum.press(&step("medicines"), &[]).await?;
    alum.press(&step("changes"), &[]).await?;
    alum.press(&step("thoughts"), &[("thoughts", "no")]).await?;
    let commitment = [("next_commitment", "Friday walk, with Inez")];
    alum.press(&step("commitments"), &commitment).await?;
    assert!(alum.path.ends_with("/help"));
    alum.press(&step("help"), &[("call_me", "yes")]).await?;
    assert!(alum.sees("calls you within a day"), "{}", alum.page);
    // The link is used up; wrong and used are one answer.
    alum.get(&check_in).await?;
    assert_eq!((alum.status, alum.sees("does not open anything any more")), (404, true));

    carol.get("/alumni").await?;
    assert!(carol.sees("The strongest urge was 8 or more of 10."), "not on the worklist");
    let first = carol.between("class=\"name\" href=\"", "\"").context("a name")?.to_owned();
    let mut found = carol.get(&first).await?.sees("Friday walk, with Inez");
    if !found {
        carol.get("/alumni").await?;
        let all: Vec<String> = carol
            .page
            .split("class=\"name\" href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next().map(str::to_owned))
            .collect();
        for path in all {
            found = found || carol.get(&path).await?.sees("Friday walk, with Inez");
            if found {
                break;
            }
        }
    }
    assert!(found, "the answers are on no record of the worklist");
    assert!(carol.sees("Asked for a call") && carol.sees("9 of 10") && carol.sees("Declined"));
    let settlement = carol.between("action=\"", "/settlement\"").context("a flag to settle")?.to_owned();
    let settlement = settlement.rsplit("action=\"").next().unwrap_or(&settlement).to_owned();
    let seen = carol.hidden_in("/settlement", "version").context("as she has seen it")?.to_owned();
    let done = [("version", seen.as_str()), ("done", "Called. We talked for a while.")];
    carol.press(&format!("{settlement}/settlement"), &done).await?;
    assert!(carol.sees("Called. We talked for a while."));
    Ok(())
}

#[tokio::test]
async fn who_is_not_alone_stops_at_once_and_what_was_said_in_danger_stays() -> Result<()> {
    let center = Center::demo().await?;
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    let (record, letter) = someone_with_one_day_due(&mut carol).await?;
    let check_in = link(&letter, "/c/")?;
    let mut alum = Visitor::new(&center)?;
    begins(&mut alum, &check_in).await?;
    alum.press(&format!("{check_in}/safe"), &[("safe_to_talk", "no")]).await?;
    assert!(alum.sees("That is fine. Another time.") && alum.sees("Nothing was kept."));
    alum.get(&check_in).await?;
    assert_eq!(alum.status, 200, "the link stays good");
    assert!(!carol.get(&format!("{record}/check-ins")).await?.sees("not sent to the end"));

    // In distress, where to turn comes before the next question, and it counts at the press.
    begins(&mut alum, &check_in).await?;
    alum.press(&format!("{check_in}/overall"), &[("overall", "1")]).await?;
    for _ in 0..3 {
        alum.press(&format!("{check_in}/thoughts"), &[("thoughts", "yes")]).await?;
        assert!(alum.path.ends_with("/help-now") && alum.sees("href=\"tel:988\""));
    }
    // She closes the page. Nothing more comes, and Carol sees what was said.
    carol.get("/alumni").await?;
    assert!(carol.sees("Said yes to thoughts of not wanting to be alive"), "nobody would have known");
    carol.get(&format!("{record}/check-ins")).await?;
    assert_eq!(carol.page.matches("A live person, now").count(), 1, "once, however often she pressed");
    assert!(carol.sees("not sent to the end") && carol.sees("1 of 10"), "{}", carol.page);

    // Leaving throws away what is on the screen, and not what was said.
    let _ = alum.get("/leave").await;
    begins(&mut alum, &check_in).await?;
    alum.get(&format!("{check_in}/thoughts")).await?;
    assert!(!alum.sees("value=\"yes\" checked"), "what was chosen is still there after leaving");
    carol.get(&format!("{record}/check-ins")).await?;
    assert!(carol.sees("A live person, now") && carol.sees("not sent to the end"));
    // Not a good moment any more: the page says what is true.
    begins(&mut alum, &check_in).await?;
    alum.press(&format!("{check_in}/safe"), &[("safe_to_talk", "no")]).await?;
    assert!(alum.sees("What you told us before is not lost"));

    // Back later, from the same link: the rest completes it, and no second flag is raised.
    begins(&mut alum, &check_in).await?;
    alum.press(&format!("{check_in}/thoughts"), &[("thoughts", "no")]).await?;
    alum.press(&format!("{check_in}/help"), &[]).await?;
    assert!(alum.sees("Please do not wait for our call"), "the gravest stands: {}", alum.page);
    carol.get(&format!("{record}/check-ins")).await?;
    assert_eq!(carol.page.matches("A live person, now").count(), 1);
    assert!(carol.sees("Said first, and changed later:"));
    Ok(())
}

#[tokio::test]
async fn very_unwell_leads_to_911_and_use_to_naloxone_and_home_is_asked_when_it_is_safe() -> Result<()> {
    let center = Center::demo().await?;
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    let (record, letter) = someone_with_one_day_due(&mut carol).await?;
    let check_in = link(&letter, "/c/")?;
    let step = |name: &str| format!("{check_in}/{name}");
    let mut alum = Visitor::new(&center)?;
    begins(&mut alum, &check_in).await?;
    alum.press(&step("safe"), &[("safe_to_talk", "yes")]).await?;
    alum.press(&step("overall"), &[]).await?;
    // "Rather not say" is not a no: what keeps people alive is asked.
    alum.press(&step("used"), &[("used", "declined")]).await?;
    assert!(alum.path.ends_with("/about") && alum.sees("Was there an overdose?"), "{}", alum.path);
    alum.press(&step("about"), &[("overdose", "yes"), ("danger_signs_now", "yes")]).await?;
    assert!(alum.path.ends_with("/unwell-now") && alum.sees("Please call 911 now."), "{}", alum.path);
    carol.get(&format!("{record}/check-ins")).await?;
    assert!(carol.sees("Had an overdose since last time.") && carol.sees("Felt very unwell at that moment"));
    assert_eq!(carol.page.matches("A live person, now").count(), 1, "two reasons, one flag");
    alum.press(&step("unwell-now"), &[]).await?;
    assert!(alum.path.ends_with("/stay-safe"));
    for words in ["Your tolerance is lower now", "without a prescription", "wears off after 30 to 90 minutes"]
    {
        assert!(alum.sees(words), "{words}");
    }
    alum.press(&step("stay-safe"), &[]).await?;
    assert!(alum.path.ends_with("/urge"));
    // What happens at home.
    alum.press(&step("changes"), &[("changes", "He has my keys.")]).await?;
    assert!(alum.path.ends_with("/home") && alum.sees("Has anyone hurt you"), "{}", alum.path);
    alum.press(&step("home"), &[("violence", "yes")]).await?;
    assert!(alum.path.ends_with("/safe-now") && alum.sees("1-800-799-7233"));
    carol.get(&format!("{record}/check-ins")).await?;
    assert!(carol.sees("Somebody hurt them or made them afraid since last time."));
    assert_eq!(carol.page.matches("A live person, now").count(), 1, "the reasons join");
    alum.press(&step("help"), &[]).await?;
    assert!(alum.sees("Your tolerance is lower now"));
    Ok(())
}

#[tokio::test]
async fn who_would_rather_not_say_and_writes_is_read_by_a_person() -> Result<()> {
    let center = Center::demo().await?;
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    let (record, letter) = someone_with_one_day_due(&mut carol).await?;
    let check_in = link(&letter, "/c/")?;
    let mut alum = Visitor::new(&center)?;
    begins(&mut alum, &check_in).await?;
    for (step, field) in [("used", "used"), ("thoughts", "thoughts")] {
        alum.press(&format!("{check_in}/{step}"), &[(field, "declined")]).await?;
    }
    let words = [("would_help", "I do not want to live like this. I took 3 pills.")];
    alum.press(&format!("{check_in}/help"), &words).await?;
    assert!(alum.sees("Thank you."), "{}", alum.page);

    carol.get(&format!("{record}/check-ins")).await?;
    assert!(carol.sees("Words not read yet") && carol.sees("I took 3 pills."), "{}", carol.page);
    for open in [
        "Whether they think of not wanting to be alive is not known.",
        "Whether they used is not known.",
        "Whether there was an overdose is not known.",
        "Whether naloxone is at hand is not known.",
    ] {
        assert!(carol.sees(open), "{open}");
    }
    carol.get("/alumni").await?;
    assert!(carol.sees("Wrote words that nobody has read yet."));
    carol.get(&format!("{record}/check-ins")).await?;
    let before = carol.page.split("/reading\"").next().unwrap_or_default();
    let flag = before.rsplit("action=\"").next().unwrap_or_default().to_owned();
    // Whoever looks at the page as it was before reads first what was written since.
    carol.press(&format!("{flag}/reading"), &[]).await?;
    assert!(carol.sees("They said more since you opened this page."), "{}", carol.page);
    let seen = carol.hidden_in("/reading", "version").context("as she has seen it")?.to_owned();
    carol.press(&format!("{flag}/reading"), &[("version", &seen)]).await?;
    assert!(carol.sees("Marked as read.") && !carol.sees("Words not read yet"));
    assert!(carol.sees("Still not known"), "reading answers no question");
    Ok(())
}

/// The record of someone who got a letter for the only day that is due for them, and the letter: in the closer weeks
/// two days may be open, and then a call answers the older one.
async fn someone_with_one_day_due(carol: &mut Visitor) -> Result<(String, String)> {
    carol.get("/mail?view=sent").await?;
    let rows: Vec<String> =
        carol.page.split("<tr>").filter(|row| row.contains("<td>Checking in")).map(str::to_owned).collect();
    for row in rows {
        let record = row.split("href=\"").nth(1).and_then(|r| r.split('"').next()).context("no record")?;
        carol.get(&format!("{record}/check-ins")).await?;
        let due = carol.page.matches("<dd>due").count() + carol.page.matches("<dd>overdue").count();
        let (_, rest) = row.split_once("href=\"/mail/letters/").context("no letter to read")?;
        if due == 1 {
            carol.get(&format!("/mail/letters/{}", rest.split('"').next().unwrap_or_default())).await?;
            let letter = carol.between("<pre class=\"letter\">", "</pre>").context("the letter")?;
            return Ok((record.to_owned(), letter.to_owned()));
        }
    }
    anyhow::bail!("nobody has just one day due")
}

#[tokio::test]
async fn what_an_alum_says_after_a_call_is_not_lost_and_what_staff_chose_stays() -> Result<()> {
    let center = Center::demo().await?;
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    let (record, letter) = someone_with_one_day_due(&mut carol).await?;
    let page = format!("{record}/check-ins");
    carol.get(&page).await?;
    // A slip keeps every answer that was chosen.
    let slip =
        [("overall", "6"), ("used", "none"), ("activities", "many"), ("would_help", "A ride on Fridays")];
    carol.press(&format!("{record}/check-ins/answers"), &slip).await?;
    assert_eq!((carol.status, carol.sees("Enter a number, like 2")), (422, true));
    for kept in
        ["name=\"overall\" value=\"6\" checked", "name=\"used\" value=\"none\" checked", "A ride on Fridays"]
    {
        assert!(carol.sees(kept), "{kept} was lost");
    }
    let right =
        [("overall", "6"), ("used", "none"), ("activities", "2"), ("would_help", "A ride on Fridays")];
    carol.press(&format!("{record}/check-ins/answers"), &right).await?;
    assert!(carol.sees("Answered, asked by staff"));

    // The link in the letter still opens; a worse day is said to it.
    let check_in = link(&letter, "/c/")?;
    let mut alum = Visitor::new(&center)?;
    begins(&mut alum, &check_in).await?;
    alum.press(&format!("{check_in}/thoughts"), &[("thoughts", "yes")]).await?;
    let words = [("would_help", "Nobody knows that I am back at his place.")];
    alum.press(&format!("{check_in}/help"), &words).await?;
    assert!(alum.sees("We had talked with you already") && alum.sees("every word"), "{}", alum.page);
    assert!(alum.sees("href=\"tel:988\""));
    carol.get(&page).await?;
    assert!(carol.sees("A live person, now"), "the gravest stands");
    assert!(!carol.sees("Asked for a call"), "nobody asked for one");
    assert!(carol.sees("6 of 10"), "the first answers were written over");
    assert!(carol.sees("Answered by themselves through the link"), "{}", carol.page);
    assert!(carol.sees("Nobody knows that I am back at his place."), "the words are gone");

    // A page that was open while a colleague changed the aftercare changes nothing.
    let version = carol.hidden("version").context("a version")?.to_owned();
    let pause = [("version", version.as_str()), ("paused_until", "2090-01-01")];
    carol.press(&format!("{record}/aftercare/pause"), &pause).await?;
    assert!(carol.sees("Paused until 1 January 2090"));
    carol.press(&format!("{record}/aftercare/pause"), &pause).await?;
    assert_eq!(carol.status, 409);
    Ok(())
}
