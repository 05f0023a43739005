//! A letter is opened by whoever reads the mailbox: nothing is shown before the word, and where to turn stands before it.

use anyhow::{Context, Result};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// The record of an alum with one day due, and the link in the newest letter to them.
async fn a_letter(carol: &mut Visitor) -> Result<(String, String)> {
    carol.get("/mail?view=sent").await?;
    let rows: Vec<String> =
        carol.page.split("<tr>").filter(|row| row.contains("<td>Checking in")).map(str::to_owned).collect();
    for row in rows {
        let record = row.split("href=\"").nth(1).and_then(|r| r.split('"').next()).context("no record")?;
        carol.get(&format!("{record}/check-ins")).await?;
        if carol.page.matches("<dd>due").count() + carol.page.matches("<dd>overdue").count() != 1 {
            continue;
        }
        let (_, rest) = row.split_once("href=\"/mail/letters/").context("no letter to read")?;
        carol.get(&format!("/mail/letters/{}", rest.split('"').next().unwrap_or_default())).await?;
        return Ok((record.to_owned(), link(carol)?));
    }
    anyhow::bail!("nobody has just one day due")
}

/// The link to the check-in in the letter that is open.
fn link(carol: &Visitor) -> Result<String> {
    let letter = carol.between("<pre class=\"letter\">", "</pre>").context("the letter")?;
    let at = letter.find("/c/").context("no link in the letter")?;
    let address = letter.get(at..).unwrap_or_default().split_whitespace().next();
    Ok(address.unwrap_or_default().to_owned())
}

