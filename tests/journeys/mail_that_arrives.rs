//! A mail server pipes what people write into the program, while it runs and while it does not.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use journeys::program::{Center, Place};
use journeys::visitor::Visitor;
use sea_orm::{ConnectionTrait, Statement};

/// Hands one message over as a mail server does; how the program ends.
fn pipe(place: &Place, sender: &str, message: &[u8]) -> Result<i32> {
    let mut child = place
        .command(&["intake", "mail", "--sender", sender])?
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().context("its input")?.write_all(message)?;
    let output = child.wait_with_output()?;
    assert!(output.stdout.is_empty(), "a mail server would send this back to the writer");
    output.status.code().context("an end")
}

fn note(id: &str, head: &str, body: &str) -> Vec<u8> {
    let head =
        format!("From: \"Danny <b>Reyes\" <danny@example.com>\r\nMessage-ID: <{id}@example.com>\r\n{head}");
    format!("{head}MIME-Version: 1.0\r\n\r\n{body}\r\n").into_bytes()
}

#[tokio::test]
async fn danny_writes_a_mail_is_a_request_and_his_answer_lands_there() -> Result<()> {
    let center = Center::demo().await?;
    let place = center.place();
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let before = place.count("SELECT count(*) FROM requests").await?;
    let mut live = ana.opened("/live").await?;
    let head = "Subject: =1+1 <script>alert(1)</script>\r\nContent-Type: text/html\r\n";
    let first = note(
        "1",
        head,
        "<p>I drink &lt;b&gt; since May.</p><script>alert(2)</script><img src=x onerror=alert(3)>",
    );
    assert_eq!(pipe(place, "danny@example.com", &first)?, 0);
    // Who has the inbox open in the running program hears of it, although another process wrote it.
    let told = async {
        while let Some(piece) = live.chunk().await? {
            if String::from_utf8_lossy(&piece).contains("inbox") {
                return Ok(());
            }
        }
        anyhow::bail!("the connection ended")
    };
    tokio::time::timeout(Duration::from_secs(10), told).await.context("nobody told the open page")??;
    assert_eq!(pipe(place, "danny@example.com", &first)?, 0);
    assert_eq!(place.count("SELECT count(*) FROM requests").await?, before + 1, "the same message made two");

    ana.get("/inbox?channel=email").await?;
    let reference = place_reference(place).await?;
    ana.get(&format!("/inbox/{reference}")).await?;
    assert_eq!(ana.status, 200);
    assert!(ana.sees("=1+1 &#60;script&#62;alert(1)&#60;/script&#62;"), "{}", ana.page);
    assert!(ana.sees("I drink &#60;b&#62; since May.") && !ana.sees("alert(2)") && !ana.sees("onerror"));

    let answer = note("2", &format!("Subject: Re: {reference}\r\n"), "Call me after five, please.");
    assert_eq!(pipe(place, "danny@example.com", &answer)?, 0);
    ana.get(&format!("/inbox/{reference}")).await?;
    assert!(ana.sees("What they wrote since") && ana.sees("Call me after five, please."), "{}", ana.page);
    // His address is no proof that it is him, and the page does not say so.
    assert!(ana.sees("Anyone can write such a sender") && !ana.sees("not one they gave us"), "{}", ana.page);
    let eve = |id: &str, head: &str| {
        let head = format!("From: eve@example.net\r\nMessage-ID: <{id}@example.net>\r\n{head}");
        format!("{head}Subject: {reference}\r\n\r\nWhere does he live?\r\n").into_bytes()
    };
    // Who only knows his reference asks in a request of their own.
    assert_eq!(pipe(place, "eve@example.net", &eve("e1", ""))?, 0);
    ana.get(&format!("/inbox/{reference}")).await?;
    assert!(!ana.sees("Where does he live?"), "{}", ana.page);
    assert_eq!(pipe(place, "eve@example.net", &eve("e2", "In-Reply-To: <1@example.com>\r\n"))?, 0);
    ana.get(&format!("/inbox/{reference}")).await?;
    assert!(
        ana.sees("Where does he live?") && ana.sees("This address is not one they gave us"),
        "{}",
        ana.page
    );

    // What no person wrote makes nothing, and is taken so that nobody tries again.
    assert_eq!(pipe(place, "", &note("3", "", "could not be delivered"))?, 0);
    assert_eq!(pipe(place, "d@example.com", &note("4", "Auto-Submitted: auto-replied\r\n", "I am away"))?, 0);
    assert_eq!(pipe(place, "d@example.com", b"no message at all")?, 65);
    assert_eq!(pipe(place, "d@example.com", b"")?, 65);
    assert_eq!(place.count("SELECT count(*) FROM requests").await?, before + 2);
    Ok(())
}

async fn place_reference(place: &Place) -> Result<String> {
    let tables = place.tables().await?;
    let newest = "SELECT reference FROM requests WHERE channel = 'email' ORDER BY id DESC LIMIT 1";
    let asked = Statement::from_string(tables.get_database_backend(), newest);
    Ok(tables.query_one_raw(asked).await?.context("a request by e-mail")?.try_get_by_index(0)?)
}

