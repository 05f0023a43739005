//! The program looks into a real mailbox: what is unread becomes requests, and is marked as read when it is kept.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use journeys::dovecot::{Dovecot, PASSWORD};
use journeys::program::{Center, Place};
use journeys::visitor::Visitor;

fn note(id: &str, body: &str) -> String {
    format!(
        "From: Danny Reyes <danny@example.com>\nMessage-ID: <{id}@example.com>\nSubject: Hello\n\n{body}\n"
    )
}

/// Writes the settings into the folder the program starts in.
fn set(place: &Place, mailbox: &Dovecot, port: u16, more: &str) -> Result<()> {
    let root = mailbox.root();
    let text = format!(
        "[imap]\nhost = \"localhost\"\nport = {port}\nuser = \"intake\"\npassword = \"{PASSWORD}\"\n\
         every_seconds = 1\nextra_root = \"{}\"\n{more}",
        root.display()
    );
    let folder = place.data();
    Ok(std::fs::write(folder.parent().unwrap_or(Path::new(".")).join("kith.toml"), text)?)
}

/// Waits until so many requests are there.
async fn come(place: &Place, wanted: i64) -> Result<()> {
    for _ in 0..150 {
        if place.count("SELECT count(*) FROM requests").await? == wanted {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("{} requests, not {wanted}", place.count("SELECT count(*) FROM requests").await?)
}

/// Waits until the messages of a folder have these flags.
async fn stands(mailbox: &Dovecot, folder: &str, flags: &[&str]) -> Result<()> {
    for _ in 0..100 {
        if mailbox.flags(folder)? == flags {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    anyhow::bail!("in {folder:?} they stand {:?}, not {flags:?}", mailbox.flags(folder)?)
}

#[tokio::test]
async fn what_is_unread_becomes_requests_once_whatever_is_cut_off() -> Result<()> {
    let mailbox = Dovecot::start().await?;
    let place = Place::fresh().await?;
    set(&place, &mailbox, mailbox.tls, "")?;
    let shown = String::from_utf8(place.command(&["config"])?.output()?.stdout)?;
    assert!(shown.contains("\"user\": \"intake\"") && !shown.contains(PASSWORD), "{shown}");
    let mut center = Center::start(place, "serve").await?;
    // Nobody has set the center up: it stays unread.
    mailbox.deliver("1", &note("1", "Please call."))?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(center.place().count("SELECT count(*) FROM mail_arrivals").await?, 0);
    let mut linus = Visitor::new(&center)?;
    assert!(linus.sets_up(&center.setup_code()?).await?);
    come(center.place(), 1).await?;
    stands(&mailbox, "", &["S"]).await?;

    // The power goes; meanwhile more arrives, one of it twice, one of a machine, one that nobody can answer.
    let (mut waited, mut second) = (0, note("2", "Are you there?"));
    second.push_str(&"x".repeat(3_000_000));
    mailbox.deliver("2", &second)?;
    mailbox.deliver("2-again", &second)?;
    mailbox.deliver(
        "3",
        "From: robot@example.com\nAuto-Submitted: auto-replied\nMessage-ID: <3@x>\n\nAway.\n",
    )?;
    mailbox.deliver("4", "Subject: nobody wrote this\n\nx\n")?;
    center.kill_and_start_again().await?;
    come(center.place(), 1).await?;
    // The second note is from a sender who has a request, in no thread: it is a request of its own.
    while center.place().count("SELECT count(*) FROM requests").await? < 2 && waited < 100 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        waited += 1;
    }
    come(center.place(), 2).await?;
    stands(&mailbox, "", &["FS", "S", "S", "S", "S"]).await?;
    let kinds = "SELECT count(*) FROM mail_arrivals WHERE what = 'machine'";
    assert_eq!(center.place().count(kinds).await?, 1);
    Ok(())
}

#[tokio::test]
async fn after_starttls_what_is_kept_is_moved_away() -> Result<()> {
    let mailbox = Dovecot::start().await?;
    let place = Place::fresh().await?;
    set(&place, &mailbox, mailbox.plain, "security = \"starttls\"\nmove_to = \"Kept\"\n")?;
    let center = Center::start(place, "serve").await?;
    assert!(Visitor::new(&center)?.sets_up(&center.setup_code()?).await?);
    mailbox.deliver("1", &note("1", "Please call."))?;
    come(center.place(), 1).await?;
    stands(&mailbox, "Kept", &["S"]).await?;
    stands(&mailbox, "", &[]).await
}

#[tokio::test]
async fn a_wrong_password_is_told_to_an_administrator_and_nothing_else_suffers() -> Result<()> {
    let mailbox = Dovecot::start().await?;
    let place = Place::fresh().await?;
    set(&place, &mailbox, mailbox.tls, "")?;
    let folder = place.data();
    let file = folder.parent().context("a folder")?.join("kith.toml");
    std::fs::write(&file, std::fs::read_to_string(&file)?.replace(PASSWORD, "not this one"))?;
    let center = Center::start(place, "serve").await?;
    let mut linus = Visitor::new(&center)?;
    assert!(linus.sets_up(&center.setup_code()?).await?);
    linus.press("/sign-in", &[("name", "linus"), ("password", "four words nobody guesses")]).await?;
    let secret = linus.hidden("secret").context("a secret")?.to_owned();
    let phone = totp_rs::Builder::new().with_secret(totp_rs::Secret::try_from_base32(&secret)?).build()?;
    let code = phone.generate_current().to_string();
    linus.press("/sign-in/factor", &[("secret", &secret), ("code", &code)]).await?;
    let mut told = false;
    for _ in 0..100 {
        linus.get("/admin/channels").await?;
        told = linus.sees("The mailbox does not let us sign in.");
        if told {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(told && linus.sees("intake at localhost") && !linus.sees("not this one"), "{}", linus.page);
    Ok(())
}
