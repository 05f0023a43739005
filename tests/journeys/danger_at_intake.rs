//! Danger at the door and on the phone: what is not known is not no, danger and hours are asked together, a page promises
//! what the calendar makes true, and a voicemail against "never" is stopped and read by the privacy officer.

use anyhow::{Context, Result, ensure};
use journeys::program::Center;
use journeys::visitor::Visitor;

use crate::a_call::sends;

/// Someone fills the form in up to the page before sending; their answers about reaching them are these.
async fn writes(center: &Center, name: &str, danger: &str, reach: &[(&str, &str)]) -> Result<Visitor> {
    let mut visitor = Visitor::new(center)?;
    visitor.get("/consultation").await?.press("/consultation", &[]).await?;
    visitor.press("/consultation/danger", &[("danger", danger)]).await?;
    visitor.get("/consultation/for").await?.press("/consultation/for", &[("for_whom", "self")]).await?;
    visitor.press("/consultation/name", &[("name", name)]).await?;
    visitor.press("/consultation/contact", reach).await?;
    Ok(visitor)
}

async fn sends_it(visitor: &mut Visitor) -> Result<()> {
    visitor.get("/consultation/answering").await?;
    let answers = [("answering", "hang_up"), ("voicemail", "never")];
    visitor.press("/consultation/answering", &answers).await?;
    visitor.press("/consultation/words", &[("words", "He hits the wall beside my head.")]).await?;
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    visitor.get("/consultation/check").await?.press("/consultation/check", &[]).await?;
    ensure!(visitor.path == "/consultation/done", "{}: {}", visitor.path, visitor.page);
    Ok(())
}

/// Where on a page these words first stand.
fn place(page: &str, words: &str) -> Result<usize> {
    page.find(words).with_context(|| format!("{words} is not on the page:\n{page}"))
}

/// The row of the inbox and the page of the request of somebody.
async fn request_of(center: &Center, name: &str) -> Result<(Visitor, String)> {
    let mut ana = Visitor::signed_in(center, "ana").await?;
    ana.get("/inbox").await?;
    let at = ana.page.find(&format!(">{name}</a>")).with_context(|| format!("{name} is not in the inbox"))?;
    let begins = ana.page.get(..at).and_then(|before| before.rfind("<li")).context("a row")?;
    let row = ana.page.get(begins..).and_then(|row| row.split("</li>").next()).context("its end")?.to_owned();
    let reference = row.split("/inbox/CR-").nth(1).and_then(|rest| rest.get(..5)).context("its reference")?;
    ana.get(&format!("/inbox/CR-{reference}")).await?;
    Ok((ana, row))
}

#[tokio::test]
async fn the_question_about_danger_is_not_passed_in_silence() -> Result<()> {
    let center = Center::demo().await?;
    let mut jo = Visitor::new(&center)?;
    jo.get("/consultation").await?.press("/consultation", &[]).await?;
    jo.press("/consultation/danger", &[]).await?;
    ensure!(jo.status == 422 && jo.sees("Choose yes, no or not sure"), "{} {}", jo.status, jo.path);
    // Whoever goes around it is led back before anything is sent.
    jo.get("/consultation/contact")
        .await?
        .press("/consultation/contact", &[("phone", "212 555 0142")])
        .await?;
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    jo.get("/consultation/check").await?.press("/consultation/check", &[]).await?;
    ensure!(jo.path == "/consultation/check" && jo.sees("href=\"/consultation/danger\""), "{}", jo.path);
    Ok(())
}

