//! Ana is called away in the middle of a note. When she comes back and presses Save she is signed out; nothing of it is
//! lost, and a colleague who sits down at the same computer does not see it.

use anyhow::Result;
use journeys::program::Center;
use journeys::visitor::Visitor;
use sea_orm::{ConnectOptions, ConnectionTrait, Database};

const NOTE: &str = "He can come on Tuesday, and his sister would drive him.";

/// Nobody was at any session for an hour.
pub async fn an_hour_passes(center: &Center) -> Result<()> {
    let database = center.place().database();
    let url = if database.starts_with("postgres") { database } else { format!("sqlite://{database}") };
    let tables = Database::connect(ConnectOptions::new(url)).await?;
    let before = center.now()? - chrono::TimeDelta::hours(1);
    let update = "UPDATE sessions SET last_active_at = $1, began_at = $1";
    let backend = tables.get_database_backend();
    tables.execute_raw(sea_orm::Statement::from_sql_and_values(backend, update, [before.into()])).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_waits_for_its_writer() -> Result<()> {
    let center = Center::demo().await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get("/inbox?view=nobodys").await?;
    let request = format!("/inbox/{}", ana.reference()?);
    ana.get(&request).await?;
    ana.press(&format!("{request}/claim"), &[]).await?;
    assert!(ana.sees("This request is yours now.") && ana.sees("/release"), "said once, with its way back");
    ana.get(&request).await?;
    assert!(!ana.sees("This request is yours now."));

    an_hour_passes(&center).await?;
    ana.press(&format!("{request}/notes"), &[("note", NOTE)]).await?;
    assert!(ana.path.starts_with("/sign-in"), "{}", ana.path);
    assert!(!ana.sees("his sister"), "the page for everyone shows nothing of it");

    // Ben sits down at her computer.
    let enter = |name| [("name", name), ("password", "a sample pass phrase"), ("to", "/unsent")];
    ana.press("/sign-in", &enter("ben")).await?;
    assert!(ana.path == "/" && !ana.sees("his sister"), "{}", ana.path);
    ana.press("/sign-out", &[]).await?;

    ana.press("/sign-in", &enter("ana")).await?;
    assert!(ana.path == "/unsent" && ana.sees(NOTE), "{}", ana.path);
    ana.press(&format!("{request}/notes"), &[("note", NOTE)]).await?;
    assert!(ana.path == request && ana.sees(NOTE) && ana.sees("The note is kept."));
    ana.press("/unsent/discarding", &[]).await?;
    ana.get("/unsent").await?;
    assert!(ana.path == "/" && !ana.sees("his sister"));
    Ok(())
}
