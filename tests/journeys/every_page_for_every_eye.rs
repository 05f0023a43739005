//! Every page in a real browser: axe finds nothing, in light and dark, and nothing scrolls sideways at 320 px.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Result;
use journeys::browser::Browser;
use journeys::program::Center;
use journeys::visitor::Visitor;
use thirtyfour::prelude::*;

/// Every route the program has, as its own table prints them: method and path.
const ROUTES: &str = include_str!("../../crates/web/tests/routes.txt");

/// What is no page to look at.
const NO_PAGE: [(&str, &str); 13] = [
    ("/admin/import/{id}/rejected.csv", "a file"),
    ("/admin/restored", "of a restored center alone; the story of the restore looks at it"),
    ("/api/v1/openapi.json", "for programs"),
    ("/assets/{name}", "fonts, styles and scripts"),
    ("/calendar/{file}", "for calendar programs"),
    ("/dashboards", "goes on to the first dashboard"),
    ("/find", "an answer for the palette"),
    ("/healthz", "for machines"),
    ("/readyz", "for machines"),
    ("/leave", "goes to another site"),
    ("/live", "has no end"),
    ("/sources/alike", "a piece of a page, fetched while one types"),
    ("/setup", "gone in a center that is set up; the story of a new one looks at it"),
];

/// Pages that a new center alone shows.
const OF_A_NEW_CENTER: [&str; 3] = ["/sign-in/code", "/sign-in/factor", "/sign-in/password"];

/// One who looks at every page, wide and narrow, in light and dark.
struct Eye<'a> {
    browser: &'a Browser,
    center: &'a Center,
    seen: BTreeSet<String>,
    found: Vec<String>,
}

impl<'a> Eye<'a> {
    fn new(browser: &'a Browser, center: &'a Center) -> Self {
        Self { browser, center, seen: BTreeSet::new(), found: Vec::new() }
    }

    async fn sign_in(&self, name: &str, password: &str) -> Result<()> {
        let driver = &self.browser.driver;
        self.browser.look(1280, false).await?;
        driver.goto(self.center.url("/sign-in")).await?;
        driver.delete_all_cookies().await?;
        driver.goto(self.center.url("/sign-in")).await?;
        driver.find(By::Id("name")).await?.send_keys(name).await?;
        driver.find(By::Id("password")).await?.send_keys(password).await?;
        self.browser.press("form.sheet button").await
    }

    async fn comes_in(&self, name: &str) -> Result<()> {
        self.sign_in(name, "a sample pass phrase").await?;
        self.browser.driver.query(By::Css("nav.rail")).first().await?;
        Ok(())
    }

    /// Opens each page; one that sends elsewhere was not seen.
    async fn look_at<P: AsRef<str>>(&mut self, paths: &[P]) -> Result<()> {
        for path in paths {
            let path = path.as_ref();
            for (width, dark) in [(1280, false), (1280, true), (320, false), (320, true)] {
                self.browser.look(width, dark).await?;
                self.browser.driver.goto(self.center.url(path)).await?;
                let at = self.browser.driver.current_url().await?.path().to_owned();
                anyhow::ensure!(path.split('?').next() == Some(&at), "{path} led to {at}");
                self.judge(path, width, dark).await?;
            }
            self.seen.insert(path.split('?').next().unwrap_or_default().to_owned());
        }
        Ok(())
    }

    /// The page that is open, which no address leads to again.
    async fn look_here(&mut self, what: &str) -> Result<()> {
        for (width, dark) in [(1280, false), (1280, true), (320, false), (320, true)] {
            self.browser.look(width, dark).await?;
            self.judge(what, width, dark).await?;
        }
        self.browser.look(1280, false).await
    }

    async fn judge(&mut self, what: &str, width: u32, dark: bool) -> Result<()> {
        let faults = self.browser.faults().await?;
        self.found.extend(faults.into_iter().map(|f| format!("{what} at {width}, dark {dark}: {f}")));
        Ok(())
    }

    /// Sends the form of the page as it is, past what a browser would hold back.
    async fn sends(&self, form: &str) -> Result<()> {
        let send = "const form = document.querySelector(arguments[0]);
                    if (!form) throw new Error('no form ' + arguments[0] + ' at ' + location.pathname);
                    window.pressed = true; form.submit()";
        self.browser.driver.execute(send, vec![form.into()]).await?;
        self.browser.next_page().await
    }

