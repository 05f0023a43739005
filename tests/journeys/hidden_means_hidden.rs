//! Hidden means hidden. Ana keeps requests confidential, one from every list there is; Sam, who works the same inbox, saw
//! each of them before and finds none of them anywhere afterwards, while Ana still does. Nothing he opens says that
//! something is missing.

use anyhow::{Context, Result, ensure};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// Every list of the house that names requests.
const LISTS: [&str; 6] =
    ["/inbox", "/benefits", "/waitlist", "/referrals", "/appointments", "/inbox?view=closed"];

/// The references on a page, in its order.
fn references(page: &str) -> Vec<String> {
    let found = page.split("/inbox/CR-").skip(1).filter_map(|rest| rest.get(..5));
    let mut all: Vec<String> = found.map(|rest| format!("CR-{rest}")).collect();
    all.dedup();
    all
}

/// How many a page says there are, in all of its counts.
fn counts(page: &str) -> Vec<i64> {
    let count = |rest: &str| rest.split('<').next().and_then(|number| number.trim().parse().ok());
    page.split("class=\"count\">").skip(1).filter_map(count).collect()
}

/// A figure of a dashboard: its list, and what it says.
fn figure(rest: &str) -> Option<(String, usize)> {
    let (list, rest) = rest.split_once("\">")?;
    let count = rest.split('<').next()?.trim().parse().ok()?;
    Some((format!("/inbox?{}", list.replace("&#38;", "&")), count))
}

async fn page(who: &mut Visitor, path: &str) -> Result<String> {
    who.get(path).await?;
    ensure!(who.status == 200, "{path}: {}", who.status);
    Ok(who.page.clone())
}

/// Whom Sam meets himself: their time stays in his calendar, whoever knows what it is about.
async fn his_to_meet(sam: &mut Visitor) -> Result<Vec<String>> {
    let week = page(sam, "/appointments").await?;
    let his = week.split("<tr>").filter(|row| row.contains("Sam Whitfield")).flat_map(references);
    Ok(his.collect())
}

/// The first in a list that is not his own: whoever has a request, or meets who asked, knows of it.
async fn somebody_elses(sam: &mut Visitor, list: &str) -> Result<String> {
    let his = his_to_meet(sam).await?;
    for reference in references(&page(sam, list).await?) {
        if his.contains(&reference) {
            continue;
        }
        sam.get(&format!("/inbox/{reference}")).await?;
        if !sam.sees("data-live=\"inbox\"><span class=\"who who-me\"") {
            return Ok(reference);
        }
    }
    anyhow::bail!("{list} holds nobody else's")
}

/// What is not there for anybody looks exactly so.
async fn is_not_there(sam: &mut Visitor, reference: &str) -> Result<()> {
    for part in ["", "/benefits", "/waitlist", "/appointment", "/referrals", "/merging", "/safe-contact"] {
        let (hidden, nowhere) = (format!("/inbox/{reference}{part}"), format!("/inbox/CR-22222{part}"));
        sam.get(&nowhere).await?;
        let (status, said) = (sam.status, sam.between("<main", "</main>").map(str::to_owned));
        sam.get(&hidden).await?;
        let now = sam.between("<main", "</main>").map(|main| main.replace(reference, "CR-22222"));
        ensure!((sam.status, &now) == (status, &said), "{hidden}: {} {now:?}, not {said:?}", sam.status);
    }
    for act in ["notes", "claim", "confidential", "everyone", "attempts", "watching", "draft", "tags"] {
        let status =
            sam.press(&format!("/inbox/{reference}/{act}"), &[("note", "Are you there?")]).await?.status;
        ensure!(status == 404, "{act}: {status}");
    }
    Ok(())
}

#[tokio::test]
async fn two_who_work_the_same_inbox_see_two_inboxes() -> Result<()> {
    let center = Center::demo().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let mut sam = Visitor::signed_in(&center, "sam").await?;
    for list in LISTS {
        let reference = somebody_elses(&mut sam, list).await?;
        // Sam watches it and may have been told of it: neither shows it to him later.
        sam.get(&format!("/inbox/{reference}")).await?;
        let name = sam.between("<h1>", "</h1>").context("a name")?.to_owned();
        sam.press(&format!("/inbox/{reference}/watching"), &[]).await?;
        let open = counts(&page(&mut sam, "/inbox").await?).iter().sum::<i64>();

        ana.get(&format!("/inbox/{reference}")).await?;
        ana.press(&format!("/inbox/{reference}/confidential"), &[]).await?;
        ensure!(ana.sees("Only you"), "{list}: {}", ana.path);

        let (his, hers) = (page(&mut sam, list).await?, page(&mut ana, list).await?);
        ensure!(!his.contains(&reference), "{list} still names {reference} to Sam");
        ensure!(hers.contains(&reference), "{list} does not name {reference} to Ana any more");
        let now = counts(&page(&mut sam, "/inbox").await?).iter().sum::<i64>();
        let is_open = list != "/inbox?view=closed";
        ensure!(!is_open || now < open, "{list}: a count still tells of it: {open}, {now}");
        for elsewhere in LISTS.into_iter().chain(["/", "/sources", "/inbox?view=everyone"]) {
            let his = page(&mut sam, elsewhere).await?;
            ensure!(!his.contains(&reference), "{elsewhere} names {reference} to Sam");
        }
        let found = page(&mut sam, &format!("/find?q={reference}")).await?;
        ensure!(!found.contains(&reference), "{found}");
        let found =
            page(&mut sam, &format!("/find?q={}", name.split(',').next().unwrap_or_default())).await?;
        ensure!(!found.contains(&reference), "{found}");
        is_not_there(&mut sam, &reference).await?;
    }
    // What a figure counts is what its list holds, for either of them.
    for who in [&mut ana, &mut sam] {
        let figures = page(who, "/dashboards/today").await?;
        let figures: Vec<(String, usize)> =
            figures.split("href=\"/inbox?").skip(1).filter_map(figure).collect();
        ensure!(figures.len() > 10, "few figures: {figures:?}");
        for (list, count) in figures {
            let mut there = references(&page(who, &list).await?);
            there.sort();
            there.dedup();
            ensure!(there.len() == count, "{list} holds {}, its figure says {count}", there.len());
        }
    }
    Ok(())
}

