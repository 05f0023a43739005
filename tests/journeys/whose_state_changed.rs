//! People whose state changed: a death told by a brother, a stay that begins on the due day, a number that is somebody
//! else's, a stop and a new yes, a discharge date that was wrong, check-ins that end and begin again.

use anyhow::{Context, Result, ensure};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// Someone in check-ins, with a phone and an address, whom Mina may see: the path of the record.
async fn someone_at_home(mina: &mut Visitor) -> Result<String> {
    mina.get("/alumni").await?;
    let links = mina.page.split("class=\"name\" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let records: Vec<String> = links.map(|to| to.replace("/check-ins", "")).collect();
    for record in records {
        mina.get(&record).await?;
        let reachable = mina.sees("Phone: <b>") && mina.sees("E-mail: <b>") && !mina.sees("In care since");
        if reachable && mina.sees("In force") && !mina.sees("Ask before you go by it") {
            return Ok(record);
        }
    }
    anyhow::bail!("nobody at home can be reached")
}

/// The key after `from` in an address of the page.
fn key(visitor: &Visitor, from: &str) -> Result<String> {
    let found = visitor.page.split_once(from).with_context(|| format!("no {from} on {}", visitor.path))?.1;
    Ok(found.split(['/', '"']).next().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_brother_tells_of_a_death_and_nobody_calls_or_writes_any_more() -> Result<()> {
    let center = Center::demo().await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    let record = someone_at_home(&mut mina).await?;
    let name = mina.between("<h1>", "</h1>").context("a name")?.to_owned();
    // Without who told us, and without a second look, nothing is recorded and nothing typed is lost.
    mina.get(&record).await?.press(&format!("{record}/death"), &[("died_on", "2026-01-02")]).await?;
    ensure!(mina.status == 422 && mina.sees("Choose who told us") && mina.sees("value=\"2026-01-02\""));
    let told = [("died_on", ""), ("death_source", "family"), ("death_sure", "yes")];
    mina.press(&format!("{record}/death"), &told).await?;
    ensure!(mina.sees("This person died. The day is not known."), "{}", mina.page);
    ensure!(
        mina.sees("Do not call and do not write.") && !mina.sees("Ask for "),
        "the card still says to call"
    );
    ensure!(mina.sees("Only a personal representative can sign for them now"));
    ensure!(!mina.sees("Consent to e-mail") && !mina.sees("name=\"admitted_on\""));
    mina.get("/alumni").await?;
    ensure!(!mina.sees(&format!("href=\"{record}")), "{name} is still to be reached");
    mina.get(&format!("{record}/check-ins")).await?;
    ensure!(mina.sees("This person died.") && !mina.sees("Log a call"), "check-ins go on");
    mina.get(&format!("{record}/plan")).await?;
    ensure!(mina.sees("This person died.") && !mina.sees("Their own copy"), "a copy for nobody");
    mina.press(&format!("{record}/plan/pdf"), &[]).await?;
    ensure!(mina.status == 422 && mina.sees("This person died."), "{}", mina.status);
    mina.get(&format!("{record}/connections")).await?;
    ensure!(!mina.sees("One next step:") && !mina.sees("Go through it together"));

    mina.get(&record).await?.press(&format!("{record}/death/correction"), &[]).await?;
    ensure!(mina.status == 422 && mina.sees("Enter the reason"));
    let why = [("death_reason", "It was another person of that name.")];
    mina.press(&format!("{record}/death/correction"), &why).await?;
    ensure!(mina.sees("It was another person of that name.") && !mina.sees("Do not call and do not write."));
    mina.get(&format!("{record}/check-ins")).await?;
    ensure!(mina.sees("Log a call") && mina.sees("What comes"), "check-ins did not go on");
    Ok(())
}

#[tokio::test]
async fn a_death_at_discharge_ends_the_check_ins_of_the_stay_before() -> Result<()> {
    let center = Center::demo().await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    let record = someone_at_home(&mut mina).await?;
    let today = center.today()?.to_string();
    mina.get(&record).await?;
    mina.press(&format!("{record}/episodes"), &[("admitted_on", &today), ("level", "3.7")]).await?;
    ensure!(mina.sees("In care since"), "{}", mina.page);
    mina.get(&format!("{record}/check-ins")).await?;
    ensure!(mina.sees(": check-ins are paused."), "readmission did not pause them");
    mina.get("/alumni").await?;
    ensure!(mina.sees("In care now") && mina.sees(": check-ins are paused."), "not said on the worklist");
    ensure!(
        center
            .place()
            .count(
                "SELECT COUNT(*) AS n FROM messages WHERE state = 'queued' AND purpose = 'check_in' \
        AND person_id IN (SELECT person_id FROM episodes WHERE discharged_on IS NULL)"
            )
            .await?
            == 0
    );

    mina.get(&record).await?;
    let stay = key(&mina, "/episodes/")?;
    let discharge = format!("{record}/episodes/{stay}/discharge");
    let died = [("discharged_on", today.as_str()), ("discharge_kind", "deceased")];
    mina.press(&discharge, &died).await?;
    ensure!(mina.status == 422 && mina.sees("Choose who told us of the death"));
    mina.press(&discharge, &[died[0], died[1], ("told_by", "present")]).await?;
    ensure!(mina.sees("This person died on") && mina.sees("Do not call and do not write."), "{}", mina.page);
    mina.get("/alumni").await?;
    ensure!(!mina.sees(&format!("href=\"{record}")), "still to be reached");
    let open = "SELECT COUNT(*) AS n FROM aftercares a JOIN people p ON p.id = a.person_id \
                WHERE p.died_at IS NOT NULL AND a.ended_at IS NULL";
    ensure!(center.place().count(open).await? == 0, "the check-ins of the earlier stay go on");
    Ok(())
}

#[tokio::test]
async fn a_wrong_number_ends_and_check_ins_that_ended_begin_again() -> Result<()> {
    let center = Center::demo().await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    let record = someone_at_home(&mut mina).await?;
    let check_ins = format!("{record}/check-ins");
    mina.get(&check_ins).await?;
    let number = mina.hidden("number").context("a number")?.to_owned();
    let stranger = [("way", "call"), ("outcome", "wrong_number"), ("number", number.as_str())];
    mina.press(&format!("{check_ins}/attempts"), &stranger).await?;
    ensure!(mina.sees("There is no phone number.") && mina.sees("No phone number anymore"), "{}", mina.page);
    ensure!(mina.sees("phone call: not their number anymore"));

    // Check-ins end, say who ended them, and begin again.
    let version = mina.hidden("version").context("a version")?.to_owned();
    let ends = [("version", version.as_str()), ("reason", "wished")];
    mina.press(&format!("{record}/aftercare/ending"), &ends).await?;
    ensure!(mina.sees("Check-ins have ended") && mina.sees("asked for no more check-ins."), "{}", mina.page);
    let called = [("way", "in_person"), ("outcome", "reached")];
    mina.press(&format!("{check_ins}/attempts"), &called).await?;
    ensure!(mina.sees("in person: reached"), "a talk could not be logged");
    mina.press(&format!("{record}/aftercare/again"), &[("again_track", "light")]).await?;
    ensure!(mina.status == 422 && mina.sees("Choose how they said yes"));
    let again = [("again_track", "light"), ("again_how", "in_person")];
    mina.press(&format!("{record}/aftercare/again"), &again).await?;
    ensure!(mina.sees("What comes") && mina.sees("Light track"), "{}", mina.page);
    Ok(())
}

#[tokio::test]
async fn a_tie_that_is_over_stays_listed_with_when_and_why() -> Result<()> {
    let center = Center::demo().await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    let record = someone_at_home(&mut mina).await?;
    let connections = format!("{record}/connections");
    mina.get(&connections).await?;
    let tie = key(&mina, &format!("href=\"{connections}/"))?;
    let tie = format!("{connections}/{tie}");
    mina.get(&tie).await?;
    let label = mina.between("<h1>", "</h1>").context("who it is")?.to_owned();
    mina.press(&format!("{tie}/ending"), &[]).await?;
    ensure!(mina.status == 422 && mina.path == format!("{tie}/ending"), "it ended without a reason");
    mina.press(&format!("{tie}/ending"), &[("reason", "lost_touch")]).await?;
    ensure!(mina.path == connections, "{} {}", mina.status, mina.path);
    mina.get(&connections).await?;
    let past = mina.page.split_once("Ended Dec 2, 2026").context("it is not listed any more")?;
    ensure!(past.0.rsplit("<a ").next().is_some_and(|link| link.contains(&tie)), "{label} is somebody else");
    ensure!(past.1.starts_with(": lost touch."), "nobody sees why");
    Ok(())
}

/// Someone who got a letter and may be written to: the record, and the path of the stop link in the letter.
async fn someone_with_a_letter(carol: &mut Visitor) -> Result<(String, String)> {
    carol.get("/mail?view=sent").await?;
    let rows: Vec<String> =
        carol.page.split("<tr>").filter(|row| row.contains("<td>Checking in")).map(str::to_owned).collect();
    for row in rows {
        let record = row.split("href=\"").nth(1).and_then(|r| r.split('"').next()).context("no record")?;
        let letter = row.split_once("href=\"/mail/letters/").context("no letter to read")?.1;
        let letter = letter.split('"').next().unwrap_or_default().to_owned();
        if carol.get(record).await?.sees("May be written to by e-mail. <b>In force</b>") {
            carol.get(&format!("/mail/letters/{letter}")).await?;
            let at = carol.page.find("/u/").context("no stop link")?;
            let stop = carol.page.get(at..).unwrap_or_default();
            let stop =
                stop.split(|c: char| c.is_whitespace() || c == '<' || c == '"').next().unwrap_or_default();
            return Ok((record.to_owned(), stop.to_owned()));
        }
    }
    anyhow::bail!("nobody with a letter may be written to")
}

#[tokio::test]
async fn a_stop_is_told_to_staff_and_lifted_by_their_own_new_yes() -> Result<()> {
    let center = Center::demo().await?;
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    let (record, stop) = someone_with_a_letter(&mut carol).await?;
    Visitor::new(&center)?.get(&stop).await?.press(&stop, &[]).await?;

    carol.get("/alumni").await?;
    ensure!(carol.sees("Pressed stop on "), "nobody was told");
    carol.get(&record).await?;
    ensure!(
        carol.sees("Stopped by link on ") && carol.sees("stopped by their link, today"),
        "{}",
        carol.page
    );
    ensure!(!carol.sees("May be written to by e-mail. <b>In force</b>"), "in force beside a stopped address");
    carol.press(&format!("{record}/stop/confirmation"), &[]).await?;
    ensure!(carol.sees("We asked: they want no e-mail."), "{}", carol.page);
    carol.get("/alumni").await?;
    ensure!(!carol.sees("Pressed stop on "), "asked, and still on the list");

    carol.get(&record).await?;
    let yes = [("kind", "electronic_contact")];
    carol.press(&format!("{record}/consents"), &yes).await?;
    ensure!(carol.status == 422 && carol.sees("Choose how they said yes"));
    carol.press(&format!("{record}/consents"), &[yes[0], ("yes_how", "phone")]).await?;
    ensure!(carol.sees("May be written to by e-mail. <b>In force</b>"), "{}", carol.page);
    ensure!(!carol.sees("Stopped by link on "), "the address is still stopped");
    Ok(())
}

#[tokio::test]
async fn a_discharge_date_is_corrected_with_a_reason_and_the_check_ins_move() -> Result<()> {
    let center = Center::demo().await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    let record = someone_at_home(&mut mina).await?;
    let days = |visitor: &Visitor| -> Result<i64> {
        Ok(visitor.between("</b> Day ", " since the stay ended").context("no day")?.parse()?)
    };
    mina.get(&format!("{record}/check-ins")).await?;
    let before = days(&mina)?;
    mina.get(&record).await?;
    let stay = key(&mina, "/episodes/")?;
    let version = mina.hidden("stay_version").context("a version")?.to_owned();
    let day = |name: &str| -> Result<chrono::NaiveDate> {
        let field = mina.page.split_once(&format!("name=\"{name}\"")).context("a field")?.1;
        let value = field.split_once("value=\"").context("a value")?.1;
        Ok(value.split('"').next().unwrap_or_default().parse()?)
    };
    let (admitted, out) = (day("new_admitted_on")?, day("new_discharged_on")?);
    let wrong = (admitted - chrono::TimeDelta::days(1)).to_string();
    let (admitted, right) = (admitted.to_string(), (out - chrono::TimeDelta::days(5)).to_string());
    let form = |out: &str, why: &str| {
        [("stay", stay.as_str()), ("stay_version", version.as_str()), ("new_admitted_on", admitted.as_str())]
            .into_iter()
            .chain([("new_discharged_on", out), ("stay_reason", why)])
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect::<Vec<_>>()
    };
    let dates = format!("{record}/episodes/{stay}/dates");
    for (out, why, fault) in [
        (&right, "", "Enter the reason"),
        (&wrong, "The paper says so.", "Enter a day on or after the day of admission"),
    ] {
        let typed = form(out, why);
        let typed: Vec<(&str, &str)> = typed.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        mina.press(&dates, &typed).await?;
        ensure!(mina.status == 422 && mina.sees(fault), "{fault}: {}", mina.status);
    }
    let typed = form(&right, "The paper says so.");
    let typed: Vec<(&str, &str)> = typed.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    mina.press(&dates, &typed).await?;
    ensure!(
        mina.sees("Day of discharge: ") && mina.sees("by Mina") && mina.sees("The paper says so."),
        "{}",
        mina.page
    );
    mina.get(&format!("{record}/check-ins")).await?;
    ensure!(days(&mina)? == before + 5, "the check-ins did not move");
    Ok(())
}