    /// The first link of the page that begins with `prefix`.
    async fn first_link(&self, page: &str, prefix: &str) -> Result<String> {
        self.browser.driver.goto(self.center.url(page)).await?;
        let link = self.browser.driver.find(By::Css(format!("main a[href^='{prefix}']"))).await?;
        Ok(link.attr("href").await?.unwrap_or_default())
    }

    /// Pages of the table that were not seen.
    fn missed(&self, beside: &[&str]) -> Vec<&'static str> {
        let pages = ROUTES.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            (words.next() == Some("GET")).then(|| words.next()).flatten()
        });
        let fits = |page: &str, seen: &str| {
            let (page, seen): (Vec<_>, Vec<_>) = (page.split('/').collect(), seen.split('/').collect());
            page.len() == seen.len() && page.iter().zip(&seen).all(|(p, s)| p.starts_with('{') || p == s)
        };
        pages
            .filter(|page| !NO_PAGE.iter().any(|(no, _)| no == page) && !beside.contains(page))
            .filter(|page| !self.seen.iter().any(|seen| fits(page, seen)))
            .collect()
    }
}

/// Someone asks for a call: each question, what is asked again, and the page that says what happens next.
async fn of_someone_who_asks(eye: &mut Eye<'_>) -> Result<()> {
    let driver = &eye.browser.driver;
    eye.look_at(&["/", "/sign-in", "/consultation", "/nowhere", "/u/a-token", "/c/a-token"]).await?;
    driver.goto(eye.center.url("/consultation")).await?;
    eye.browser.press("main form button").await?;
    let steps = ["danger", "help-now", "for", "name", "contact", "answering", "words", "check"];
    eye.look_at(&steps.map(|step| format!("/consultation/{step}"))).await?;
    driver.goto(eye.center.url("/consultation/contact")).await?;
    eye.sends("main form").await?;
    eye.look_here("a question with what must be put right").await?;
    for (step, field, value) in
        [("danger", "danger", "no"), ("for", "for_whom", "self"), ("contact", "call", "any")]
    {
        driver.goto(eye.center.url(&format!("/consultation/{step}"))).await?;
        if step == "contact" {
            driver.find(By::Id("phone")).await?.send_keys("212 555 0142").await?;
        }
        let choose = format!("document.querySelector('input[name={field}][value={value}]').click()");
        driver.execute(choose, vec![]).await?;
        eye.sends("main form").await?;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    driver.goto(eye.center.url("/consultation/check")).await?;
    eye.sends("main form").await?;
    eye.look_at(&["/consultation/done"]).await?;
    of_a_professional(eye).await
}

/// A hospital sends somebody: the form, what is asked again, and what happens next.
async fn of_a_professional(eye: &mut Eye<'_>) -> Result<()> {
    let driver = &eye.browser.driver;
    eye.look_at(&["/referral"]).await?;
    eye.sends("main form").await?;
    eye.look_here("a referral with what must be put right").await?;
    let fill = "for (const [name, value] of [['safe', 'no'], ['agrees', 'yes'], ['soon', 'today'], ['protected', 'no']])
            document.querySelector(`input[name=${name}][value=${value}]`).click();
        document.getElementById('kind').value = 'hospital';
        for (const [id, value] of [['name', 'Dana'], ['organization', 'Mercy'], ['phone', '312 555 0170'], ['reason', 'Shaking.']])
            document.getElementById(id).value = value;";
    driver.execute(fill, vec![]).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    eye.sends("main form").await?;
    eye.look_at(&["/referral/done"]).await
}

/// Every page around an alum: the list of the day, the parts of a record, the letters, and what the alum sees.
async fn of_an_alum(eye: &mut Eye<'_>) -> Result<()> {
    let mut carol = Visitor::signed_in(eye.center, "carol").await?;
    carol.get("/mail?view=sent").await?;
    let row = carol.page.split("<tr>").find(|row| row.contains("<td>Checking in")).unwrap_or_default();
    let number =
        row.split("/mail/letters/").nth(1).and_then(|r| r.split('"').next()).unwrap_or_default().to_owned();
    let letter = format!("/mail/letters/{number}");
    carol.get(&letter).await?;
    let link = |path: &str| {
        let rest = carol.page.split(path).nth(1).and_then(|r| r.split_whitespace().next());
        format!("{path}{}", rest.unwrap_or_default())
    };
    let (check_in, stop) = (link("/c/"), link("/u/"));
    anyhow::ensure!(check_in.len() > 60 && stop.len() > 60, "no check-in was sent");
    // Someone with a map: the record is the same for everyone below.
    let record = eye.first_link("/alumni", "/clients/").await?;
    let record = record.trim_end_matches("/check-ins").to_owned();
    let ties = format!("{record}/connections");
    let tie = eye.first_link(&ties, &format!("{ties}/")).await?;
    let mut pages: Vec<String> = ["/alumni", "/alumni/reached", "/mail"].map(str::to_owned).to_vec();
    pages.extend([letter, check_in.clone(), record.clone(), tie]);
    let parts =
        ["connections", "check-ins", "plan", "plan/reasons", "plan/copy", "disclosures", "what-they-said"];
    pages.extend(parts.map(|part| format!("{record}/{part}")));
    eye.look_at(&pages).await?;
    for form in ["/check-ins/answers", "/connections"] {
        let page = form.split('/').nth(1).unwrap_or_default();
        eye.browser.driver.goto(eye.center.url(&format!("{record}/{page}"))).await?;
        eye.sends(&format!("form[action='{record}{form}']")).await?;
        eye.look_here(&format!("{form} with what must be put right")).await?;
    }
    what_the_alum_sees(eye, &check_in, &stop).await
}

async fn what_the_alum_sees(eye: &mut Eye<'_>, check_in: &str, stop: &str) -> Result<()> {
    eye.look_at(&[stop]).await?;
    eye.browser.driver.goto(eye.center.url(check_in)).await?;
    eye.sends("form[action$='/word']").await?;
    eye.look_here("the word of a link with what must be put right").await?;
    eye.browser.driver.execute("document.getElementById('word').value = 'lighthouse'", vec![]).await?;
    eye.sends("form[action$='/word']").await?;
    eye.look_here("behind the word of a link").await?;
    eye.browser.press("main form button").await?;
    let steps = "safe overall used about unwell-now stay-safe urge sure week medicines changes home safe-now thoughts \
                 help-now commitments help";
    eye.look_at(&steps.split_whitespace().map(|step| format!("{check_in}/{step}")).collect::<Vec<_>>())
        .await?;
    eye.browser.driver.goto(eye.center.url(&format!("{check_in}/help"))).await?;
    eye.sends("main form").await?;
    eye.look_here("thanks after a check-in").await?;
    eye.browser.driver.goto(eye.center.url(stop)).await?;
    eye.sends("main form").await?;
    eye.look_here("after the letters were stopped").await
}

#[tokio::test]
async fn the_first_pages_of_a_new_center_too() -> Result<()> {
    let center = Center::empty().await?;
    let browser = Browser::open().await?;
    let mut eye = Eye::new(&browser, &center);
    eye.look_at(&["/setup"]).await?;
    eye.sends("main form, form.sheet").await?;
    eye.look_here("/setup with what must be put right").await?;
    assert!(Visitor::new(&center)?.sets_up(&center.setup_code()?).await?);
    eye.sign_in("linus", "four words nobody guesses").await?;
    browser.driver.query(By::Css(".qr")).first().await?;
    eye.look_at(&["/sign-in/factor"]).await?;
    browser.look(1280, false).await?;
    let secret = browser.driver.find(By::Css("input[name=secret]")).await?.attr("value").await?;
    let phone = totp_rs::Builder::new()
        .with_secret(totp_rs::Secret::try_from_base32(secret.unwrap_or_default())?)
        .build()?;
    browser.driver.find(By::Id("code")).await?.send_keys(phone.generate_current().to_string()).await?;
    browser.press("form.sheet button").await?;
    eye.look_here("the recovery codes").await?;
    browser.driver.goto(center.url("/admin/staff")).await?;
    browser.driver.find(By::Id("name")).await?.send_keys("Ines Duarte").await?;
    browser.driver.find(By::Id("sign_in_name")).await?.send_keys("ines").await?;
    browser.driver.execute("document.querySelector('input[value=counselor]').click()", vec![]).await?;
    eye.sends("form[action='/admin/staff']").await?;
    eye.look_here("a first password, told once").await?;
    let password = browser.driver.find(By::Css(".banner .ref")).await?.text().await?;
    eye.sign_in("linus", "four words nobody guesses").await?;
    eye.look_at(&["/sign-in/code"]).await?;
    eye.sign_in("ines", &password).await?;
    eye.look_at(&["/sign-in/password"]).await?;
    assert!(eye.found.is_empty(), "{}", eye.found.join("\n"));
    browser.close().await
}

#[tokio::test]
async fn every_page_can_be_read_by_every_eye_and_ear() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    let mut eye = Eye::new(&browser, &center);
    of_someone_who_asks(&mut eye).await?;
    eye.comes_in("ana").await?;
    let request = eye.first_link("/inbox", "/inbox/CR-").await?;
    let record = eye.first_link("/clients", "/clients/").await?;
    let ana = "/ /inbox /inbox?view=closed /inbox?waited=longer /inbox?view=overdue /inbox?view=snoozed /inbox?view=check_in /inbox?urgency=urgent /call /third-party /clients /clients?q=nobody /dashboards/today /account /duty";
    eye.look_at(&ana.split(' ').collect::<Vec<_>>()).await?;
    eye.look_at(&[&request, &record]).await?;
    eye.look_at(&[&format!("{request}/safe-contact"), &format!("{record}/safe-contact")]).await?;
    of_two_requests(&mut eye, &request).await?;
    of_benefits(&mut eye, &request).await?;
    of_the_waitlist(&mut eye, &request).await?;
    of_sources(&mut eye).await?;
    of_referrals(&mut eye, &request).await?;
    of_appointments(&mut eye, &request).await?;
    of_the_team(&mut eye, &request).await?;
    of_a_call(&mut eye).await?;
    for (who, pages) in [
        ("mina", "/ /dashboards/today /third-party"),
        (
            "linus",
            "/ /admin/staff /admin/settings /admin/sites /admin/hours /admin/on-call /admin/routing /admin/escalation /admin/reasons /admin/tags /admin/form /admin/channels /admin/health \
             /appointments/hours /admin/design /break-glass",
        ),
        (
            "petra",
            "/ /admin/audit /admin/break-glass /admin/break-glass?view=reviewed /admin/confidential \
             /admin/contact-overrides /admin/own-records /mail/releases",
        ),
    ] {
        eye.comes_in(who).await?;
        eye.look_at(&pages.split(' ').collect::<Vec<_>>()).await?;
    }
    of_old_inquiries(&mut eye).await?;
    of_a_letter_to_release(&mut eye).await?;
    eye.comes_in("linus").await?;
    let account = eye.first_link("/admin/staff", "/admin/staff/0").await?;
    eye.look_at(&[&account, &format!("{account}/closing")]).await?;
    eye.comes_in("petra").await?;
    eye.look_at(&[&format!("{record}/own-record")]).await?;
    let opening = eye.first_link("/admin/break-glass", "/admin/break-glass/0").await?;
    eye.look_at(&[opening]).await?;
    eye.comes_in("carol").await?;
    of_an_alum(&mut eye).await?;
    what_was_not_sent(&mut eye).await?;
    browser.look(1280, false).await?;
    assert!(eye.found.is_empty(), "{}", eye.found.join("\n"));
    assert_eq!(eye.missed(&OF_A_NEW_CENTER), Vec::<&str>::new());
    browser.close().await
}

