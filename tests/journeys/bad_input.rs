//! Whatever is sent to whatever address: a clear no, never a broken page, and the program lives.

use anyhow::Result;
use journeys::program::Center;
use journeys::visitor::Visitor;

/// Every route the program has, as its own table prints them: method and path.
const ROUTES: &str = include_str!("../../crates/web/tests/routes.txt");

/// What cannot be read as a form at all: every act refuses it, whatever it is about.
fn unreadable() -> Vec<String> {
    let huge = "x".repeat(1_000_000);
    let mut bodies = ["name=a%00b", "unknown=%1b%5b2J", "name=a&name=b", "unknown=1&unknown=2"]
        .map(str::to_owned)
        .to_vec();
    bodies.push(format!("name={huge}&text={huge}"));
    bodies.push(format!("unknown={}", "y".repeat(20_001)));
    bodies
}

/// What can be read, and nobody sends who means well.
fn odd() -> Vec<String> {
    let mut bodies: Vec<String> = [
        "name=%0d%0aBcc:%20x@example.com&email=a%0d%0aBcc:b@example.com&label=a%0d%0ab",
        "name=%ff%fe&text=%c0%80",
        "%%%",
        "=&==&",
        "name=%E2%80%AE%F0%9F%98%80&label=%E2%80%AE%F0%9F%98%80&note=%F0%9F%98%80&text=%E2%80%AE",
        "unknown=1&danger=maybe&for_whom=%27%3B--&version=-1&kind=%27&track=nothing&outcome=%00",
        "name={{7*7}}&password=%24%7Bx%7D&done={{7*7}}&recipient={{7*7}}",
        "version=99999999999999999999&group_sessions=-5&ucla3=9999999999&paused_until=9999-99-99&custom_days=0",
        "admitted_on=0000-00-00&discharged_on=2026-02-30&signed_on=tomorrow&born_on=%F0%9F%98%80",
        // Well formed, and of another world: years no database keeps, numbers at their edge, keys of nobody.
        "admitted_on=-5000-01-01&level=3.5&discharged_on=262142-12-31&discharge_kind=completed&signed_on=-0044-03-15",
        "next_step=call&next_step_at=%2B262142-12-31T23:59&version=2147483647&name_used=Zo&paused_until=262142-12-31",
        "from_on=-5000-01-01&new_level=3.5&since_on=-5000-01-01&before=9223372036854775807.x&received=262142-12",
        "counselor=00000000-0000-7000-8000-000000000000&to=00000000-0000-7000-8000-000000000000&disposition=unreachable",
        "safe=maybe&kind=%27&agrees=perhaps&soon=never&protected=1&notice=own&notice_text=%E2%80%AE&way=packet&to=%F0%9F%98%80",
        "state=scheduled&appointment_at=%2B262142-12-31T23:59&known=x&version=1&decision=accepted&from=%27%3B--&with=%25",
        "finding=right&remark=%E2%80%AE&cause=medical_emergency&reason=%F0%9F%98%80&reference=K-00000&waited=longer",
    ]
    .map(str::to_owned)
    .to_vec();
    bodies.push(format!("note={}", "y".repeat(19_999)));
    bodies.push(format!("words={}&text={}", "\u{202e}".repeat(2_000), "z".repeat(19_999)));
    bodies
}

/// Addresses for a route: keys that are none, keys of nobody, and those of the sample center.
fn addresses(path: &str, known: &[(&str, String)]) -> Vec<String> {
    if !path.contains('{') {
        return vec![path.to_owned()];
    }
    let fill = |with: &dyn Fn(&str) -> String| {
        path.split('/')
            .map(|part| match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
                Some(name) => with(name),
                None => part.to_owned(),
            })
            .collect::<Vec<_>>()
            .join("/")
    };
    let real = |name: &str| {
        known.iter().find(|(key, _)| *key == name).map_or_else(|| "x".to_owned(), |(_, value)| value.clone())
    };
    vec![
        fill(&|_| "00000000-0000-7000-8000-000000000000".into()),
        fill(&|_| "%F0%9F%98%80%E2%80%AE".into()),
        fill(&real),
    ]
}

/// Someone who sends: where to, with which cookie and form token, and the keys this person can see.
struct Sender {
    center: String,
    cookie: String,
    token: String,
    known: Vec<(&'static str, String)>,
    client: reqwest::Client,
    /// How many were sent, and how many of them got past the door.
    sent: usize,
    heard: usize,
}

impl Sender {
    fn new(
        center: &Center,
        cookie: String,
        token: String,
        known: Vec<(&'static str, String)>,
    ) -> Result<Self> {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { center: center.url(""), cookie, token, known, client, sent: 0, heard: 0 })
    }

