//! Whatever is sent to whatever address: a clear no, never a broken page, and the program lives.

use anyhow::Result;
use journeys::program::Center;

const ADDRESSES: [&str; 14] = [
    "/",
    "/sign-in",
    "/setup",
    "/consultation",
    "/consultation/danger",
    "/consultation/contact",
    "/consultation/check",
    "/inbox",
    "/inbox/CR-00000",
    "/clients/not-a-key",
    "/admin/staff",
    "/leave",
    "/nowhere",
    "/assets/../../etc/passwd",
];

#[tokio::test]
async fn nothing_that_is_sent_breaks_anything() -> Result<()> {
    let mut center = Center::demo().await?;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
    let huge = format!("name={}", "x".repeat(1_000_000));
    let bodies = [
        "name=a%00b",
        "name=%0d%0aBcc:%20x@example.com",
        "name=%ff%fe",
        "name=a&name=b",
        "%%%",
        "=&=&=",
        "name=%E2%80%AE%F0%9F%98%80",
        "unknown=1&danger=maybe&for_whom=%27%3B--",
        "name={{7*7}}&password=%24%7Bx%7D",
        &huge,
    ];
    for path in ADDRESSES {
        for body in bodies {
            let sent = client
                .post(center.url(path))
                .header("content-type", "application/x-www-form-urlencoded")
                .header("cookie", format!("__Host-visit={}; __Host-kith=nonsense", "a".repeat(64)))
                .body(body.to_owned())
                .send()
                .await?;
            assert!(
                sent.status().as_u16() < 500,
                "{path} answered {} to {}",
                sent.status(),
                body.get(..40).unwrap_or(body)
            );
        }
        for method in ["PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
            let sent = client.request(method.parse()?, center.url(path)).send().await?;
            assert!(
                (400..500).contains(&sent.status().as_u16()),
                "{method} {path} answered {}",
                sent.status()
            );
        }
        let foreign = client.post(center.url(path)).header("sec-fetch-site", "cross-site").send().await?;
        assert!(
            matches!(foreign.status().as_u16(), 403..=405),
            "{path} heard another site: {}",
            foreign.status()
        );
    }
    assert!(center.is_alive());
    Ok(())
}