/// Rita asks about her brother; what Ana writes to her in own words waits for a second person.
async fn of_a_letter_to_release(eye: &mut Eye<'_>) -> Result<()> {
    let mut rita = Visitor::new(eye.center)?;
    rita.get("/consultation").await?.press("/consultation", &[]).await?;
    rita.press("/consultation/danger", &[("danger", "no")]).await?;
    let whom = [("for_whom", "family"), ("relationship", "sister"), ("other_name", "Danny")];
    rita.press("/consultation/for", &whom).await?;
    rita.press("/consultation/name", &[("name", "Rita")]).await?;
    let reach =
        [("phone", "212 555 0177"), ("call", "any"), ("email", "rita@example.org"), ("email_ok", "yes")];
    rita.press("/consultation/contact", &reach).await?;
    rita.press("/consultation/answering", &[("answering", "ask_by_name"), ("voicemail", "never")]).await?;
    tokio::time::sleep(Duration::from_millis(2100)).await;
    rita.press("/consultation/check", &[]).await?;
    let request = format!("/inbox/{}", rita.reference()?);
    let mut ana = Visitor::signed_in(eye.center, "ana").await?;
    ana.get(&request).await?;
    let letter =
        [("subject_line", "question"), ("letter", "Could you call me this afternoon?"), ("language", "en")];
    ana.press(&format!("{request}/letters"), &letter).await?;
    eye.comes_in("mina").await?;
    let waits = eye.first_link("/mail/releases", "/mail/releases/0").await?;
    eye.look_at(&["/mail/releases", &waits]).await
}