#[tokio::test]
async fn maria_is_in_danger_and_has_hours() -> Result<()> {
    let center = Center::demo().await?;
    // It is morning, and she may be called in the afternoon.
    let hours = [("phone", "212 555 0166"), ("call", "hours"), ("call_from", "14"), ("call_until", "22")];
    // Danger and hours are asked together, and one of the two answers is needed.
    let mut maria = writes(&center, "Maria", "yes", &hours).await?;
    ensure!(maria.status == 422, "{} {}", maria.status, maria.path);
    ensure!(maria.sees("You said someone is in danger. May we call outside these hours?"));
    maria.press("/consultation/contact", &[&hours[..], &[("outside_hours", "no")]].concat()).await?;
    sends_it(&mut maria).await?;
    // 911 and 988 stand first and large; what is promised is what she allowed.
    let page = maria.page.clone();
    let (now, next) = (place(&page, "class=\"callnow\"")?, place(&page, "What happens next")?);
    ensure!(
        now < next && place(&page, "href=\"tel:911\"")? < next && place(&page, "href=\"tel:988\"")? < next
    );
    ensure!(
        maria.sees("Please do not wait for our call.") && maria.sees("We call only in the hours you chose")
    );
    ensure!(maria.sees("href=\"tel:+12125550100\""), "the number of the center cannot be pressed");

    // Ana sees that the two stand against each other, and what holds.
    let (ana, row) = request_of(&center, "Maria").await?;
    ensure!(row.contains("Not outside their hours") && row.contains("not before"), "{row}");
    ensure!(ana.sees("Someone may be in danger, and they chose hours"), "{}", ana.page);
    ensure!(ana.sees("They said no to calls outside these hours, also in danger."));
    ensure!(ana.sees("Do not call, text or leave a message before"));
    ensure!(!ana.sees("The first call is"), "she is told that a call is late that nobody may make");

    // Mariana said yes to it.
    let yes = [("phone", "212 555 0167"), ("call", "hours"), ("call_from", "14"), ("call_until", "22")];
    let yes = [&yes[..], &[("outside_hours", "yes")]].concat();
    let mut mariana = writes(&center, "Mariana", "not_sure", &yes).await?;
    sends_it(&mut mariana).await?;
    ensure!(mariana.sees("You said that we may call outside these hours while someone may be in danger."));
    let (ana, row) = request_of(&center, "Mariana").await?;
    ensure!(row.contains("Any time, in danger"), "{row}");
    ensure!(ana.sees("While someone may be in danger, also outside these hours.") && ana.sees("Call now."));
    Ok(())
}

#[tokio::test]
async fn at_night_the_page_says_that_nobody_answers_and_gives_988_first() -> Result<()> {
    let center = Center::demo_at("2026-12-02T02:00").await?;
    let mut linus = Visitor::signed_in(&center, "linus").await?;
    linus.get("/admin/hours").await?;
    let span = "6-22".to_owned();
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let version = linus.hidden("version").context("a version")?.to_owned();
    let names: Vec<(String, String)> =
        days.iter().map(|day| (format!("answering_{day}"), span.clone())).collect();
    let office: Vec<(String, String)> =
        days.iter().map(|day| (format!("office_{day}"), span.clone())).collect();
    let mut sent: Vec<(&str, &str)> =
        names.iter().chain(&office).map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sent.extend([("version", version.as_str()), ("first_call", "15"), ("first_call_otherwise", "60")]);
    sent.extend([("referral", "120"), ("benefits", "120"), ("lead", "60"), ("holidays", "")]);
    linus.press("/admin/hours", &sent).await?;
    ensure!(linus.status == 200 && linus.path == "/admin/hours", "{}: {}", linus.status, linus.page);
    // The calendar a page goes by is up to five seconds old.
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;

    let mut jo = Visitor::new(&center)?;
    for (path, nobody) in [
        ("/consultation", "Nobody answers here right now. We answer again"),
        ("/referral", "Nobody answers here right now. We answer again"),
    ] {
        jo.get(path).await?;
        ensure!(jo.sees(nobody), "{path}: {}", jo.page);
        let main = jo.between("<main", "</main>").context("a page")?;
        ensure!(place(main, "tel:988")? < place(main, "tel:+12125550100")?, "{path}: 988 is not first");
        let ours = main.replace("988</a>, any hour", "");
        ensure!(!ours.contains("any hour") && !ours.contains("within 2 hours"), "{path} promises any hour");
    }
    let mut jo = writes(&center, "Jo", "no", &[("phone", "212 555 0168"), ("call", "any")]).await?;
    sends_it(&mut jo).await?;
    let main = jo.between("<main", "</main>").context("a page")?;
    ensure!(place(main, "tel:988")? < place(main, "What happens next")?, "988 is not first");
    ensure!(jo.sees("Nobody answers here right now."));
    // What is promised lies in the hours in which somebody answers.
    ensure!(jo.sees("before 6:15 am"), "{}", jo.page);
    let mut lupe = Visitor::new(&center)?;
    lupe.get("/").await?.press("/language", &[("lang", "es"), ("to", "/consultation")]).await?;
    ensure!(lupe.sees("Ahora no hay nadie al teléfono.") && lupe.sees("envíe AYUDA al 988"), "{}", lupe.page);
    Ok(())
}

