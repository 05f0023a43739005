//! The first start: a code, a center, an administrator; and what a power cut leaves.

use anyhow::{Context, Result};
use journeys::program::Center;
use journeys::visitor::Visitor;

#[tokio::test]
async fn the_one_with_the_printed_code_sets_the_center_up_and_nobody_else() -> Result<()> {
    let mut center = Center::empty().await?;
    let code = center.setup_code()?;
    let mut linus = Visitor::new(&center)?;
    linus.get("/").await?;
    assert_eq!(linus.path, "/setup");
    assert!(!linus.sets_up("a guess").await?);
    assert_eq!((linus.status, linus.sees("Cedar Office")), (422, true));
    assert!(!linus.sees("four words nobody guesses"), "a password is written into the page");
    assert!(linus.sets_up(&code).await?, "{}", linus.page);
    linus.press("/sign-in", &[("name", "Linus"), ("password", "four words nobody guesses")]).await?;
    // Every role needs a second step in a real center.
    assert_eq!(linus.path, "/sign-in/factor");
    linus.get("/admin/staff").await?;
    assert_eq!(linus.path, "/sign-in/factor");
    linus.get("/setup").await?;
    assert_eq!(linus.status, 404);

    center.kill_and_start_again().await?;
    assert!(!center.printed.contains("Setup code"), "set up again after a power cut");
    let mut again = Visitor::new(&center)?;
    again
        .get("/sign-in")
        .await?
        .press("/sign-in", &[("name", "linus"), ("password", "four words nobody guesses")])
        .await?;
    assert_eq!(again.path, "/sign-in/factor");
    Ok(())
}

#[tokio::test]
async fn the_phone_is_the_second_step_and_a_recovery_code_lets_in_once() -> Result<()> {
    let center = Center::empty().await?;
    let mut linus = Visitor::new(&center)?;
    assert!(linus.sets_up(&center.setup_code()?).await?);
    let password = [("name", "linus"), ("password", "four words nobody guesses")];
    linus.press("/sign-in", &password).await?;
    assert_eq!(linus.path, "/sign-in/factor");
    let secret = linus.hidden("secret").context("a secret")?.to_owned();
    linus.press("/sign-in/factor", &[("secret", &secret), ("code", "000000")]).await?;
    assert_eq!(
        (linus.status, linus.hidden("secret")),
        (422, Some(secret.as_str())),
        "another picture to scan"
    );
    let bytes = totp_rs::Secret::try_from_base32(&secret)?;
    let phone = totp_rs::Builder::new().with_secret(bytes).build()?;
    let code = phone.generate_current().to_string();
    linus.press("/sign-in/factor", &[("secret", &secret), ("code", &code)]).await?;
    assert!(linus.sees("Keep these codes"), "{}", linus.page);
    let recovery = linus.between("<li class=\"ref\">", "<").context("a recovery code")?.to_owned();
    assert_eq!(linus.get("/admin/staff").await?.status, 200);

    // The same six digits do not let in twice, a recovery code does once.
    let mut again = Visitor::new(&center)?;
    again.get("/sign-in").await?.press("/sign-in", &password).await?;
    assert_eq!(again.path, "/sign-in/code");
    again.get("/admin/staff").await?;
    assert_eq!(again.path, "/sign-in/code", "a password alone let in");
    again.press("/sign-in/code", &[("code", &code)]).await?;
    assert_eq!(again.status, 422);
    again.press("/sign-in/code", &[("code", &recovery)]).await?;
    assert_eq!(again.get("/admin/staff").await?.status, 200);
    let mut thief = Visitor::new(&center)?;
    thief.get("/sign-in").await?.press("/sign-in", &password).await?;
    thief.press("/sign-in/code", &[("code", &recovery)]).await?;
    assert_eq!(thief.status, 422, "a recovery code let in twice");
    Ok(())
}
