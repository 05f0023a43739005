//! Someone at a real browser: opens pages, fills in, presses buttons, reads.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use thirtyfour::extensions::query::ElementQueryable;
use thirtyfour::prelude::*;

use crate::browser::Browser;
use crate::program::Center;

/// More pages than the public form has.
const PAGES: usize = 12;

/// Gives the answers that this page asks for; the names of those it asked.
const FILLS_IN: &str = "const asked = [];
    for (const [name, value] of arguments[0]) for (const e of document.querySelectorAll(`main [name='${name}']`)) {
      const picked = e.type === 'radio' || e.type === 'checkbox';
      if (picked && e.value !== value) continue;
      if (picked && !e.checked) e.click(); else if (!picked) { e.value = value; if (e.value !== value) continue;
        e.dispatchEvent(new Event('input', { bubbles: true })); }
      asked.push(name); }
    return asked;";

/// Someone at the browser.
pub struct At<'a> {
    pub browser: &'a Browser,
    pub center: &'a Center,
}

impl At<'_> {
    /// Opens an address.
    pub async fn open(&self, path: &str) -> Result<()> {
        Ok(self.browser.driver.goto(self.center.url(path)).await?)
    }

    /// Chooses an answer or ticks a box, by name and value.
    pub async fn choose(&self, name: &str, value: &str) -> Result<()> {
        let css = format!("input[name='{name}'][value='{value}']");
        let script = "const e = document.querySelector(arguments[0]); if (!e) return false;
                      e.closest('details')?.setAttribute('open', ''); e.click(); return true;";
        self.did(script, vec![css.as_str().into()], &format!("no {css}")).await
    }

    /// Writes into a field or picks from a list, whatever the language of the browser makes of dates.
    pub async fn fill(&self, id: &str, value: &str) -> Result<()> {
        let script = "const e = document.getElementById(arguments[0]); if (!e) return false; e.closest('details')?.setAttribute('open', '');
                      e.value = arguments[1]; if (e.value !== arguments[1]) return false;
                      e.dispatchEvent(new Event('input', { bubbles: true })); return true;";
        self.did(script, vec![id.into(), value.into()], &format!("#{id} takes no {value}")).await
    }

    /// Presses the button with these words, in the form that is open.
    pub async fn press(&self, words: &str) -> Result<()> {
        let script = "const b = [...document.querySelectorAll('main button')].find(b => b.textContent.trim().startsWith(arguments[0]));
                      if (!b) return false; window.pressed = true; b.closest('details')?.setAttribute('open', ''); b.click(); return true;";
        self.did(script, vec![words.into()], &format!("no button “{words}”")).await?;
        self.browser.next_page().await
    }

    /// Asks for help by the public form, in whatever language it is read: answers what each page asks by the names of its
    /// fields, and sends it. The reference they are told.
    pub async fn asks(&self, answers: &[(&str, &str)]) -> Result<String> {
        self.answers(answers).await?;
        // Nobody reads and answers seven questions in two seconds.
        tokio::time::sleep(std::time::Duration::from_millis(2100)).await;
        self.goes_on().await?;
        ensure!(self.path().await? == "/consultation/done", "not sent: {}", self.path().await?);
        self.reference().await
    }

    /// The same, up to the page before sending.
    pub async fn answers(&self, answers: &[(&str, &str)]) -> Result<()> {
        self.open("/consultation").await?;
        let mut asked = BTreeSet::new();
        for _ in 0..PAGES {
            self.goes_on().await?;
            if self.path().await? == "/consultation/check" {
                let unasked = answers.iter().find(|(name, _)| !asked.contains(*name));
                ensure!(unasked.is_none(), "nobody asked for {unasked:?}");
                return Ok(());
            }
            asked.extend(self.fills_in(answers).await?);
        }
        bail!("the form does not end: {}", self.path().await?)
    }

    /// Gives the answers that this page asks for; the names of those it asked.
    pub async fn fills_in(&self, answers: &[(&str, &str)]) -> Result<Vec<String>> {
        let there = self.browser.driver.execute(FILLS_IN, vec![serde_json::to_value(answers)?]).await?;
        Ok(serde_json::from_value(there.json().clone())?)
    }

    /// Presses the one big button of a public page.
    async fn goes_on(&self) -> Result<()> {
        self.browser.press("main form .btn-big").await
    }

    /// Takes a request, unless a rule has given it to somebody already.
    pub async fn takes_it(&self) -> Result<()> {
        let free = "return [...document.querySelectorAll('main button')].some(b => b.textContent.trim().startsWith('Take it'));";
        if self.browser.driver.execute(free, vec![]).await?.json() == &Value::Bool(true) {
            return self.press("Take it").await;
        }
        self.sees("Given by ").await
    }

    async fn did(&self, script: &str, with: Vec<Value>, or: &str) -> Result<()> {
        let done = self.browser.driver.execute(script, with).await?;
        ensure!(done.json() == &Value::Bool(true), "{or}, at {}", self.path().await?);
        Ok(())
    }

    /// The page says this.
    pub async fn sees(&self, words: &str) -> Result<()> {
        let page = self.browser.driver.find(By::Tag("main")).await?.text().await?;
        ensure!(page.contains(words), "“{words}” is not on the page:\n{page}");
        Ok(())
    }

    /// Waits until the page shows what this path finds.
    pub async fn waits_for(&self, xpath: &str) -> Result<()> {
        self.browser.driver.query(By::XPath(xpath)).first().await?;
        Ok(())
    }

    /// Where they are.
    pub async fn path(&self) -> Result<String> {
        Ok(self.browser.driver.current_url().await?.path().to_owned())
    }

    /// Signs in as one of the sample center's staff.
    pub async fn sign_in(&self, name: &str) -> Result<()> {
        self.browser.driver.delete_all_cookies().await?;
        self.open("/sign-in").await?;
        self.fill("name", name).await?;
        self.fill("password", "a sample pass phrase").await?;
        self.press("Sign in").await
    }

    /// The reference on the page, like `CR-4F7K3`.
    pub async fn reference(&self) -> Result<String> {
        let page = self.browser.driver.source().await?;
        let at = page.find("CR-").context("a reference")?;
        Ok(page.get(at..at + 8).context("a whole reference")?.to_owned())
    }
}
