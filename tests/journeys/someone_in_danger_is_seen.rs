//! What an alum says reaches a person: first on three people's day, with a number to call, and an on-call list that shows its
//! gaps. All without script.

use anyhow::{Context, Result};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// The record of someone on the worklist with nothing grave open who may be called.
async fn someone_due(carol: &mut Visitor) -> Result<String> {
    carol.get("/alumni").await?;
    let rows = carol.page.split("<li class=\"row\">").skip(1);
    let links = rows.filter_map(|row| row.split("href=\"").nth(1)?.split('"').next());
    let records: Vec<String> =
        links.filter_map(|href| Some(href.strip_suffix("/check-ins")?.to_owned())).collect();
    for record in records {
        carol.get(&format!("{record}/check-ins")).await?;
        if carol.sees("Safe contact: may be called") && !carol.sees("ask first") {
            return Ok(record);
        }
    }
    anyhow::bail!("nobody on the worklist may be called")
}

/// The row of a record among those who need a call.
fn row(visitor: &Visitor, record: &str) -> Option<String> {
    let alerts = visitor.between("<section class=\"sheet sheet-flush alerts", "</section>")?;
    let rows = alerts.split("<li class=\"row row-open\">");
    rows.into_iter().find(|row| row.contains(&format!("href=\"{record}/check-ins\""))).map(str::to_owned)
}

#[tokio::test]
async fn a_red_answer_stands_first_for_counselor_supervisor_and_coordinator_until_it_is_written_down()
-> Result<()> {
    let center = Center::demo().await?;
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    let record = someone_due(&mut carol).await?;
    carol.press(&format!("{record}/check-ins/answers"), &[("thoughts", "yes")]).await?;

    let mut saw = 0;
    for name in ["carol", "mina", "ray", "ines"] {
        let mut staff = Visitor::signed_in(&center, name).await?;
        let Some(row) = row(&staff, &record) else { continue };
        saw += 1;
        assert!(row.contains("A live person, now") && row.contains("Said yes to thoughts"), "{row}");
        assert!(row.contains("ago") && row.contains("href=\"tel:") && row.contains("Log the call"), "{row}");
        let before = staff.page.split("alerts-h").next().unwrap_or_default();
        assert!(!before.contains("<h2"), "something stands above it on the day of {name}");
        assert!(staff.sees("live person now.") && !staff.sees("Nothing waits for you"));
        let rail = staff.between("<ul id=\"rail-words\">", "</ul>").context("a rail")?;
        let alumni = rail.split("href=\"/alumni\"").nth(1).context("Alumni in the rail")?;
        assert!(alumni.split("</a>").next().is_some_and(|word| word.contains("class=\"count\"")), "{alumni}");
        staff.get("/alumni").await?;
        assert!(self::row(&staff, &record).is_some(), "not on top of the worklist of {name}");
    }
    assert_eq!(saw, 3, "the counselor, the supervisor and the coordinator");
    for name in ["ana", "linus"] {
        let staff = Visitor::signed_in(&center, name).await?;
        assert!(!staff.sees("sheet-flush alerts"), "{name} sees no alumni");
    }

    // Carol says that she handles it; the row stays, and says who.
    carol.get("/").await?;
    let row_of_hers = row(&carol, &record).context("her row")?;
    let action =
        row_of_hers.split("action=\"").nth(1).and_then(|r| r.split('"').next()).context("a button")?;
    let seen = row_of_hers.split("name=\"version\" value=\"").nth(1).and_then(|r| r.split('"').next());
    let seen = seen.context("as she has seen it")?;
    carol.press(action, &[("back", ""), ("version", seen)]).await?;
    assert!(row(&carol, &record).is_some_and(|row| row.contains("Carol Lindqvist handles it")));
    // What was done takes it off the day.
    carol.get(&format!("{record}/check-ins")).await?;
    let settlement = carol.between("action=\"", "/settlement\"").context("a flag to settle")?.to_owned();
    let settlement = settlement.rsplit("action=\"").next().unwrap_or(&settlement).to_owned();
    let seen = carol.hidden_in("/settlement", "version").context("as she has seen it")?.to_owned();
    let done = [("version", seen.as_str()), ("done", "Called. Her sister is with her.")];
    carol.press(&format!("{settlement}/settlement"), &done).await?;
    carol.get("/").await?;
    assert!(row(&carol, &record).is_none());
    Ok(())
}

#[tokio::test]
async fn linus_sets_who_is_on_call_and_sees_the_nights_that_are_nobodys() -> Result<()> {
    let center = Center::demo().await?;
    let mut linus = Visitor::signed_in(&center, "linus").await?;
    linus.get("/admin/on-call").await?;
    assert!(linus.sees("No gaps in the next 7 days"), "{}", linus.page);
    while let Some(action) = linus.between("action=\"/admin/on-call/", "/removal\"").map(str::to_owned) {
        let version = linus.hidden("version").context("a version")?.to_owned();
        linus.press(&format!("/admin/on-call/{action}/removal"), &[("version", &version)]).await?;
    }
    assert!(linus.sees("Nobody is on call.") && linus.sees(" gaps in the next 7 days"), "{}", linus.page);

    // Half a turn is no turn, and keeps what was chosen.
    let version = linus.hidden("version").context("a version")?.to_owned();
    linus.press("/admin/on-call", &[("version", &version), ("days[]", "mon"), ("from", "20:00")]).await?;
    assert_eq!(linus.status, 422);
    assert!(linus.sees("Choose who is on call") && linus.sees("Choose when it ends"));
    assert!(linus.sees("value=\"mon\" checked"));
    let ray = linus.choice("Ray Okafor").context("Ray can be chosen")?;
    assert_eq!(linus.choice("Ana Ruiz"), None, "who sees no alumni is not on call for them");
    let every = ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"].map(|day| ("days[]", day));
    let turn = [("version", version.as_str()), ("staff", &ray), ("from", "0:00"), ("until", "0:00")];
    let fields: Vec<(&str, &str)> = turn.into_iter().chain(every).collect();
    linus.press("/admin/on-call", &fields).await?;
    assert!(linus.sees("midnight to midnight the next day"), "{}", linus.page);
    // Nobody would be told: the page says so, and that the nights are nobody's still.
    assert!(linus.sees("No address to write to") && linus.sees(" gaps in the next 7 days"));
    assert!(!linus.sees("No gaps in the next 7 days"), "{}", linus.page);

    let mut ray = Visitor::signed_in(&center, "ray").await?;
    ray.get("/account").await?.press("/account/notices", &[("notice_email", "ray@")]).await?;
    assert_eq!(ray.status, 422);
    ray.press("/account/notices", &[("notice_email", "ray@example.org")]).await?;
    assert!(ray.sees("ray@example.org"));
    linus.get("/admin/on-call").await?;
    assert!(!linus.sees("No address to write to") && linus.sees("No gaps in the next 7 days"));
    Ok(())
}