    /// Sends everything to everything.
    async fn everything(mut self) -> Result<Self> {
        for line in ROUTES.lines() {
            let mut words = line.split_whitespace();
            let (Some(method), Some(path)) = (words.next(), words.next()) else { continue };
            // Signing out would end the story early; the live connection has no end.
            if matches!(path, "/sign-out" | "/live") {
                continue;
            }
            let addresses = addresses(path, &self.known);
            for (nth, address) in addresses.iter().enumerate() {
                // Of nobody's record some of it will do: what it says is read alike whoever it is about.
                let every = if nth + 1 == addresses.len() { 1 } else { 4 };
                self.bodies(method, path, address, (nth, every)).await?;
            }
        }
        Ok(self)
    }

    /// Bodies to one address, of what can be read every so many. What is too large is so whatever the address.
    async fn bodies(
        &mut self,
        method: &str,
        path: &str,
        address: &str,
        (nth, every): (usize, usize),
    ) -> Result<()> {
        for body in unreadable() {
            if body.len() > 4_000 && (method == "GET" || nth > 0) {
                continue;
            }
            let (status, at_the_door) = self.send(method, address, &body).await?;
            // One press in a mail program stops the letters, whatever else it brings along (RFC 8058).
            let clear = (400..500).contains(&status) || at_the_door || path.starts_with("/u/");
            let body = body.get(..60).unwrap_or(&body);
            assert!(clear || method == "GET", "{method} {address} took {body} with {status}");
        }
        for body in odd().into_iter().skip(nth % every).step_by(every) {
            if method == "GET" && body.len() > 4_000 {
                continue;
            }
            let (status, at_the_door) = self.send(method, address, &body).await?;
            // Whom the door holds back is held back before the words are read: one will do.
            if status == 403 || at_the_door {
                break;
            }
        }
        Ok(())
    }

    /// One request: the answer's number, and whether it only leads to the door.
    async fn send(&mut self, method: &str, address: &str, body: &str) -> Result<(u16, bool)> {
        let url = format!("{}{address}", self.center);
        let asked = match method {
            "GET" => self.client.get(format!("{url}?{body}")),
            _ => self
                .client
                .post(&url)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(format!("form_token={}&{body}", self.token)),
        };
        let answer = asked.header("cookie", &self.cookie).send().await?;
        let status = answer.status().as_u16();
        let body = body.get(..60).unwrap_or(body);
        assert!(status < 500, "{method} {address} answered {status} to {body}");
        // Someone who is not signed in is sent to sign in, and told nothing more.
        let to = answer.headers().get("location").map(reqwest::header::HeaderValue::as_bytes);
        let at_the_door = status == 303 && to.is_some_and(|to| to.starts_with(b"/sign-in"));
        self.sent += 1;
        self.heard += usize::from(status != 403 && !at_the_door);
        Ok((status, at_the_door))
    }