/// A file of old inquiries: given, looked over, and come in.
async fn of_old_inquiries(eye: &mut Eye<'_>) -> Result<()> {
    eye.comes_in("mina").await?;
    eye.look_at(&["/admin/import"]).await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("old.csv");
    std::fs::write(&file, "Date,Caller,Phone\n2026-01-05,Rosa,(312) 555-0111\nsoon,Kim,1\n")?;
    let driver = &eye.browser.driver;
    driver.goto(eye.center.url("/admin/import")).await?;
    eye.sends("main form").await?;
    eye.look_here("no file was chosen").await?;
    driver.goto(eye.center.url("/admin/import")).await?;
    driver.find(By::Id("file")).await?.send_keys(file.display().to_string()).await?;
    eye.browser.press("main form button").await?;
    let page = driver.current_url().await?.path().to_owned();
    eye.look_at(&[&page]).await?;
    driver.goto(eye.center.url(&page)).await?;
    eye.browser.press("form[action$='/coming-in'] button").await?;
    eye.look_at(&[&page]).await
}

/// Two requests side by side, merged, and the one that goes on.
async fn of_two_requests(eye: &mut Eye<'_>, one: &str) -> Result<()> {
    let other = "main a[href^='/inbox/CR-']";
    // Of the web: whom a professional sent is decided before anything is merged.
    eye.browser.driver.goto(eye.center.url("/inbox?owner=nobodys&channel=web")).await?;
    let mut others = Vec::new();
    for link in eye.browser.driver.find_all(By::Css(other)).await? {
        others.extend(link.attr("href").await?);
    }
    let other = others.iter().find(|other| *other != one).and_then(|other| other.rsplit('/').next());
    let other = other.unwrap_or_default();
    let merging = format!("{one}/merging");
    eye.look_at(&[&merging, &format!("{merging}?with={other}")]).await?;
    eye.browser.driver.goto(eye.center.url(&format!("{merging}?with=CR-22222"))).await?;
    eye.look_here("a request that is not there").await?;
    eye.browser.driver.goto(eye.center.url(&format!("{merging}?with={other}"))).await?;
    eye.sends("main form").await?;
    eye.look_here("the request that goes on").await?;
    eye.sends("form[action$='/taking-apart']").await
}

