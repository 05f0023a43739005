//! The first start: a code, a center, an administrator; and what a power cut leaves.

use anyhow::{Context, Result};
use journeys::program::Center;
use journeys::visitor::Visitor;

const CENTER: [(&str, &str); 8] = [
    ("center_name", "Cedar Recovery Center"),
    ("neutral_name", "Cedar Office"),
    ("neutral_phone", "(212) 555-0100"),
    ("mail_from", "hello@cedar-office.example"),
    ("zone", "America/Chicago"),
    ("name", "Linus Berg"),
    ("sign_in_name", "linus"),
    ("password", "four words nobody guesses"),
];

#[tokio::test]
async fn the_one_with_the_printed_code_sets_the_center_up_and_nobody_else() -> Result<()> {
    let mut center = Center::empty().await?;
    let code = center
        .printed
        .lines()
        .find_map(|l| l.trim().strip_prefix("Setup code:"))
        .context("a code")?
        .trim()
        .to_owned();
    let mut linus = Visitor::new(&center)?;
    linus.get("/").await?;
    assert_eq!(linus.path, "/setup");
    let with = |code: &str| -> Vec<(String, String)> {
        CENTER
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .chain([("code".to_owned(), code.to_owned())])
            .collect()
    };
    let send = async |linus: &mut Visitor, code: &str| -> Result<()> {
        let fields = with(code);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        linus.press("/setup", &fields).await.map(|_| ())
    };
    send(&mut linus, "a guess").await?;
    assert_eq!((linus.status, linus.sees("Cedar Office")), (422, true));
    assert!(!linus.sees("four words nobody guesses"), "a password is written into the page");
    send(&mut linus, &code).await?;
    assert_eq!(linus.path, "/sign-in");
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
