//! Linus writes down the hours and the rules, Jo asks on the web and Ana has it by a rule; the clock stands while Jo is to
//! call, and Mina hears of who waits too long and says that she has it. Without script.

use anyhow::{Context, Result};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// The week of the office as it is typed.
const WEEK: [(&str, &str); 14] = [
    ("answering_mon", "0-24"),
    ("answering_tue", "0-24"),
    ("answering_wed", "0-24"),
    ("answering_thu", "0-24"),
    ("answering_fri", "0-24"),
    ("answering_sat", "0-24"),
    ("answering_sun", "0-24"),
    ("office_mon", "8-12, 13-17"),
    ("office_tue", "8-12, 13-17"),
    ("office_wed", "8-12, 13-17"),
    ("office_thu", "8-12, 13-17"),
    ("office_fri", "8-12, 13-17"),
    ("office_sat", ""),
    ("office_sun", ""),
];

/// Linus sets the hours: what he mistypes is said at its field and stays as he typed it.
async fn hours(linus: &mut Visitor) -> Result<()> {
    linus.get("/admin/hours").await?;
    let version = linus.hidden("version").context("a version")?.to_owned();
    let targets = [
        ("first_call", "15"),
        ("first_call_otherwise", "60"),
        ("referral", "120"),
        ("benefits", "120"),
        ("lead", "60"),
    ];
    let mut fields: Vec<(&str, &str)> = WEEK.into_iter().chain(targets).collect();
    fields.extend([("version", version.as_str()), ("holidays", "Christmas, of course")]);
    linus.press("/admin/hours", &fields).await?;
    assert_eq!((linus.status, linus.sees("Christmas, of course</textarea>")), (422, true));
    assert!(linus.sees("Write this line as a day and a name"));
    fields.retain(|(name, _)| *name != "holidays");
    fields.push(("holidays", "2031-12-24 Christmas Eve"));
    linus.press("/admin/hours", &fields).await?;
    assert!(linus.sees("The hours hold from now on") && linus.sees("8:00–12:00, 13:00–17:00"));
    // An old page overwrites nothing.
    linus.press("/admin/hours", &fields).await?;
    assert_eq!((linus.status, linus.sees("Someone changed these while you were at it")), (422, true));
    Ok(())
}

/// The key of a colleague among those who can be in a group.
fn key_of<'a>(linus: &'a Visitor, name: &str) -> Result<&'a str> {
    let before = linus.page.split(&format!("<span>{name}<small>")).next().context("a colleague")?;
    before.rsplit("value=\"").next().and_then(|text| text.split('"').next()).context("a key")
}

async fn rules(linus: &mut Visitor) -> Result<()> {
    linus.get("/admin/routing").await?;
    let version = linus.hidden("version").context("a version")?.to_owned();
    linus.press("/admin/routing", &[("version", &version), ("name", "Families")]).await?;
    assert_eq!((linus.status, linus.sees("Choose who gets these requests")), (422, true));
    let ana = key_of(linus, "Ana Ruiz")?.to_owned();
    let rule =
        [("version", version.as_str()), ("name", "Families"), ("for_whom", "family"), ("group[]", &ana)];
    linus.press("/admin/routing", &rule).await?;
    assert!(linus.sees("The rules hold from now on") && linus.sees("For someone in the family"));
    // It is asked before the one above it, until it is the first.
    while let Some(id) = last_rule(linus)? {
        let version = linus.hidden("version").context("a version")?.to_owned();
        linus.press(&format!("/admin/routing/{id}/raising"), &[("version", &version)]).await?;
    }
    linus.get("/admin/escalation").await?;
    let version = linus.hidden("version").context("a version")?.to_owned();
    linus
        .press("/admin/escalation", &[("version", &version), ("name", "At once"), ("minutes", "soon")])
        .await?;
    assert_eq!((linus.status, linus.sees("Enter minutes as a number")), (422, true));
    // Told as soon as somebody asks: fifteen minutes before it is due.
    let rule = [
        ("version", version.as_str()),
        ("name", "At once"),
        ("minutes", "15"),
        ("side", "before"),
        ("tell", "role:supervisor"),
    ];
    linus.press("/admin/escalation", &rule).await?;
    assert!(linus.sees("15 minutes before the first call is due"));
    Ok(())
}