    /// Every way to ask that an address does not have.
    async fn other_methods(&mut self) -> Result<()> {
        for path in ROUTES.lines().filter_map(|line| line.split_whitespace().nth(1)) {
            let has =
                |method: &str| ROUTES.lines().any(|line| line.split_whitespace().take(2).eq([method, path]));
            let others = ["GET", "POST"].into_iter().filter(|method| !has(method));
            for method in others.chain(["PUT", "DELETE", "PATCH", "TRACE", "BREW"]) {
                for address in addresses(path, &self.known) {
                    let asked = self.client.request(method.parse()?, format!("{}{address}", self.center));
                    let status = asked.header("cookie", &self.cookie).send().await?.status().as_u16();
                    assert!((400..500).contains(&status), "{method} {address} answered {status}");
                    self.sent += 1;
                }
            }
        }
        Ok(())
    }
}

#[tokio::test]
async fn nothing_that_is_sent_to_any_address_breaks_anything() -> Result<()> {
    let mut center = Center::demo().await?;
    // They come in first: after this many wrong passwords the next sign-in from here has to wait.
    let mut people = Vec::new();
    for who in ["carol", "linus", "ana", "mina", "petra"] {
        let mut staff = Visitor::signed_in(&center, who).await?;
        let known = known(&mut staff).await?;
        staff.get("/account").await?;
        let token = staff.hidden("form_token").unwrap_or_default().to_owned();
        people.push(Sender::new(&center, staff.cookie(), token, known)?);
    }
    let nobody = format!("__Host-visit={}; __Host-kith=nonsense", "a".repeat(64));
    let mut nobody = Sender::new(&center, nobody, String::new(), Vec::new())?;
    nobody.other_methods().await?;
    // All at once, as they would: nobody's session ends because the others take long.
    let mut sending = tokio::task::JoinSet::new();
    sending.spawn(nobody.everything());
    for staff in people {
        sending.spawn(async {
            let mut staff = staff.everything().await?;
            anyhow::ensure!(staff.heard > 600, "of {} only {} got past the door", staff.sent, staff.heard);
            let (still, _) = staff.send("GET", "/account", "").await?;
            anyhow::ensure!(still == 200, "the session did not last to the end: {still}");
            Ok(staff)
        });
    }
    let mut sent = 0;
    while let Some(sender) = sending.join_next().await {
        sent += sender??.sent;
    }
    let client = reqwest::Client::new();
    // Nor is anything behind addresses that are no route.
    for path in ["/nowhere", "/assets/../../etc/passwd", "/assets/%2e%2e%2fkith.db", "//elsewhere.example"] {
        assert_eq!(client.get(center.url(path)).send().await?.status().as_u16(), 404, "{path}");
    }
    assert!(center.is_alive() && sent > 5000, "only {sent} were sent");
    // The queue of letters was not poisoned: no job of a letter was given up.
    let given_up = center.place().count("SELECT COUNT(*) FROM jobs WHERE state = 'given_up'");
    assert_eq!(given_up.await?, 0);
    println!("{sent} requests, none answered 5xx");
    Ok(())
}

/// Keys of the sample center this member of staff can see.
async fn known(staff: &mut Visitor) -> Result<Vec<(&'static str, String)>> {
    let mut known =
        vec![("section", "reasons".to_owned()), ("step", "safe".to_owned()), ("number", "1".to_owned())];
    staff.get("/inbox").await?;
    if let Some(reference) = staff.between("href=\"/inbox/CR-", "\"") {
        known.push(("reference", format!("CR-{reference}")));
    }
    staff.get("/alumni").await?;
    if let Some(page) = staff.between("class=\"name\" href=\"", "\"").map(str::to_owned) {
        staff.get(&page).await?;
        if let Some(flag) = staff.between("/flags/", "/settlement") {
            known.push(("flag", flag.to_owned()));
        }
        known.extend(page.split('/').nth(2).map(|id| ("id", id.to_owned())));
    }
    staff.get("/mail?view=sent").await?;
    let letter = staff.page.split("<tr>").find(|row| row.contains("<td>Checking in")).unwrap_or_default();
    if let Some(number) =
        letter.split("/mail/letters/").nth(1).and_then(|r| r.split('"').next()).map(str::to_owned)
    {
        staff.get(&format!("/mail/letters/{number}")).await?;
        let token = staff.page.split("/c/").nth(1).and_then(|r| r.split_whitespace().next());
        known.extend(token.map(|token| ("token", token.to_owned())));
    }
    staff.get("/clients").await?;
    if let Some(id) = staff.between("href=\"/clients/", "\"").map(str::to_owned) {
        staff.get(&format!("/clients/{id}")).await?;
        for (name, from) in
            [("point", "/contact-points/"), ("consent", "/consents/"), ("episode", "/episodes/")]
        {
            if let Some(key) = staff.between(from, "/") {
                known.push((name, key.to_owned()));
            }
        }
        staff.get(&format!("/clients/{id}/connections")).await?;
        if let Some(tie) = staff.between(&format!("/clients/{id}/connections/"), "\"") {
            known.push(("tie", tie.to_owned()));
        }
        known.push(("id", id));
    }
    Ok(known)
}

#[tokio::test]
async fn another_site_cannot_send_a_form_in_anyones_name() -> Result<()> {
    let center = Center::demo().await?;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    for line in ROUTES.lines().filter(|l| l.starts_with("POST")) {
        let path = line.split_whitespace().nth(1).unwrap_or_default();
        // One click from a mail program comes from anywhere, and holds nothing but its token (RFC 8058).
        if path.starts_with("/u/") {
            continue;
        }
        let foreign = client.post(center.url(path)).header("sec-fetch-site", "cross-site").send().await?;
        // The website's own door asks for a key, which no browser sends by itself.
        let refused = if path.starts_with("/api/") { 401 } else { 403 };
        assert_eq!(foreign.status().as_u16(), refused, "{path} heard another site");
    }
    Ok(())
}

#[tokio::test]
async fn a_form_that_is_too_large_is_answered_in_words_and_not_by_a_broken_connection() -> Result<()> {
    let center = Center::demo().await?;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    for _ in 0..60 {
        let form = client
            .post(center.url("/consultation"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("words={}", "x".repeat(2_000_000)));
        let answer = form.send().await?;
        assert!(answer.status().is_client_error(), "{}", answer.status());
        assert!(answer.text().await?.contains("This is too large"));
    }
    Ok(())
}
