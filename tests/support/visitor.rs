//! A visitor whose browser runs no script: gets pages, fills forms, presses buttons, keeps cookies.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;

use crate::program::Center;

/// A center as Linus sets it up, and Linus himself.
pub const CENTER: [(&str, &str); 8] = [
    ("center_name", "Cedar Recovery Center"),
    ("neutral_name", "Cedar Office"),
    ("neutral_phone", "(212) 555-0100"),
    ("mail_from", "hello@cedar-office.example"),
    ("zone", "America/Chicago"),
    ("name", "Linus Berg"),
    ("sign_in_name", "linus"),
    ("password", "four words nobody guesses"),
];

/// Someone at a browser without script.
pub struct Visitor {
    base: String,
    /// The address they come from, as a proxy in front tells it.
    from: Option<String>,
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
    /// The page in front of them.
    pub page: String,
    pub path: String,
    pub status: u16,
}

impl Visitor {
    /// Someone who just opened a browser.
    pub fn new(center: &Center) -> Result<Self> {
        let client = reqwest::Client::builder().redirect(Policy::none()).build()?;
        Ok(Self {
            base: center.url(""),
            from: None,
            client,
            cookies: BTreeMap::new(),
            page: String::new(),
            path: String::new(),
            status: 0,
        })
    }

    /// The same from an address of their own.
    pub fn from(center: &Center, address: &str) -> Result<Self> {
        Ok(Self { from: Some(address.to_owned()), ..Self::new(center)? })
    }

    /// A member of the sample center's staff, signed in.
    pub async fn signed_in(center: &Center, name: &str) -> Result<Self> {
        let mut visitor = Self::new(center)?;
        visitor.get("/sign-in").await?;
        visitor.press("/sign-in", &[("name", name), ("password", "a sample pass phrase")]).await?;
        ensure!(visitor.path == "/", "{name} did not come in: {}", visitor.path);
        Ok(visitor)
    }

    /// The first administrator, Linus, sets an empty center up with a code; true when it was the printed one.
    pub async fn sets_up(&mut self, code: &str) -> Result<bool> {
        self.get("/setup").await?;
        let fields: Vec<(&str, &str)> = CENTER.into_iter().chain([("code", code)]).collect();
        self.press("/setup", &fields).await?;
        Ok(self.path == "/sign-in")
    }

    /// Opens an address.
    pub async fn get(&mut self, path: &str) -> Result<&mut Self> {
        self.go(path, None).await
    }

    /// Sends a form of the page with these fields; its hidden token goes along.
    pub async fn press(&mut self, action: &str, fields: &[(&str, &str)]) -> Result<&mut Self> {
        let token = self.hidden("form_token").map(str::to_owned);
        let mut fields: Vec<(String, String)> =
            fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        if let Some(token) = token {
            fields.push(("form_token".into(), token));
        }
        self.go(action, Some(fields)).await
    }

    /// The answer to an address as it comes in, for what has no end.
    pub async fn opened(&self, path: &str) -> Result<reqwest::Response> {
        let request = self.client.get(format!("{}{path}", self.base));
        Ok(request.header(COOKIE, self.cookie()).send().await?)
    }

    /// What a form of the page gives back, when it is no page: a file.
    pub async fn pressed(&self, action: &str, fields: &[(&str, &str)]) -> Result<reqwest::Response> {
        let token = self.hidden("form_token").unwrap_or_default();
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("form_token", token)]).collect();
        let request = self.client.post(format!("{}{action}", self.base)).form(&fields);
        Ok(request.header(COOKIE, self.cookie()).send().await?)
    }

    async fn go(&mut self, path: &str, mut form: Option<Vec<(String, String)>>) -> Result<&mut Self> {
        let mut path = path.to_owned();
        for _ in 0..6 {
            let request = match form.take() {
                Some(fields) => self.client.post(format!("{}{path}", self.base)).form(&fields),
                None => self.client.get(format!("{}{path}", self.base)),
            };
            let request = match &self.from {
                Some(from) => request.header("x-forwarded-for", from),
                None => request,
            };
            let response = request.header(COOKIE, self.cookie()).send().await?;
            for set in response.headers().get_all(SET_COOKIE) {
                let pair = set.to_str()?.split(';').next().unwrap_or_default();
                let (name, value) = pair.split_once('=').context("a cookie")?;
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            if response.status().is_redirection() {
                path = response.headers().get(LOCATION).context("where to")?.to_str()?.to_owned();
                continue;
            }
            self.status = response.status().as_u16();
            self.path = path;
            self.page = response.text().await?;
            return Ok(self);
        }
        anyhow::bail!("it goes round in circles")
    }

    /// The cookies as a browser sends them.
    pub fn cookie(&self) -> String {
        self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ")
    }

    /// The value of a hidden field of the page.
    pub fn hidden(&self, name: &str) -> Option<&str> {
        self.between(&format!("name=\"{name}\" value=\""), "\"")
    }

    /// The value of a hidden field of the first form that goes to an address like this.
    pub fn hidden_in(&self, action: &str, name: &str) -> Option<&str> {
        let form = self.page.split_once(&format!("{action}\""))?.1;
        let form = form.split("</form>").next()?;
        form.split_once(&format!("name=\"{name}\" value=\""))?.1.split('"').next()
    }

    /// The value of a choice by its words.
    pub fn choice(&self, words: &str) -> Option<String> {
        let before = self.page.split(&format!(">{words}</option>")).next()?;
        let value = before.rsplit("value=\"").next()?.split('"').next()?;
        (before.len() < self.page.len()).then(|| value.to_owned())
    }

    /// The text of the page between two marks.
    pub fn between(&self, from: &str, to: &str) -> Option<&str> {
        self.page.split_once(from)?.1.split_once(to).map(|(text, _)| text)
    }

    /// The reference on the page, like `CR-4F7K3`.
    pub fn reference(&self) -> Result<String> {
        let at = self.page.find("CR-").context("no reference on the page")?;
        Ok(self.page.get(at..at + 8).context("a whole reference")?.to_owned())
    }

    /// The page says this.
    pub fn sees(&self, words: &str) -> bool {
        self.page.contains(words)
    }
}