/// Words by which somebody else in the house would learn what it is about.
const TELLING: [&str; 8] =
    ["alcohol", "drug", "recovery", "treatment", "naloxone", "check-in", "counselor", "sober"];

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn her_partner_opens_the_letter_and_learns_nothing_and_she_gets_a_new_one() -> Result<()> {
    let center = Center::demo().await?;
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    let (record, check_in) = a_letter(&mut carol).await?;
    carol.get(&format!("{record}/check-ins")).await?;
    let name = carol.between("<h1>", "</h1>").context("a name")?.to_owned();
    let first = name.split(' ').next().unwrap_or_default().to_owned();

    let mut partner = Visitor::new(&center)?;
    partner.get(&check_in).await?;
    assert!(
        partner.sees("href=\"tel:911\"")
            && partner.sees("href=\"tel:988\"")
            && partner.sees("Please call me")
    );
    assert!(!partner.sees(&first), "the page says a name");
    for telling in TELLING {
        assert!(!partner.page.to_lowercase().contains(telling), "the page says {telling}");
    }
    // No question opens by its address alone, and an empty form is no try.
    partner.get(&format!("{check_in}/used")).await?;
    assert_eq!(partner.path, check_in);
    partner.press(&format!("{check_in}/used"), &[("used", "more")]).await?;
    assert_eq!(partner.path, check_in);
    let word = format!("{check_in}/word");
    partner.press(&word, &[("word", " ")]).await?;
    assert_eq!((partner.status, partner.sees("Give the word we agreed on")), (422, true));
    for (guess, says) in [
        ("password", "4 tries are left"),
        ("Biscuit", "3 tries are left"),
        ("light", "2 tries are left"),
        ("house", "One more try"),
    ] {
        partner.press(&word, &[("word", guess)]).await?;
        assert!(partner.sees(says) && partner.status == 422, "{guess}: {}", partner.page);
    }
    partner.press(&word, &[("word", "lamp")]).await?;
    assert!(partner.sees("This link is closed now."), "{}", partner.page);
    // Closed is closed, also with the right word and from another browser.
    let mut other = Visitor::new(&center)?;
    other.get(&check_in).await?.press(&word, &[("word", "lighthouse")]).await?;
    assert!(other.sees("This link is closed now.") && !other.sees(&first));
    // Somebody in danger does not stand before it.
    other.press(&format!("{check_in}/call"), &[]).await?;
    assert!(other.sees("We have been told.") && !other.sees(&first));

    // Carol sees why, calls, and sends a new letter. Its link opens with the word.
    carol.get(&format!("{record}/check-ins")).await?;
    assert!(carol.sees("after five wrong tries") && carol.sees("Asked for a call"), "{}", carol.page);
    carol.press(&format!("{record}/check-ins/letter"), &[]).await?;
    assert!(carol.sees("A new letter with a new link is on its way."), "{}", carol.page);
    let mut fresh = check_in.clone();
    for _ in 0..100 {
        carol.get("/mail?view=sent").await?;
        let about = |row: &&str| row.contains("<td>Checking in") && row.contains(record.as_str());
        let row = carol.page.split("<tr>").find(about).context("no letter")?.to_owned();
        let number = row.split("/mail/letters/").nth(1).and_then(|r| r.split('"').next()).unwrap_or_default();
        carol.get(&format!("/mail/letters/{number}")).await?;
        fresh = link(&carol)?;
        if fresh != check_in {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_ne!(fresh, check_in, "no new letter left");
    let mut alum = Visitor::new(&center)?;
    alum.get(&fresh).await?.press(&format!("{fresh}/word"), &[("word", "LIGHT house!")]).await?;
    assert!(alum.sees(&format!("Hi {first}")), "{}", alum.page);
    let surname = name.split(' ').nth(1);
    assert!(surname.is_none_or(|surname| !alum.sees(surname)), "no surname on a screen that others may see");
    Ok(())
}

#[tokio::test]
async fn please_call_me_works_without_the_word_and_is_one_wish() -> Result<()> {
    let center = Center::demo().await?;
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    let (record, check_in) = a_letter(&mut carol).await?;
    let mut alum = Visitor::new(&center)?;
    for _ in 0..3 {
        alum.get(&check_in).await?.press(&format!("{check_in}/call"), &[]).await?;
        assert!(alum.sees("Thank you. We have been told."), "{}", alum.page);
    }
    carol.get(&format!("{record}/check-ins")).await?;
    assert_eq!(carol.page.matches("Asked for a call").count(), 1);
    carol.get("/alumni").await?;
    assert!(carol.sees("Asked to be called."));
    Ok(())
}

#[tokio::test]
async fn she_chooses_to_do_without_and_it_is_written_down_who_said_so() -> Result<()> {
    let center = Center::demo().await?;
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    let (record, check_in) = a_letter(&mut carol).await?;
    carol.get(&format!("{record}/check-ins")).await?;
    carol.press(&format!("{record}/link-word/without"), &[("said_by", "")]).await?;
    assert_eq!((carol.status, carol.sees("Write who said so and how")), (422, true));
    carol.press(&format!("{record}/link-word/without"), &[("said_by", "She herself, by phone")]).await?;
    assert!(carol.sees("Said by: She herself, by phone"), "{}", carol.page);
    let mut alum = Visitor::new(&center)?;
    alum.get(&check_in).await?;
    assert!(alum.sees("How is your week?"), "{}", alum.page);

    // Nothing is agreed on and no birth date is known: the link shows nothing, and staff see what is missing.
    carol.press(&format!("{record}/link-word/birthday"), &[]).await?;
    assert!(carol.sees("Agreed word missing"), "{}", carol.page);
    let mut again = Visitor::new(&center)?;
    again.get(&check_in).await?;
    assert!(
        again.sees("Please call me") && again.sees("not agreed on a word") && !again.sees("Go on</button>")
    );
    // A grave answer from a page that was open before is heard all the same.
    alum.press(&format!("{check_in}/thoughts"), &[("thoughts", "yes")]).await?;
    assert!(alum.path.ends_with("/help-now"), "{}", alum.path);
    carol.get(&format!("{record}/check-ins")).await?;
    assert!(carol.sees("A live person, now"));
    Ok(())
}