/// The queue of benefits checks, a request without a check, and checks that wait and that were answered.
async fn of_benefits(eye: &mut Eye<'_>, request: &str) -> Result<()> {
    eye.look_at(&["/benefits".to_owned(), format!("{request}/benefits")]).await?;
    for tag in ["Waiting", "Verified"] {
        eye.browser.driver.goto(eye.center.url("/benefits")).await?;
        let path = format!("//li[.//span[contains(@class, 'tag')][contains(., '{tag}')]]//a[@class='name']");
        let link = eye.browser.driver.find(By::XPath(path)).await?.attr("href").await?.unwrap_or_default();
        eye.look_at(&[link]).await?;
    }
    eye.browser.driver.goto(eye.center.url("/benefits")).await?;
    let waiting = eye.first_link("/benefits", "/inbox/CR-").await?;
    eye.browser.driver.goto(eye.center.url(&waiting)).await?;
    eye.browser.press("form[action$='/taking'] button").await?;
    eye.look_at(&[&waiting]).await?;
    eye.browser.driver.goto(eye.center.url(&waiting)).await?;
    eye.sends("form[action$='/benefits/answer']").await?;
    eye.look_here("what a plan said, with what must be put right").await
}

/// The waitlist, a place on it, and a request that does not wait.
async fn of_the_waitlist(eye: &mut Eye<'_>, request: &str) -> Result<()> {
    eye.look_at(&["/waitlist".to_owned(), format!("{request}/waitlist")]).await?;
    let place = eye.first_link("/waitlist", "/inbox/CR-").await?;
    eye.look_at(&[&place]).await?;
    eye.browser.driver.goto(eye.center.url(&place)).await?;
    eye.sends("form[action$='/waitlist/leaving']").await?;
    eye.look_here("leaving the waitlist, with what must be put right").await
}

