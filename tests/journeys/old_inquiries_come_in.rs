//! The inquiries of the years before come in from a file: on the page, and at the command line.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use journeys::program::Center;
use journeys::visitor::Visitor;

const FILE: &str = "Date;Caller;Phone;Notes;Status\n\
    2026-01-05;Rosa <b>Delgado;(312) 555-0111;<script>alert(1)</script>;closed\n\
    2026-01-06;=HYPERLINK(\"x\");;;open\n\
    2026-01-07;Kim;212 555 0199;Next week;open\n";

/// Gives a file on the page, as a browser without script does.
async fn give(who: &Visitor, center: &Center, token: &str, bytes: Vec<u8>) -> Result<reqwest::Response> {
    let mark = "a-mark-between-the-parts";
    let head = format!(
        "--{mark}\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n--{mark}\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"../../old.csv\"\r\nContent-Type: text/csv\r\n\r\n"
    );
    let body = [head.into_bytes(), bytes, format!("\r\n--{mark}--\r\n").into_bytes()].concat();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let sent = client.post(center.url("/admin/import")).header("cookie", who.cookie());
    Ok(sent.header("content-type", format!("multipart/form-data; boundary={mark}")).body(body).send().await?)
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn mina_gives_a_file_sees_what_would_come_of_it_and_brings_it_in() -> Result<()> {
    let center = Center::demo().await?;
    let before = center.place().count("SELECT count(*) FROM requests").await?;
    let mut mina = Visitor::signed_in(&center, "mina").await?;
    mina.get("/admin/import").await?;
    let token = mina.hidden("form_token").context("a token")?.to_owned();
    let stranger = give(&mina, &center, "made up", FILE.into()).await?;
    assert_eq!(stranger.status(), 403);
    for (bytes, status) in [(Vec::new(), 422), (b"PK\x03\x04\0\0".to_vec(), 422), (vec![b'x'; 17 << 20], 413)]
    {
        assert_eq!(give(&mina, &center, &token, bytes).await?.status(), status);
    }
    let given = give(&mina, &center, &token, FILE.into()).await?;
    assert_eq!(given.status(), 303);
    let page = given.headers()["location"].to_str()?.to_owned();
    mina.get(&page).await?;
    assert!(mina.sees("Bring 2 in") && mina.sees("Line 3: Phone: Enter a phone number"), "{}", mina.page);
    assert_eq!(center.place().count("SELECT count(*) FROM requests").await?, before);

    // The columns are said anew, wrongly and then rightly.
    let columns = [("column_received", "Caller"), ("column_phone", "Phone"), ("days", "iso")];
    mina.press(&page, &columns).await?;
    assert!(mina.sees("Caller: enter a day like") && !mina.sees("/coming-in"), "{}", mina.page);
    mina.press(&page, &[("column_phone", "No such column")]).await?;
    assert!(
        mina.sees("The file has no column") && mina.sees("Choose the column that says when"),
        "{}",
        mina.page
    );
    let columns = [
        ("column_received", "Date"),
        ("column_name", "Caller"),
        ("column_phone", "Phone"),
        ("column_words", "Notes"),
        ("column_status", "Status"),
        ("open_words", "open, new"),
        ("closed_as", "no_capacity"),
    ];
    mina.press(&page, &columns).await?;
    mina.press(&format!("{page}/coming-in"), &[]).await?;
    mina.press(&format!("{page}/coming-in"), &[]).await?;
    let until = Instant::now() + Duration::from_secs(20);
    while !mina.get(&page).await?.sees("<b>Came in.</b>") {
        anyhow::ensure!(Instant::now() < until, "it did not come in: {}", mina.page);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(center.place().count("SELECT count(*) FROM requests").await?, before + 2);
    let letters = "SELECT count(*) FROM messages m JOIN requests r ON r.id = m.subject_id WHERE r.channel = 'old_records'";
    assert_eq!(center.place().count(letters).await?, 0);
    assert_eq!(center.place().count("SELECT count(*) FROM imports WHERE file IS NOT NULL").await?, 0);

    // What could not come in is given back, and nothing in it is a formula. Nobody else gets it.
    let rejected = mina.opened(&format!("{page}/rejected.csv")).await?;
    assert!(rejected.headers()["content-disposition"].to_str()?.starts_with("attachment"));
    let rejected = rejected.text().await?;
    assert!(
        rejected.contains(";\"'=HYPERLINK(\"\"x\"\")\";;;open;") && rejected.contains("Why not"),
        "{rejected}"
    );
    let linus = Visitor::signed_in(&center, "linus").await?;
    for path in [page.clone(), format!("{page}/rejected.csv")] {
        assert_eq!(linus.opened(&path).await?.status(), 404);
    }
    let ana = Visitor::signed_in(&center, "ana").await?;
    assert_eq!(ana.opened("/admin/import").await?.status(), 403);
    mina.press(&format!("{page}/throwing-away"), &[]).await?;
    assert_eq!(mina.opened(&format!("{page}/rejected.csv")).await?.status(), 404);

    // The words stand in the inbox as words.
    mina.get("/inbox?view=closed").await?;
    mina.get("/inbox?channel=old_records").await?;
    assert!(mina.sees("Kim"), "{}", mina.page);
    Ok(())
}

#[tokio::test]
async fn thousands_of_old_inquiries_come_in_at_the_command_line_while_others_ask() -> Result<()> {
    let center = Center::demo().await?;
    let place = center.place();
    let before = place.count("SELECT count(*) FROM requests").await?;
    let folder = tempfile::tempdir()?;
    let (file, map) = (folder.path().join("old.csv"), folder.path().join("map.toml"));
    let row = |n: usize| format!("{n},03/{:02}/2025,Person {n},(312) 555-{n:04},Declined\n", n % 28 + 1);
    let rows: String = (0..2500).map(row).collect::<Vec<_>>().concat();
    std::fs::write(&file, format!("No,When they rang,Who,Number,How it ended\n{rows},02/30/2025,Bad,1,\n"))?;
    std::fs::write(
        &map,
        "days = \"us\"\nclosed_as = \"no_capacity\"\n[columns]\nreceived = \"When they rang\"\n\
        name = \"Who\"\nphone = \"Number\"\nkey = \"No\"\n",
    )?;
    let (file, map) = (file.display().to_string(), map.display().to_string());
    let words = ["intake", "import", &file, "--map", &map];
    let dry = center.says(&[&words[..], &["--dry-run"]].concat())?;
    assert!(
        dry.contains("2500 closed")
            && dry.contains("1 cannot come in")
            && dry.contains("Nothing was written"),
        "{dry}"
    );
    assert!(!dry.contains("Person"), "it prints what stands in the file");
    assert_eq!(place.count("SELECT count(*) FROM requests").await?, before);
    let mut child = place.command(&words)?.stdout(std::process::Stdio::null()).spawn()?;
    // Meanwhile the program answers, and writes.
    let mut slowest = Duration::ZERO;
    let mut asked = 0;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/inbox").await?;
    let reference = ana.reference()?;
    while child.try_wait()?.is_none() {
        let began = Instant::now();
        ana.get(&format!("/inbox/{reference}")).await?;
        ana.press(&format!("/inbox/{reference}/notes"), &[("note", "while the old ones come in")]).await?;
        assert_eq!(ana.status, 200);
        slowest = slowest.max(began.elapsed());
        asked += 1;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(child.wait()?.success());
    println!("{asked} notes meanwhile, the slowest in {slowest:?}");
    assert!(asked > 0 && slowest < Duration::from_secs(5), "{asked} notes, the slowest in {slowest:?}");
    assert_eq!(place.count("SELECT count(*) FROM requests").await?, before + 2500);
    let again = center.says(&words)?;
    assert!(again.contains("2500 brought in before") && again.contains("0 were brought in"), "{again}");
    let rejected = folder.path().join("old.rejected.csv");
    assert_eq!(std::fs::metadata(rejected)?.permissions().mode() & 0o777, 0o600);
    Ok(())
}
