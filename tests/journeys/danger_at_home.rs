//! Someone at home could harm Rafaela. Whoever opens a page from which she could be reached reads that beside her name,
//! before a hand is on the phone.

use anyhow::{Context, Result, ensure};
use journeys::program::Center;
use journeys::visitor::Visitor;

const DANGER: &str = "Someone at home could harm them";

/// Somebody on the plain part of Ray's list of whom to reach, who is in no danger that anybody knows of: the path of the
/// record.
async fn somebody_to_reach(ray: &mut Visitor) -> Result<String> {
    ray.get("/alumni").await?;
    let plain = ray.page.split_once("sheet sheet-flush day").context("nobody is to be reached")?.1;
    for row in plain.split("class=\"name\" href=\"").skip(1) {
        let (path, rest) = row.split_once("/check-ins\">").context("no link")?;
        if !rest.split("</li>").next().unwrap_or_default().contains(DANGER) {
            return Ok(path.to_owned());
        }
    }
    anyhow::bail!("everybody is in danger at home")
}

/// The row of a list or of a table in which a name stands.
fn row_of<'a>(page: &'a str, record: &str) -> Result<&'a str> {
    let at = page.find(&format!("href=\"{record}")).context("they are not on this page")?;
    let rest = page.get(at..).unwrap_or_default();
    let end = ["</li>", "</tr>"].iter().filter_map(|end| rest.find(end)).min().context("no row")?;
    Ok(rest.get(..end).unwrap_or_default())
}

#[tokio::test]
async fn every_page_that_reaches_her_names_the_danger_first() -> Result<()> {
    let center = Center::demo().await?;
    let mut ray = Visitor::signed_in(&center, "ray").await?;
    let record = somebody_to_reach(&mut ray).await?;
    ray.get(&record).await?;
    let rules = ray.hidden("rules_version").unwrap_or("0").to_owned();
    let said = [
        ("rules_version", rules.as_str()),
        ("call", "ok"),
        ("text_message", "ok"),
        ("email_rule", "ok"),
        ("voicemail", "never"),
        ("answering", "hang_up"),
        ("risks[]", "abuser_in_household"),
    ];
    ray.press(&format!("{record}/safe-contact"), &said).await?;
    ray.get(&record).await?;
    ensure!(ray.sees(DANGER), "it was not written down: {}", ray.page);

    let parts = ["", "/what-they-said", "/connections", "/check-ins", "/plan"];
    for part in parts {
        let path = format!("{record}{part}");
        ray.get(&path).await?;
        ensure!(ray.status == 200 && ray.sees(DANGER), "{path} says nothing of it");
    }
    for list in ["/alumni", "/alumni/reached", "/clients"] {
        ray.get(list).await?;
        ensure!(row_of(&ray.page, &record)?.contains(DANGER), "{list} says nothing of it");
    }
    Ok(())
}
