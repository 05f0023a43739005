//! A center that was set up by hand: Linus invites Sue, who supervises, Cole, her counselor, and Ivy at intake; what Jo
//! wrote is read by Cole and by Sue. Later Cole leaves, and nobody who waits for him is forgotten.

use anyhow::{Context, Result, ensure};
use journeys::program::Center;
use journeys::visitor::Visitor;

/// Sets the second step up and is in; the browser is on the page with the recovery codes.
async fn sets_up_the_phone(visitor: &mut Visitor) -> Result<()> {
    ensure!(visitor.path == "/sign-in/factor", "{}", visitor.path);
    let secret = visitor.hidden("secret").context("a secret")?.to_owned();
    let bytes = totp_rs::Secret::try_from_base32(&secret)?;
    let code = totp_rs::Builder::new().with_secret(bytes).build()?.generate_current().to_string();
    visitor.press("/sign-in/factor", &[("secret", &secret), ("code", &code)]).await?;
    ensure!(visitor.sees("Keep these codes"), "{}", visitor.page);
    Ok(())
}

/// Somebody with a first password comes in for the first time.
async fn comes_in(center: &Center, name: &str, first_password: &str) -> Result<Visitor> {
    let mut visitor = Visitor::new(center)?;
    visitor.get("/sign-in").await?.press("/sign-in", &[("name", name), ("password", first_password)]).await?;
    ensure!(visitor.path == "/sign-in/password", "{name}: {}", visitor.path);
    visitor.press("/sign-in/password", &[("password", "four other words for me")]).await?;
    sets_up_the_phone(&mut visitor).await?;
    Ok(visitor)
}

/// Linus invites somebody; their first password.
async fn invites(linus: &mut Visitor, name: &str, role: &str, supervisor: &str) -> Result<String> {
    linus.get("/admin/staff").await?;
    let supervisor = if supervisor.is_empty() {
        String::new()
    } else {
        linus.choice(supervisor).context("nobody of that name")?
    };
    let sign_in = name.split(' ').next().unwrap_or_default().to_lowercase();
    let fields = [("name", name), ("sign_in_name", &sign_in), ("roles[]", role), ("supervisor", &supervisor)];
    linus.press("/admin/staff", &fields).await?;
    Ok(linus.between("<p class=\"ref\">", "<").context("a password")?.to_owned())
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn the_supervisor_of_a_hand_made_center_sees_her_counselors_people_and_nobody_is_left_behind()
-> Result<()> {
    let center = Center::empty().await?;
    let mut linus = Visitor::new(&center)?;
    ensure!(linus.sets_up(&center.setup_code()?).await?, "{}", linus.page);
    linus.press("/sign-in", &[("name", "linus"), ("password", "four words nobody guesses")]).await?;
    sets_up_the_phone(&mut linus).await?;
    let sues = invites(&mut linus, "Sue Adeyemi", "supervisor", "").await?;
    let coles = invites(&mut linus, "Cole Whitaker", "counselor", "Sue Adeyemi").await?;
    let ivys = invites(&mut linus, "Ivy Chen", "intake", "").await?;

    let mut jo = Visitor::new(&center)?;
    jo.get("/consultation").await?.press("/consultation", &[]).await?;
    for (path, fields) in [
        ("/consultation/danger", vec![("danger", "no")]),
        ("/consultation/for", vec![("for_whom", "self")]),
        ("/consultation/name", vec![("name", "Jo Tranquilino")]),
        ("/consultation/contact", vec![("phone", "212 555 0142"), ("call", "any")]),
        ("/consultation/answering", vec![("answering", "ask_by_name"), ("voicemail", "never")]),
        ("/consultation/words", vec![("words", "I drink every day and I shake in the morning.")]),
    ] {
        jo.press(path, &fields).await?;
    }
    tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
    jo.press("/consultation/check", &[]).await?;
    let reference = jo.reference()?;

    let mut ivy = comes_in(&center, "ivy", &ivys).await?;
    ivy.get(&format!("/inbox/{reference}")).await?;
    let cole = ivy.choice("Cole Whitaker").context("Cole is not offered")?;
    ivy.press(&format!("/inbox/{reference}/client"), &[("counselor", &cole)]).await?;
    let record = ivy.path.clone();
    ensure!(record.starts_with("/clients/"), "{record}");

    // Sue sees client, record and alumni; what Jo said is part of the record, for her and for Cole.
    let mut sue = comes_in(&center, "sue", &sues).await?;
    ensure!(sue.get("/clients").await?.sees("Jo Tranquilino"), "{}", sue.page);
    ensure!(sue.get(&record).await?.status == 200);
    ensure!(sue.get("/alumni").await?.status == 200);
    let mut cole = comes_in(&center, "cole", &coles).await?;
    ensure!(cole.get(&format!("/inbox/{reference}")).await?.status == 403);
    for visitor in [&mut sue, &mut cole] {
        visitor.get(&format!("{record}/what-they-said")).await?;
        ensure!(visitor.sees("I drink every day and I shake in the morning."), "{}", visitor.page);
        ensure!(visitor.sees(&reference));
    }

    // Linus opens no chart; he sees how much Cole carries, and must say who takes over before he closes.
    ensure!(linus.get(&record).await?.status != 200);
    linus.get("/admin/staff").await?;
    let account = linus.page.split("href=\"/admin/staff/").find(|part| part.contains(">Cole Whitaker<"));
    let id = account.and_then(|part| part.split('"').next()).context("Cole's account")?.to_owned();
    linus.get(&format!("/admin/staff/{id}/closing")).await?;
    ensure!(linus.sees("1 client record") && !linus.sees("Jo Tranquilino"), "{}", linus.page);
    let closing = format!("/admin/staff/{id}/closing");
    linus.press(&closing, &[("why", "left")]).await?;
    ensure!(linus.status == 422 && linus.sees("Choose who takes over the client records"), "{}", linus.page);
    linus.press(&closing, &[("why", "left"), ("records", "nobody")]).await?;
    ensure!(linus.sees("This account is closed."), "{}", linus.page);
    ensure!(cole.get("/").await?.path != "/clients" && !cole.sees("My day"), "Cole is still in");
    sue.get("/").await?;
    ensure!(sue.sees("1 record has no counselor.") && sue.sees("Jo Tranquilino"), "{}", sue.page);

    // His own account is the last administrator's.
    linus.get("/admin/staff").await?;
    let account = linus.page.split("href=\"/admin/staff/").skip(1).find(|part| part.contains(">Linus Berg<"));
    let id = account.and_then(|part| part.split('"').next()).context("his account")?.to_owned();
    linus.press(&format!("/admin/staff/{id}/closing"), &[("why", "left")]).await?;
    ensure!(linus.status == 422 && linus.sees("last administrator"), "{}", linus.page);
    let no = center.says(&["staff", "disable", "linus"]);
    ensure!(no.is_err_and(|e| e.to_string().contains("last administrator")));
    // The terminal says what is true of a closed account, opens it, and makes an administrator.
    let reset = center.says(&["staff", "reset", "cole"]);
    ensure!(reset.is_err_and(
        |e| e.to_string().contains("is closed") && e.to_string().contains("kith staff open cole")
    ));
    ensure!(center.says(&["staff", "open", "cole"])?.contains("is open again"));
    let added = center.says(&["staff", "add", "Ada Root", "--sign-in", "ada"])?;
    let password =
        added.lines().map(str::trim).find(|line| line.split('-').count() == 4).context("a password")?;
    let mut ada = comes_in(&center, "ada", password).await?;
    ensure!(ada.get("/admin/staff").await?.status == 200);
    Ok(())
}