/// Where people come from: the list, an organization, whom to call there, and what must be put right.
async fn of_sources(eye: &mut Eye<'_>) -> Result<()> {
    eye.look_at(&["/sources", "/sources?q=nobody", "/sources/new"]).await?;
    let driver = &eye.browser.driver;
    driver.goto(eye.center.url("/sources/new")).await?;
    driver.find(By::Id("name")).await?.send_keys("Harbor House").await?;
    eye.sends("form[data-alike]").await?;
    eye.look_here("a source with what must be put right").await?;
    eye.browser.driver.goto(eye.center.url("/sources")).await?;
    let one = eye.browser.driver.find(By::Css("main a.name")).await?.attr("href").await?.unwrap_or_default();
    let contact = eye.first_link(&one, &format!("{one}/contacts/0")).await?;
    eye.look_at(&[one.clone(), format!("{one}/change"), format!("{one}/contacts/new"), contact]).await
}

/// Who was sent on: the list, a request, a referral, what was told, and what must be put right.
async fn of_referrals(eye: &mut Eye<'_>, request: &str) -> Result<()> {
    eye.look_at(&["/referrals".to_owned(), format!("{request}/referrals")]).await?;
    eye.browser.driver.goto(eye.center.url(&format!("{request}/referrals"))).await?;
    eye.sends("form[action$='/referrals']").await?;
    eye.look_here("sending somebody on, with what must be put right").await?;
    eye.browser.driver.goto(eye.center.url("/referrals")).await?;
    for link in eye.browser.driver.find_all(By::Css("main a.name")).await? {
        let one = link.attr("href").await?.unwrap_or_default();
        let told = Visitor::signed_in(eye.center, "ana").await?.opened(&format!("{one}/packet")).await?;
        if told.status().as_u16() == 200 {
            return eye.look_at(&[one.clone(), format!("{one}/packet")]).await;
        }
    }
    anyhow::bail!("of nobody in the sample center anything was told")
}

/// The week, a time that is booked, one of a request without a time, hours, and the private calendar.
async fn of_appointments(eye: &mut Eye<'_>, request: &str) -> Result<()> {
    let booked = eye.first_link("/appointments", "/inbox/CR-").await?;
    let pages = ["/appointments", "/appointments/hours", "/account/calendar", &booked];
    eye.look_at(&pages).await?;
    eye.look_at(&[format!("{request}/appointment")]).await?;
    eye.browser.driver.goto(eye.center.url("/appointments")).await?;
    eye.sends("form[action='/appointments'][method=post]").await?;
    eye.look_here("a booking with what must be put right").await?;
    eye.browser.driver.goto(eye.center.url("/appointments/hours")).await?;
    eye.sends("form[action='/appointments/exceptions']").await?;
    eye.look_here("hours with what must be put right").await?;
    eye.browser.driver.goto(eye.center.url("/account/calendar")).await?;
    eye.browser.press("form[action='/account/calendar'] button").await?;
    eye.look_here("a calendar address, told once").await
}