/// The rule “Families”, while another one stands above it.
fn last_rule(linus: &Visitor) -> Result<Option<String>> {
    let row = linus.page.split("<tr>").find(|row| row.contains("Families</th>")).context("the rule")?;
    let Some((before, _)) = row.split_once("/raising") else { return Ok(None) };
    Ok(before.rsplit('/').next().map(str::to_owned))
}

/// Jo asks about her brother; the address of her request for staff.
async fn jo_asks(center: &Center) -> Result<String> {
    let mut jo = Visitor::new(center)?;
    jo.get("/consultation").await?;
    jo.press("/consultation", &[]).await?;
    jo.press("/consultation/danger", &[("danger", "no")]).await?;
    jo.press(
        "/consultation/for",
        &[("for_whom", "family"), ("relationship", "sister"), ("other_name", "Lee")],
    )
    .await?;
    jo.press("/consultation/name", &[("name", "Jo Tranquilino")]).await?;
    jo.press("/consultation/contact", &[("phone", "212 555 0142"), ("call", "any")]).await?;
    jo.press("/consultation/answering", &[("answering", "ask_by_name"), ("voicemail", "never")]).await?;
    jo.press("/consultation/words", &[("words", "He is shaking.")]).await?;
    // Nobody reads and answers seven questions in two seconds.
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    jo.press("/consultation/check", &[]).await?;
    Ok(format!("/inbox/{}", jo.reference()?))
}

/// Looks at a page until it says something that the work in the background brings about.
async fn sees_soon(who: &mut Visitor, path: &str, words: &str) -> Result<()> {
    for _ in 0..60 {
        if who.get(path).await?.sees(words) {
            return Ok(());
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    anyhow::bail!("{path} never says {words}")
}

#[tokio::test]
async fn a_request_finds_its_colleague_and_waits_for_whoever_is_to_call() -> Result<()> {
    let center = Center::demo().await?;
    let mut linus = Visitor::signed_in(&center, "linus").await?;
    hours(&mut linus).await?;
    rules(&mut linus).await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/duty").await?;
    ana.press("/duty", &[("taking", "yes"), ("duty_mon", "nine to five"), ("notice_email", "ana")]).await?;
    assert_eq!((ana.status, ana.sees("nine to five")), (422, true));
    ana.press("/duty", &[("taking", "yes")]).await?;
    assert!(ana.sees("You take requests now."));

    let request = jo_asks(&center).await?;
    sees_soon(&mut ana, &request, "Given by the rule “Families”").await?;
    assert!(ana.sees("Yours since") && ana.sees("The first call is due in"));

    // Jo said on another line that she will call: the clock stands.
    let version = ana.hidden("version").context("a version")?.to_owned();
    let waiting = format!("{request}/waiting");
    ana.press(&waiting, &[("version", &version), ("waiting_until", "2001-01-01T09:00")]).await?;
    assert_eq!(ana.status, 422);
    assert!(ana.sees("Choose what they do next") && ana.sees("Enter a day and time that lie ahead"));
    let until =
        ana.between("name=\"waiting_until\" type=\"datetime-local\" value=\"", "\"").unwrap_or_default();
    assert_eq!(until, "2001-01-01T09:00", "what was typed stays");
    ana.get(&request).await?;
    let until = ana.between("name=\"waiting_until\" type=\"datetime-local\" value=\"", "\"");
    let until = until.context("a moment is filled in")?.to_owned();
    let fields =
        [("version", version.as_str()), ("waiting_why", "they_call_back"), ("waiting_until", &until)];
    ana.press(&waiting, &fields).await?;
    assert!(ana.sees("Paused: waits for Jo’s call until"), "{}", ana.page);
    assert!(ana.get("/inbox?view=mine").await?.sees("waits for Jo’s call until"));
    ana.get(&request).await?;
    ana.press(&format!("{request}/going-on"), &[]).await?;
    assert!(ana.sees("The clock runs again.") && ana.sees("The first call is due in"));

    // Mina is told, once, and answers; what nobody had would be hers.
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    sees_soon(&mut mina, "/", &format!("{request}/answering")).await?;
    assert!(mina.get("/inbox").await?.sees("You were told of"));
    mina.get("/").await?;
    mina.press(&format!("{request}/answering"), &[]).await?;
    assert!(mina.sees("You have it. Everyone who was told sees that."));
    mina.press(&format!("{request}/answering"), &[]).await?;
    assert!(mina.sees("A colleague has this one already."));
    assert!(!mina.get("/").await?.sees(&format!("{request}/answering")));
    assert!(ana.get(&request).await?.sees("answered for a request that waits"));
    Ok(())
}
