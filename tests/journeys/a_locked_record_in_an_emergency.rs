//! An alum collapses at an open evening; nobody of her team is there. Linus the administrator opens her record for the
//! ambulance, and Petra the privacy officer reads why. Without script.

use anyhow::{Context, Result};
use journeys::program::Center;
use journeys::visitor::Visitor;

const WHY: &str = "She fainted at the open evening & the ambulance asks what she takes.";

/// An alum's record: its address and its number, as Carol sees them.
async fn an_alums_record(center: &Center) -> Result<(String, String)> {
    let mut carol = Visitor::signed_in(center, "carol").await?;
    carol.get("/alumni").await?;
    let id = carol.between("href=\"/clients/", "/").context("an alum")?.to_owned();
    let record = format!("/clients/{id}");
    carol.get(&record).await?;
    let number = carol.between("<span class=\"ref\">", "</span>").context("a number")?.to_owned();
    Ok((record, number))
}

#[tokio::test]
async fn it_opens_with_a_reason_for_reading_and_petra_reviews_it() -> Result<()> {
    let center = Center::demo().await?;
    let (record, number) = an_alums_record(&center).await?;
    let mut linus = Visitor::signed_in(&center, "linus").await?;
    let mut petra = Visitor::signed_in(&center, "petra").await?;
    assert!(petra.sees("A locked record was opened"), "yesterday’s waits for her");
    assert_eq!(linus.opened(&record).await?.status().as_u16(), 403);

    // Half a form is put right with everything typed kept.
    linus.get("/").await?;
    assert!(linus.sees("href=\"/break-glass\""));
    linus.get("/break-glass").await?;
    linus.press("/break-glass", &[("reference", number.as_str()), ("reason", "need it")]).await?;
    assert_eq!(linus.status, 422);
    assert!(linus.sees("Choose what happened") && linus.sees("Write in a sentence why"));
    assert!(linus.sees(&format!("value=\"{number}\"")), "what was typed is kept");
    // A wrong number finds nobody, and that too is written down.
    let form = |number| [("cause", "medical_emergency"), ("reference", number), ("reason", WHY)];
    linus.press("/break-glass", &form("K-00000")).await?;
    assert!(linus.sees("No record has this number"));

    linus.press("/break-glass", &form(&number)).await?;
    assert_eq!(linus.path, record);
    assert!(linus.sees(&number) && linus.sees("A locked record is open to you until"));
    for writing in ["/notes", "/contact-points", "/identity", "/consents", "/episodes"] {
        assert!(!linus.page.contains(&format!("action=\"{record}{writing}")), "reading only: {writing}");
    }
    for part in ["/connections", "/check-ins", "/plan", "/plan/copy"] {
        linus.get(&format!("{record}{part}")).await?;
        assert_eq!(linus.status, 200, "{part}");
        assert!(!linus.page.contains(&format!("action=\"{record}")), "{part} is for reading");
    }
    let note = linus.pressed(&format!("{record}/notes"), &[("note", "I was here.")]).await?;
    assert_eq!(note.status().as_u16(), 403);
    let other = linus.opened("/clients/0190a5d2-0000-7000-8000-000000000000").await?;
    assert_eq!(other.status().as_u16(), 404, "it is one record that opened");

    petra.get("/").await?;
    assert!(petra.sees("Locked records were opened, 2 times"));
    petra.get("/admin/break-glass").await?;
    let opening = format!(
        "/admin/break-glass/{}",
        petra.between("href=\"/admin/break-glass/", "\"").context("an opening")?
    );
    petra.get(&opening).await?;
    assert!(petra.sees("Linus Berg") && petra.sees("A medical emergency"));
    assert!(petra.sees("She fainted at the open evening &#38; the ambulance"), "{}", petra.page);
    assert!(petra.sees("opened a record") && petra.sees("opened a plan"), "what he looked at");
    assert_eq!(petra.opened(&record).await?.status().as_u16(), 403, "who reviews does not read records");
    let review = format!("{opening}/review");
    petra.press(&review, &[("finding", "not_right")]).await?;
    assert!(petra.sees("Write what was not right"));
    petra.press(&review, &[("finding", "right"), ("remark", "The ambulance came at 7.")]).await?;
    assert!(petra.sees("One opening waits for your review."));
    petra.press(&review, &[("finding", "not_right"), ("remark", "Changed my mind.")]).await?;
    assert!(petra.sees("Someone reviewed this already"));

    // He is done before the hour is over.
    linus.get("/").await?.press("/break-glass/ending", &[]).await?;
    assert_eq!(linus.opened(&record).await?.status().as_u16(), 403);
    assert!(!linus.page.contains("A locked record is open"));
    Ok(())
}

#[tokio::test]
async fn a_counselor_stands_in_for_another_and_sees_one_person_more() -> Result<()> {
    let center = Center::demo().await?;
    let (record, number) = an_alums_record(&center).await?;
    let mut standing_in = None;
    for name in ["ray", "ines"] {
        let mut counselor = Visitor::signed_in(&center, name).await?;
        counselor.get(&record).await?;
        if counselor.status == 404 {
            standing_in = Some(counselor);
        }
    }
    let mut counselor = standing_in.context("one of the two does not carry her")?;
    let find = format!("/clients?q={number}");
    counselor.get(&find).await?;
    assert!(counselor.sees("Nobody you may see") && counselor.sees("href=\"/break-glass\""));
    counselor.get("/break-glass").await?;
    let form = [
        ("cause", "standing_in"),
        ("reference", number.as_str()),
        ("reason", "Her counselor is ill, and she calls in tears now."),
    ];
    counselor.press("/break-glass", &form).await?;
    assert_eq!((counselor.path.as_str(), counselor.status), (record.as_str(), 200));
    counselor.get(&find).await?;
    assert!(counselor.sees(&record), "lists follow the same rule as the record");
    // Only this session: her other one sees no more than before.
    let elsewhere =
        Visitor::signed_in(&center, if counselor.sees("Ray Okafor") { "ray" } else { "ines" }).await?;
    assert_eq!(elsewhere.opened(&record).await?.status().as_u16(), 404);
    Ok(())
}
