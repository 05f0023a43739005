//! The center's own website sends requests, as `docs/api.md` says it should.

use anyhow::{Context, Result};
use journeys::program::Center;
use journeys::visitor::Visitor;
use reqwest::{Method, Response};
use serde_json::Value;

/// The page the website's people read.
const DOCS: &str = include_str!("../../docs/api.md");

struct Website<'a> {
    center: &'a Center,
    client: reqwest::Client,
    key: String,
}

impl Website<'_> {
    async fn send(&self, idempotency: &str, body: &str, origin: Option<&str>) -> Result<Response> {
        let request = self
            .client
            .post(self.center.url("/api/v1/requests"))
            .bearer_auth(&self.key)
            .header("idempotency-key", idempotency)
            .header("content-type", "application/json")
            .body(body.to_owned());
        let request = match origin {
            Some(origin) => request.header("origin", origin).header("sec-fetch-site", "cross-site"),
            None => request,
        };
        Ok(request.send().await?)
    }
}

/// The example of the page.
fn example() -> Result<&'static str> {
    let (_, rest) = DOCS.split_once("```json\n").context("an example")?;
    Ok(rest.split_once("```").context("its end")?.0)
}

async fn json(response: Response) -> Result<Value> {
    Ok(serde_json::from_str(&response.text().await?)?)
}