/// Marc writes to the center where his wife works; the reference.
async fn marc_writes(center: &Center) -> Result<String> {
    let mut marc = Visitor::new(center)?;
    marc.get("/consultation").await?;
    for (step, fields) in [
        ("", &[][..]),
        ("/danger", &[("danger", "no")]),
        ("/for", &[("for_whom", "self")]),
        ("/name", &[("name", "Marc Delacroix")]),
        (
            "/contact",
            &[("phone", "312 555 0190"), ("call", "any"), ("email", "marc@example.org"), ("email_ok", "yes")],
        ),
        ("/answering", &[("answering", "ask_by_name"), ("voicemail", "never")]),
        ("/words", &[("words", "My wife works with you. Please do not tell anyone.")]),
    ] {
        marc.press(&format!("/consultation{step}"), fields).await?;
    }
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    marc.press("/consultation/check", &[]).await?;
    marc.reference()
}

/// Petra sees that one is there and who knows, and no name; she lets Mina know, and Mina opens it.
async fn petra_lets_mina_know(center: &Center, reference: &str) -> Result<()> {
    let mut petra = Visitor::signed_in(center, "petra").await?;
    petra.get("/admin/confidential").await?;
    ensure!(
        petra.sees(reference) && petra.sees("Known to Ana Ruiz.") && !petra.sees("Marc"),
        "{}",
        petra.page
    );
    let before = petra.page.split(">Mina Castellanos</option>").next().context("Mina can be chosen")?;
    let mina = before.rsplit("value=\"").next().context("Mina")?.trim_end_matches('"').to_owned();
    let id = petra.between("action=\"/admin/confidential/", "\"").context("a form")?.to_owned();
    petra.press(&format!("/admin/confidential/{id}"), &[("colleague", "")]).await?;
    ensure!(petra.status == 422 && petra.sees("Choose a colleague"), "{}", petra.status);
    petra.press(&format!("/admin/confidential/{id}"), &[("colleague", &mina)]).await?;
    ensure!(petra.sees("Ana Ruiz, Mina Castellanos"), "{}", petra.page);
    let mut supervisor = Visitor::signed_in(center, "mina").await?;
    supervisor.get(&format!("/inbox/{reference}")).await?;
    ensure!(supervisor.status == 200 && supervisor.sees("Marc Delacroix"), "{}", supervisor.status);
    Ok(())
}

#[tokio::test]
async fn a_letter_and_a_number_give_nobody_away() -> Result<()> {
    let center = Center::demo().await?;
    let reference = marc_writes(&center).await?;
    let mut carol = Visitor::signed_in(&center, "carol").await?;
    for _ in 0..100 {
        if page(&mut carol, "/mail?view=sent").await?.contains("Marc Delacroix") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    ensure!(carol.sees("Marc Delacroix"), "his letter has not left");
    let (_, letter) = carol.page.split_once("/mail/letters/").context("a letter")?;
    let letter = format!("/mail/letters/{}", letter.split('"').next().unwrap_or_default());

    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get(&format!("/inbox/{reference}")).await?;
    ana.press(&format!("/inbox/{reference}/confidential"), &[]).await?;
    ensure!(ana.sees("Only you know of this request."), "{}", ana.page);

    ensure!(!page(&mut carol, "/mail?view=sent").await?.contains("Marc"), "the outbox names him");
    carol.get(&letter).await?;
    ensure!(carol.status == 404, "the letter opens: {}", carol.status);
    // He calls, and Ben types his number: nobody like him is known.
    let mut ben = Visitor::signed_in(&center, "ben").await?;
    ben.get("/call").await?;
    let of = |ben: &Visitor, name| ben.hidden(name).map(str::to_owned).context("a sheet");
    let (submission, desk) = (of(&ben, "submission")?, of(&ben, "desk")?);
    let typed = [
        ("submission", submission.as_str()),
        ("desk", desk.as_str()),
        ("phone", "312 555 0190"),
        ("name", "Marc Delacroix"),
    ];
    ben.press("/call/saving", &typed).await?;
    ensure!(!ben.sees("May be the same person"), "the sheet says that he is known");

    petra_lets_mina_know(&center, &reference).await
}