#[tokio::test]
async fn walter_drank_daily_and_is_confused_on_day_four_and_nobody_knows_if_irma_breathes() -> Result<()> {
    let center = Center::demo().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/call").await?;
    // He says himself that the withdrawal is over.
    let four_days = center.today()? - chrono::Days::new(4);
    let last = format!("{four_days}T22:00");
    let walter = [
        ("name", "Walter"),
        ("q_signs_now", "yes"),
        ("q_daily", "no"),
        ("s1_kind", "alcohol"),
        ("s1_days", "30"),
        ("s1_last", last.as_str()),
    ];
    sends(&mut ana, "/call/saving", &walter).await?;
    ensure!(ana.sees("The emergency department now, and somebody drives them."), "{}", ana.page);
    ensure!(ana.sees("Alcohol most days, and lately") && !ana.sees("<h2>Routine</h2>"));
    let (_, row) = request_of(&center, "Walter").await?;
    ensure!(row.contains("Emergency"), "{row}");

    ana.get("/call").await?;
    let irma = [("name", "Irma"), ("place", "18 Alder Court"), ("q_breathing", "unknown")];
    sends(&mut ana, "/call/saving", &irma).await?;
    ensure!(
        ana.sees("Please go and look now, and take the phone with you. I stay on the line."),
        "{}",
        ana.page
    );
    ensure!(ana.sees("911 for a welfare check, with the place first.") && ana.sees("18 Alder Court"));
    ensure!(
        ana.sees("give naloxone again") && ana.sees("Put nothing in their mouth."),
        "first aid is missing"
    );
    ensure!(!ana.sees("calls back within 60 minutes"), "a nurse in an hour");
    // Nobody answers what was not asked: there is no such button.
    ensure!(!ana.sees("The rest is no") && ana.sees("Not asked is not no."));
    Ok(())
}

#[tokio::test]
async fn a_boy_of_fifteen_has_a_guardian_and_the_law() -> Result<()> {
    let center = Center::demo().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/call").await?;
    sends(&mut ana, "/call/saving", &[("name", "Eli"), ("age", "15"), ("q_harm", "yes")]).await?;
    for words in ["Under 18", "parent or guardian", "State law", "must be reported by law"] {
        ensure!(ana.sees(words), "{words}");
    }
    ensure!(ana.sees("First ask whether that person is near or listening"), "{}", ana.page);
    ensure!(ana.sees("href=\"tel:+18007997233\""), "the hotline cannot be pressed");
    Ok(())
}

#[tokio::test]
async fn a_voicemail_against_never_wants_a_reason_and_petra_reads_it() -> Result<()> {
    let center = Center::demo().await?;
    let mut denise =
        writes(&center, "Denise Amaral", "no", &[("phone", "212 555 0169"), ("call", "any")]).await?;
    sends_it(&mut denise).await?;
    let (mut ana, _) = request_of(&center, "Denise Amaral").await?;
    let attempts = format!("{}/attempts", ana.path);
    ana.press(&attempts, &[("outcome", "voicemail_left")]).await?;
    ensure!(
        ana.status == 422 && ana.sees("They said no to voicemail. Enter why it was done"),
        "{}",
        ana.status
    );
    let why = "She asked for it on the phone a minute before, the line was cut.";
    ana.press(&attempts, &[("outcome", "voicemail_left"), ("because", why)]).await?;
    ensure!(
        ana.status == 200 && ana.sees("Left the allowed words on voicemail"),
        "{}: {}",
        ana.status,
        ana.page
    );
    // What broke nothing asks nothing.
    ana.press(&attempts, &[("outcome", "no_answer")]).await?;
    ensure!(ana.status == 200, "{}", ana.status);

    let mut petra = Visitor::signed_in(&center, "petra").await?;
    ensure!(petra.sees("Someone was called against what they had said"), "{}", petra.page);
    petra.get("/admin/contact-overrides").await?;
    ensure!(
        petra.sees("They said no to voicemail") && petra.sees(why) && petra.sees("Ana Ruiz"),
        "{}",
        petra.page
    );
    let review = petra.between("action=\"/admin/contact-overrides/", "\"").context("a review")?.to_owned();
    petra.press(&format!("/admin/contact-overrides/{review}"), &[]).await?;
    ensure!(petra.sees("No call waits for your review.") && petra.sees("Reviewed by"), "{}", petra.page);
    ana.get("/admin/contact-overrides").await?;
    ensure!(ana.status == 403, "{}", ana.status);
    Ok(())
}