/// Saved replies and macros, what a macro would do, and a letter that is looked at before it leaves.
async fn of_the_team(eye: &mut Eye<'_>, request: &str) -> Result<()> {
    for (page, form) in [("/replies", "form[action='/replies'].sheet"), ("/macros", "form[action='/macros']")]
    {
        let one = eye.first_link(page, &format!("{page}/0")).await?;
        eye.look_at(&[page, &one]).await?;
        eye.browser.driver.goto(eye.center.url(page)).await?;
        eye.sends(form).await?;
        eye.look_here(&format!("{page} with what must be put right")).await?;
    }
    eye.look_at(&["/replies?q=nothing+like+it"]).await?;
    eye.browser.driver.goto(eye.center.url(request)).await?;
    eye.sends("form[action='/inbox/chosen/preview']").await?;
    eye.look_here("the macros there are").await?;
    eye.browser.press("button[name=macro]").await?;
    eye.look_here("what a macro would do").await?;
    eye.browser.driver.goto(eye.center.url("/inbox")).await?;
    let ingrid = By::XPath("//a[@class='name'][starts-with(text(), 'Ingrid')]");
    let ingrid = eye.browser.driver.find(ingrid).await?.attr("href").await?.unwrap_or_default();
    eye.browser.driver.goto(eye.center.url(&ingrid)).await?;
    let write = "document.getElementById('write').open = true;
        document.getElementById('subject_line').value = 'question';
        document.getElementById('letter').value = 'Would Tuesday work?';";
    eye.browser.driver.execute(write, vec![]).await?;
    eye.browser.press("button[formaction*='/letters/sight']").await?;
    eye.look_here("a letter as its reader will see it").await?;
    eye.sends("form[action$='/letters']").await?;
    eye.look_here("a letter that leaves in a minute").await
}

/// A call that cannot end yet, one that is saved from two desks, and one that has ended.
async fn of_a_call(eye: &mut Eye<'_>) -> Result<()> {
    let driver = &eye.browser.driver;
    driver.goto(eye.center.url("/call")).await?;
    eye.browser.press("[data-finish]").await?;
    eye.look_here("a call with what must be put right").await?;
    let sheet = eye.browser.driver.current_url().await?.path().to_owned();
    eye.browser.driver.execute(crate::a_call::EACH_IS_ASKED, vec![]).await?;
    let ended = "document.getElementById('disposition').value = 'spam_wrong_number';";
    eye.browser.driver.execute(ended, vec![]).await?;
    eye.browser.press("[data-finish]").await?;
    eye.browser.press("a[href^='/call/0']").await?;
    eye.look_here("a call that has ended").await?;
    let of = eye.browser.driver.current_url().await?.path().to_owned();
    anyhow::ensure!(of != sheet && of.starts_with("/call/0"), "{sheet} {of}");
    eye.look_at(&[of]).await
}

/// A note that was sent after the session had ended waits for its writer.
async fn what_was_not_sent(eye: &mut Eye<'_>) -> Result<()> {
    eye.comes_in("ana").await?;
    let request = eye.first_link("/inbox?view=mine", "/inbox/CR-").await?;
    eye.browser.driver.goto(eye.center.url(&request)).await?;
    crate::signed_out_while_writing::an_hour_passes(eye.center).await?;
    let write = "document.getElementById('note').value = 'She can come on Tuesday.'";
    eye.browser.driver.execute(write, vec![]).await?;
    eye.sends("form[action$='/attempts']").await?;
    eye.browser.driver.find(By::Id("name")).await?.send_keys("ana").await?;
    eye.browser.driver.find(By::Id("password")).await?.send_keys("a sample pass phrase").await?;
    eye.browser.press("form.sheet button").await?;
    eye.look_at(&["/unsent"]).await
}

#[tokio::test]
async fn a_new_request_appears_in_the_inbox_without_a_reload() -> Result<()> {
    let center = Center::demo().await?;
    let browser = Browser::open().await?;
    Eye::new(&browser, &center).comes_in("ana").await?;
    browser.driver.goto(center.url("/inbox")).await?;
    let mut ben = Visitor::signed_in(&center, "ben").await?;
    ben.get("/call").await?;
    let (submission, desk) =
        (ben.hidden("submission").unwrap_or_default(), ben.hidden("desk").unwrap_or_default());
    let (submission, desk) = (submission.to_owned(), desk.to_owned());
    let call = [
        ("submission", submission.as_str()),
        ("desk", desk.as_str()),
        ("name", "Valentina Ríos"),
        ("phone", "212 555 0177"),
    ];
    ben.press("/call/saving", &call).await?;
    let row = browser.driver.query(By::XPath("//a[@class='name'][text()='Valentina Ríos']")).first().await;
    assert!(row.is_ok(), "she did not appear");
    browser.close().await
}
