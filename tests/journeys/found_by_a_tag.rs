//! Found by a tag. Linus writes the center's words; Ana puts one on a request and on two more at once, finds them by it, and
//! takes back what was a slip. A word that is offered no more keeps what it says.

use anyhow::{Context, Result, ensure};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// The list is changed under the version it was shown with.
async fn write_tag(linus: &mut Visitor, words: &str) -> Result<()> {
    linus.get("/admin/tags").await?;
    let version = linus.hidden("version").context("a version")?.to_owned();
    linus.press("/admin/tags", &[("version", &version), ("words", words)]).await?;
    Ok(())
}

/// The references in the list, in its order.
fn references(page: &str) -> Vec<String> {
    let rows = page.split("id=\"r-").skip(1).filter_map(|rest| rest.split('"').next());
    rows.map(str::to_owned).collect()
}

#[tokio::test]
async fn ana_finds_again_whom_she_tagged() -> Result<()> {
    let center = Center::demo().await?;
    let mut linus = Visitor::signed_in(&center, "linus").await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    linus_writes_the_words(&mut linus).await?;
    ana.get("/admin/tags").await?;
    ensure!(ana.status == 403, "{}", ana.status);

    ana.get("/inbox?view=nobodys").await?;
    let free = references(&ana.page);
    let [first, second, third, ..] = free.as_slice() else { anyhow::bail!("few wait: {free:?}") };
    let court = ana.choice("&#60;b&#62;Court&#60;/b&#62; soon").context("the tag can be chosen")?;
    let request = format!("/inbox/{first}");
    ana.get(&request).await?;
    ana.press(&format!("{request}/tags"), &[("tag", "")]).await?;
    ensure!(ana.status == 422 && ana.sees("Choose a tag"), "{}", ana.status);
    ana.press(&format!("{request}/tags"), &[("tag", &court)]).await?;
    ensure!(ana.sees("The tag is on it.") && ana.sees("put a tag on it"), "{}", ana.page);

    ana.press(&format!("{request}/tags"), &[("tag", &court)]).await?;
    ensure!(ana.status == 422 && ana.sees("It has this tag already."), "{}", ana.status);

    let both = [("pick[]", second.as_str()), ("pick[]", third), ("put_tag", &court)];
    ana.get("/inbox").await?;
    ana.press("/inbox/chosen/tag", &both).await?;
    ensure!(ana.sees("Done for everyone you chose."), "{}", ana.page);
    let undo = ana.between("action=\"/inbox/undo/", "\"").context("it can be undone")?.to_owned();
    let tagged = format!("/inbox?tag={court}");
    ana.get(&tagged).await?;
    let mut found = references(&ana.page);
    found.sort();
    let mut wanted = [first.clone(), second.clone(), third.clone()];
    wanted.sort();
    ensure!(found == wanted, "{found:?}");
    // A slip: the two of a moment ago.
    ana.press(&format!("/inbox/undo/{undo}"), &[]).await?;
    ana.get(&tagged).await?;
    ensure!(references(&ana.page) == [first.clone()], "{:?}", references(&ana.page));
    // At one of three it cannot be done: for the others it is, and that can be taken back as well.
    let three = [both.as_slice(), &[("pick[]", "CR-22222")]].concat();
    ana.get("/inbox").await?;
    ana.press("/inbox/chosen/tag", &three).await?;
    ensure!(ana.status == 422 && ana.sees("CR-22222: there is no such request"), "{}", ana.status);
    let undo = ana.between("action=\"/inbox/undo/", "\"").context("the others can be undone")?.to_owned();
    ana.press(&format!("/inbox/undo/{undo}"), &[]).await?;
    ana.get(&tagged).await?;
    ensure!(references(&ana.page) == [first.clone()], "{:?}", references(&ana.page));
    ana.press("/inbox/views", &[("view_name", "Court"), ("tag", &court)]).await?;
    ensure!(ana.sees("Court · 1"), "{}", ana.page);

    // Offered no more: nobody puts it on, and who has it keeps it.
    linus.get("/admin/tags").await?;
    let version = linus.hidden("version").context("a version")?.to_owned();
    linus.press(&format!("/admin/tags/{court}/ending"), &[("version", &version)]).await?;
    ana.get("/inbox").await?;
    ana.press("/inbox/chosen/tag", &both).await?;
    ensure!(ana.status == 422 && ana.sees("This tag is not used any more"), "{}", ana.status);
    ana.get(&request).await?;
    ensure!(ana.sees("&#60;b&#62;Court&#60;/b&#62; soon"), "it lost its tag");
    ana.press(&format!("{request}/tags/{court}/ending"), &[]).await?;
    ensure!(ana.sees("The tag is off."), "{}", ana.page);
    ana.get(&tagged).await?;
    ensure!(references(&ana.page).is_empty(), "{}", ana.page);
    Ok(())
}

/// What is no tag is said at the field; what is one is kept as text.
async fn linus_writes_the_words(linus: &mut Visitor) -> Result<()> {
    for (words, fault) in
        [("", "Enter the tag in up to 30 characters"), (" veteran ", "There is such a tag already")]
    {
        write_tag(linus, words).await?;
        ensure!(linus.status == 422 && linus.sees(fault), "{words:?}: {}", linus.status);
    }
    write_tag(linus, "<b>Court</b> soon").await?;
    ensure!(linus.path == "/admin/tags" && linus.sees("&#60;b&#62;Court"), "{}", linus.page);
    Ok(())
}