/// Linus makes a key for pages of this origin.
async fn made(center: &Center, origins: &str) -> Result<(Visitor, String)> {
    let mut linus = Visitor::signed_in(center, "linus").await?;
    linus.get("/admin/channels").await?;
    linus.press("/admin/channels/keys", &[("key_name", "The website"), ("origins", origins)]).await?;
    let key = linus.between("<p class=\"ref wrap\">", "<").context("a key, shown once")?.to_owned();
    linus.get("/admin/channels").await?;
    assert!(!linus.sees(&key) && linus.sees("kith_"), "a key is shown a second time");
    Ok((linus, key))
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn the_example_of_the_page_makes_a_request_and_breaks_nothing_when_it_is_wrong() -> Result<()> {
    let center = Center::demo().await?;
    let (mut linus, key) = made(&center, "").await?;
    let website = Website { center: &center, client: reqwest::Client::new(), key };
    let id = "0193a1f2-7c55-7d10-9f4e-2b8d6a0c4e11";
    let first = website.send(id, example()?, None).await?;
    assert_eq!(first.status(), 201);
    assert!(first.headers().get("set-cookie").is_none() && first.headers().get("location").is_none());
    let first = json(first).await?;
    assert_eq!(first["help_now"]["crisis_line"], "988");
    let reference = first["reference"].as_str().context("a reference")?.to_owned();
    let mut ana = Visitor::signed_in(&center, "ana").await?;
    ana.get(&format!("/inbox/{reference}")).await?;
    assert!(ana.sees("Jo Alvarez") && ana.sees("Website") && ana.sees("is shaking"), "{}", ana.page);

    // Sent again it is the same, in quotes as well; with another body it is nothing.
    let again = website.send(&format!("\"{id}\""), example()?, None).await?;
    assert_eq!((again.status().as_u16(), json(again).await?), (201, first));
    let other = website.send(id, r#"{"phone":"212 555 0199"}"#, None).await?;
    assert_eq!(other.status(), 422);
    assert_eq!(other.headers()["content-type"], "application/problem+json");
    assert_eq!(json(other).await?["title"], "This key was used before");
    assert_eq!(center.place().count("SELECT count(*) FROM requests WHERE channel = 'website'").await?, 1);

    let fresh = "another-key-of-this-story";
    for (body, status, told) in [
        (r#"{"name":"Jo"}"#, 422, "phone"),
        (r#"{"phone":"212 555 0142","danger":"perhaps"}"#, 422, "Send one of: yes"),
        (r#"{"phone":"212 555 0142","ssn":"1"}"#, 422, "There is no such field"),
        (r#"{"phone":2125550142}"#, 422, "Send a string"),
        (r#"{"phone":"212 555 0142","phone":"1"}"#, 422, "It is there twice"),
        ("[]", 400, "not one JSON object"),
        ("{", 400, "not one JSON object"),
        (&format!(r#"{{"words":"{}"}}"#, "x".repeat(40_000)), 413, "32 KB"),
        (&format!(r#"{{"words":"{}"}}"#, "x".repeat(400_000)), 413, "too large"),
        (&"[".repeat(30_000), 400, "not one JSON object"),
    ] {
        let answer = website.send(fresh, body, None).await?;
        assert_eq!(answer.status(), status, "{}", body.get(..60).unwrap_or(body));
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let text = answer.text().await?;
        assert!(text.contains(told), "{told}: {text}");
    }
    for short in ["", "short", "with a space in it, long enough"] {
        assert_eq!(website.send(short, example()?, None).await?.status(), 400, "{short}");
    }
    let form = website.client.post(center.url("/api/v1/requests")).bearer_auth(&website.key);
    let form = form.header("idempotency-key", fresh).form(&[("phone", "212 555 0142")]).send().await?;
    assert_eq!(form.status(), 415);
    let nobody = Website {
        key: "kith_0000000000000000000000000000".into(),
        client: reqwest::Client::new(),
        ..website
    };
    let refused = nobody.send(fresh, example()?, None).await?;
    assert_eq!((refused.status().as_u16(), refused.headers()["www-authenticate"].to_str()?), (401, "Bearer"));

    // The session of somebody who is signed in is no key.
    let with_cookie = nobody.client.post(center.url("/api/v1/requests")).header("cookie", ana.cookie());
    let with_cookie = with_cookie.header("content-type", "application/json").body(example()?).send().await?;
    assert_eq!(with_cookie.status(), 401);
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let answer = nobody.client.request(method, center.url("/api/v1/requests")).send().await?;
        assert_eq!(answer.status(), 405);
    }
    assert_eq!(center.place().count("SELECT count(*) FROM requests WHERE channel = 'website'").await?, 1);

    // Ended, it opens nothing.
    linus.get("/admin/channels").await?;
    let ending = linus.between("action=\"/admin/channels/keys/", "\"").context("a key")?.to_owned();
    linus.press(&format!("/admin/channels/keys/{ending}"), &[]).await?;
    assert!(linus.sees("It opens nothing from now on"), "{}", linus.page);
    let ended = Website { key: nobody.key.clone(), client: reqwest::Client::new(), center: &center };
    assert_eq!(ended.send(fresh, example()?, None).await?.status(), 401);
    Ok(())
}

#[tokio::test]
async fn a_page_may_send_from_where_the_key_says_and_from_nowhere_else() -> Result<()> {
    let center = Center::demo().await?;
    let (_, key) = made(&center, "https://cedar.example").await?;
    let website = Website { center: &center, client: reqwest::Client::new(), key };
    let ask = async |origin: &str| {
        let asked = website.client.request(Method::OPTIONS, center.url("/api/v1/requests"));
        let asked = asked.header("origin", origin).header("access-control-request-method", "POST");
        asked.header("access-control-request-headers", "authorization,idempotency-key").send().await
    };
    let yes = ask("https://cedar.example").await?;
    assert_eq!(yes.status(), 204);
    assert_eq!(yes.headers()["access-control-allow-origin"], "https://cedar.example");
    assert_eq!(yes.headers()["access-control-allow-methods"], "POST");
    assert!(yes.headers()["access-control-allow-headers"].to_str()?.contains("idempotency-key"));
    assert!(yes.headers().get("access-control-allow-credentials").is_none());
    for other in
        ["https://evil.example", "null", "https://cedar.example.evil.example", "http://cedar.example"]
    {
        let no = ask(other).await?;
        assert_eq!(
            (no.status().as_u16(), no.headers().get("access-control-allow-origin")),
            (403, None),
            "{other}"
        );
        let sent = website.send("a-key-for-this-story", example()?, Some(other)).await?;
        assert_eq!((sent.status().as_u16(), sent.headers().get("access-control-allow-origin")), (403, None));
    }
    // Taken off the page, it is no key for a program elsewhere.
    assert_eq!(website.send("a-key-for-this-story", example()?, None).await?.status(), 403);
    let sent = website.send("a-key-for-this-story", example()?, Some("https://cedar.example")).await?;
    assert_eq!(sent.status(), 201);
    assert_eq!(sent.headers()["access-control-allow-origin"], "https://cedar.example");
    assert!(sent.headers()["vary"].to_str()?.contains("Origin"));
    // The page can read what is wrong, too.
    let wrong = website.send("another-key-for-this", "{}", Some("https://cedar.example")).await?;
    assert_eq!(wrong.status(), 422);
    assert_eq!(wrong.headers()["access-control-allow-origin"], "https://cedar.example");
    Ok(())
}

#[tokio::test]
async fn what_describes_it_for_programs_names_every_field_it_takes() -> Result<()> {
    let center = Center::demo().await?;
    let described = json(reqwest::get(center.url("/api/v1/openapi.json")).await?).await?;
    let fields = described["components"]["schemas"]["Request"]["properties"].as_object().context("fields")?;
    let (_, key) = made(&center, "").await?;
    let website = Website { center: &center, client: reqwest::Client::new(), key };
    // Every field that is described is taken, and with a word that is none it says which ones are.
    for (name, how) in fields {
        let body = serde_json::json!({ name.as_str(): "no such word" }).to_string();
        let answer = website.send("a-key-for-this-story", &body, None).await?.text().await?;
        assert!(!answer.contains("There is no such field"), "{name}: {answer}");
        for word in how["enum"].as_array().into_iter().flatten() {
            assert!(answer.contains(word.as_str().context("a word")?), "{name}: {answer}");
        }
    }
    assert_eq!(fields.len(), 15);
    let unknown = reqwest::get(center.url("/api/v1/nothing")).await?;
    assert_eq!(
        (unknown.status().as_u16(), unknown.headers()["content-type"].to_str()?),
        (404, "application/problem+json")
    );
    Ok(())
}
