//! Danny calls in the morning and is cut off, and again at noon as Daniel. Ben takes both calls; Ana sees that they are one,
//! merges them, and takes them apart again. Without script.

use anyhow::{Context, Result};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// A call that is cut off; the reference of its request.
async fn cut_off(who: &mut Visitor, name: &str, phone: &str, call: &str, words: &str) -> Result<String> {
    who.get("/call").await?;
    let of = |name| who.hidden(name).map(str::to_owned).context("a sheet");
    let (submission, desk) = (of("submission")?, of("desk")?);
    let sheet = [
        ("submission", submission.as_str()),
        ("desk", desk.as_str()),
        ("name", name),
        ("phone", phone),
        ("call", call),
        ("words", words),
    ];
    who.press("/call/parking", &sheet).await?;
    assert_eq!(who.status, 200, "{}", who.path);
    who.path.strip_prefix("/inbox/").map(str::to_owned).context("the page of the request")
}

#[tokio::test]
async fn two_calls_become_one_request_and_two_again() -> Result<()> {
    let center = Center::demo().await?;
    let mut ben = Visitor::signed_in(&center, "ben").await?;
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    let first =
        cut_off(&mut ben, "Danny Ortiz", "(303) 555-0161", "any", "I have not slept for three days.").await?;

    // While the second call is typed in, the sheet says who that may be.
    ben.get("/call").await?;
    assert!(!ben.sees("May be the same person"));
    let (submission, desk) =
        (ben.hidden("submission").unwrap_or_default(), ben.hidden("desk").unwrap_or_default());
    let (submission, desk) = (submission.to_owned(), desk.to_owned());
    let typed = [
        ("submission", submission.as_str()),
        ("desk", desk.as_str()),
        ("phone", "303 555 0161"),
        ("name", "Daniel Ortiz"),
    ];
    ben.press("/call/saving", &typed).await?;
    assert!(
        ben.sees("May be the same person") && ben.sees("Danny Ortiz") && ben.sees(&first),
        "{}",
        ben.page
    );
    assert!(ben.sees("Same phone number. Similar name: Daniel and Danny"), "{}", ben.page);
    assert!(!ben.sees("Compare and merge"), "nothing to press in the middle of a call");
    let second = cut_off(&mut ben, "Daniel Ortiz", "303 555 0161", "never", "It is worse now.").await?;
    assert!(ben.sees("May be the same person") && ben.sees("Same phone number"));
    assert!(!ben.sees(&format!("/inbox/{second}/merging")), "the front desk merges nothing");
    let merging = format!("/inbox/{second}/merging");
    assert_eq!(ben.opened(&merging).await?.status().as_u16(), 403);

    // A number that is none is asked for again.
    ana.get(&format!("{merging}?with=CR-1")).await?;
    assert_eq!(ana.status, 422);
    assert!(ana.sees("Enter the number of a request, like CR-4F7K2") && ana.sees("value=\"CR-1\""));
    ana.get(&format!("{merging}?with={second}")).await?;
    assert!(ana.sees("this one is the same"));

    ana.get(&format!("{merging}?with={first}")).await?;
    assert!(ana.sees("Danny Ortiz") && ana.sees("Daniel Ortiz") && ana.sees("Call back: the line was cut"));
    assert!(ana.sees("They did not say the same about how to reach them."));
    let action = format!("/inbox/{first}/merging");
    ana.press(&action, &[("with", second.as_str())]).await?;
    assert_eq!(ana.status, 422);
    assert!(ana.sees("Choose which request goes on"));
    ana.press(&action, &[("with", second.as_str()), ("survivor", first.as_str())]).await?;
    assert_eq!(ana.path, format!("/inbox/{first}"));
    assert!(ana.sees("The two are one request now.") && ana.sees("It is worse now."));
    assert!(ana.sees(&format!("in {second}")), "what happened there is marked");
    assert!(ana.sees(&format!("In {second} they said otherwise")) && ana.sees("Do not call."));

    // Ben’s page of the second one was open all the while: his note lands in the first one.
    ben.press(&format!("/inbox/{second}/notes"), &[("note", "He stays with his aunt.")]).await?;
    assert_eq!(ben.path, format!("/inbox/{first}"));
    assert!(ben.sees("He stays with his aunt."));
    ben.get(&format!("/inbox/{second}")).await?;
    assert_eq!(ben.path, format!("/inbox/{first}"));
    assert!(ben.sees("The request you asked for was merged into this one."));
    assert!(!ben.sees("Take them apart again"), "only who may merge takes apart");

    ana.press(&format!("/inbox/{second}/taking-apart"), &[]).await?;
    assert_eq!(ana.path, format!("/inbox/{second}"));
    assert!(ana.sees("requests of their own again") && !ana.sees("He stays with his aunt."));
    // Pressed again from a page that was still open, it says so on the page.
    ana.press(&format!("/inbox/{second}/taking-apart"), &[]).await?;
    assert_eq!(ana.status, 422);
    assert!(ana.sees("These requests are apart already."));
    Ok(())
}
