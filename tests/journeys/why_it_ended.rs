//! Linus gives the center a reason of its own. Ana closes a request with it, and it is counted under the one of the field;
//! when it is not offered any more, what was closed with it keeps its words. Without script.

use anyhow::{Context, Result, ensure};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// A request of nobody's that can be closed.
async fn to_close(ana: &mut Visitor) -> Result<String> {
    ana.get("/inbox?view=nobodys").await?;
    Ok(format!("/inbox/{}", ana.reference()?))
}

#[tokio::test]
async fn a_reason_of_its_own_is_chosen_counted_and_kept() -> Result<()> {
    let center = Center::demo().await?;
    let mut linus = Visitor::signed_in(&center, "linus").await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    linus.get("/admin/reasons").await?;
    let version = linus.hidden("version").context("a version")?.to_owned();
    let typed = [("version", version.as_str()), ("words", "Deductible too high")];
    // What is missing is said at its field, and what was typed stays.
    linus.press("/admin/reasons", &typed).await?;
    ensure!(linus.status == 422 && linus.sees("Choose of which outcome it says why"), "{}", linus.status);
    ensure!(linus.sees("value=\"Deductible too high\""));
    let whole = [typed.as_slice(), &[("explains", "declined_by_person"), ("under", "cost")]].concat();
    linus.press("/admin/reasons", &whole).await?;
    ensure!(linus.path == "/admin/reasons" && linus.sees("counts as “The cost”"), "{}", linus.page);
    // Sent once more from the page of before: somebody changed the list.
    linus.press("/admin/reasons", &whole).await?;
    ensure!(linus.status == 422 && linus.sees("Someone changed the list"), "{}", linus.status);

    let request = to_close(&mut ana).await?;
    ana.get(&request).await?;
    let reason = ana.choice("Deductible too high").context("it is not offered")?;
    let closing = format!("{request}/closing");
    ana.press(&closing, &[("disposition", "no_capacity"), ("reason", &reason), ("check_in", "no")]).await?;
    ensure!(ana.status == 422 && ana.sees("says why in another case"), "{}", ana.status);
    ana.press(&closing, &[("disposition", "declined_by_person"), ("reason", &reason), ("check_in", "no")])
        .await?;
    ana.get(&request).await?;
    ensure!(ana.sees("Closed: they said no, deductible too high."), "{}", ana.page);
    let place = center.place();
    let counted =
        "SELECT COUNT(*) FROM requests WHERE disposition_reason = 'cost' AND own_reason IS NOT NULL";
    assert_eq!(place.count(counted).await?, 1);

    // Offered no more, it keeps its words, and nobody closes with it, also not from a page of before.
    linus.get("/admin/reasons").await?;
    let version = linus.hidden("version").context("a version")?.to_owned();
    linus.press(&format!("/admin/reasons/{reason}/ending"), &[("version", &version)]).await?;
    ana.get(&request).await?;
    ensure!(ana.sees("deductible too high."));
    let other = to_close(&mut ana).await?;
    ana.get(&other).await?;
    ensure!(ana.choice("Deductible too high").is_none(), "it is still offered");
    let late = [("disposition", "declined_by_person"), ("reason", reason.as_str()), ("check_in", "no")];
    ana.press(&format!("{other}/closing"), &late).await?;
    ensure!(ana.status == 422 && ana.sees("This reason is not used any more."), "{}", ana.status);

    // An outcome that always asks why keeps at least one reason.
    for coded in ["medical_need", "psychiatric_need", "age", "legal_exclusion"] {
        linus.get("/admin/reasons").await?;
        let version = linus.hidden("version").context("a version")?.to_owned();
        linus.press(&format!("/admin/reasons/{coded}/ending"), &[("version", &version)]).await?;
        ensure!(linus.status == 200, "{coded}: {}", linus.status);
    }
    let version = linus.hidden("version").context("a version")?.to_owned();
    linus.press("/admin/reasons/mobility/ending", &[("version", &version)]).await?;
    ensure!(linus.status == 422 && linus.sees("Keep at least one reason for it."), "{}", linus.status);
    ana.get(&other).await?;
    ensure!(ana.choice("Our building").is_some() && ana.choice("Age").is_none());
    Ok(())
}