/// An alum who got a check-in letter: its Message-ID, their address, the path of their record.
async fn an_alum_with_a_letter(place: &Place) -> Result<(String, String, String)> {
    let tables = place.tables().await?;
    let sent = "SELECT m.message_id, t.value, c.id FROM messages m JOIN clients c ON c.id = m.person_id \
                JOIN staff s ON s.id = c.counselor_id JOIN contact_points t ON t.person_id = c.id \
                WHERE m.state = 'sent' AND m.purpose = 'check_in' AND t.kind = 'email' AND s.sign_in_name = 'ray' \
                ORDER BY m.id LIMIT 1";
    let asked = Statement::from_string(tables.get_database_backend(), sent);
    let row = tables.query_one_raw(asked).await?.context("a letter")?;
    let record: uuid::Uuid = row.try_get_by_index(2)?;
    Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, format!("/clients/{record}")))
}

#[tokio::test]
async fn what_an_alum_answers_to_a_letter_reaches_the_counselor_once() -> Result<()> {
    let center = Center::demo().await?;
    let place = center.place();
    let (letter, from, record) = an_alum_with_a_letter(place).await?;
    let requests = place.count("SELECT count(*) FROM requests").await?;
    let mut ray = Visitor::signed_in(&center, "ray").await?;
    ensure!(!ray.sees("Wrote back."), "somebody wrote back before the story began");
    let words = "My brother moved out and I am not sleeping. Could Ray call me?";
    let answer = format!(
        "From: {from}\r\nMessage-ID: <answer-1@example.org>\r\nIn-Reply-To: {letter}\r\nSubject: Re: Checking in\r\n\r\n{words}\r\n"
    );
    // The mail server hands it over twice, as they do when a line breaks.
    for _ in 0..2 {
        ensure!(pipe(place, &from, answer.as_bytes())? == 0);
    }
    // First of his day, on top of the list of whom to reach, and with every word on the record.
    for page in ["/", "/alumni"] {
        ray.get(page).await?;
        ensure!(
            ray.page.matches("Wrote back. Nobody has marked it as read.").count() == 1,
            "{page}: {}",
            ray.page
        );
        ensure!(ray.sees(&format!("{record}/check-ins")), "{page} does not lead to the record");
    }
    ensure!(ray.sees(&format!("href=\"{record}/what-they-said#replies\"")), "nothing leads to the words");
    ray.get(&format!("{record}/check-ins")).await?;
    ensure!(ray.sees("Wrote back: not marked as read"), "{}", ray.page);
    ray.get(&format!("{record}/what-they-said")).await?;
    ensure!(ray.page.matches(words).count() == 1, "{}", ray.page);
    ensure!(place.count("SELECT count(*) FROM requests").await? == requests, "it became a request as well");
    // Mina answers for Ray and sees it too; Ines, who does not carry the person, reads none of it.
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    ensure!(mina.get("/").await?.sees("Wrote back."), "{}", mina.page);
    let mut ines = Visitor::signed_in(&center, "ines").await?;
    ensure!(!ines.get("/").await?.sees("Wrote back."), "it is on the day of somebody else");
    ines.get(&format!("{record}/what-they-said")).await?;
    ensure!(!ines.sees(words), "somebody else reads it");
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_kept_yet_stays_with_the_mail_server() -> Result<()> {
    // Nobody has set this center up: nobody would read it.
    let place = Place::fresh().await?;
    assert_eq!(pipe(&place, "danny@example.com", &note("1", "", "Please call."))?, 75);
    // The settings cannot be read.
    let unset =
        place.command(&["intake", "mail"])?.env("KITH_NO_SUCH_SETTING", "1").stdin(Stdio::null()).output()?;
    assert_eq!(unset.status.code(), Some(75), "{}", String::from_utf8_lossy(&unset.stderr));
    // The mail server was told a word that does not exist: a letter must not come back for that.
    let misspelled =
        place.command(&["intake", "mail", "--sendr", "danny@example.com"])?.stdin(Stdio::null()).output()?;
    assert_eq!(misspelled.status.code(), Some(75), "{}", String::from_utf8_lossy(&misspelled.stderr));
    // Asking how it is used is no failure.
    let asked = place.command(&["intake", "mail", "--help"])?.output()?;
    assert_eq!(asked.status.code(), Some(0));
    // The database is not there.
    let away = place.with_database("postgres://nobody@127.0.0.1:9/none");
    let refused = away.command(&["intake", "mail"])?.stdin(Stdio::null()).output()?;
    assert_eq!(refused.status.code(), Some(75), "{}", String::from_utf8_lossy(&refused.stderr));
    Ok(())
}

#[tokio::test]
async fn forty_mails_at_once_are_forty_requests() -> Result<()> {
    let center = Center::demo().await?;
    let place = center.place();
    let before = place.count("SELECT count(*) FROM requests").await?;
    let ends: Vec<Result<i32>> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..20)
            .map(|lane| {
                scope.spawn(move || {
                    for n in 0..2 {
                        let from = format!("p{lane}-{n}@example.com");
                        let message = format!("From: {from}\r\nMessage-ID: <{from}>\r\n\r\nPlease call.\r\n");
                        anyhow::ensure!(pipe(place, &from, message.as_bytes())? == 0);
                    }
                    Ok(0)
                })
            })
            .collect();
        all.into_iter().map(|one| one.join().unwrap_or_else(|_| anyhow::bail!("it panicked"))).collect()
    });
    for end in ends {
        assert_eq!(end?, 0);
    }
    assert_eq!(place.count("SELECT count(*) FROM requests").await?, before + 40);
    Ok(())
}
