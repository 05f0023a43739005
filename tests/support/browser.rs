//! A real Chromium, driven by chromedriver; axe looks at each page in light and dark, wide and at 320 px.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::prelude::*;

const AXE: &str = include_str!("../axe/axe.min.js");

/// A browser.
pub struct Browser {
    pub driver: WebDriver,
    chromedriver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Opens an empty browser.
    pub async fn open() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let chromedriver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("chromedriver is not installed")?;
        let profile = tempfile::tempdir()?;
        let mut caps = DesiredCapabilities::chrome();
        for flag in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ] {
            caps.add_arg(flag)?;
        }
        caps.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
        let server = format!("http://127.0.0.1:{port}");
        for _ in 0..50 {
            if reqwest::get(format!("{server}/status")).await.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let driver = WebDriver::new(&server, caps).await?;
        Ok(Self { driver, chromedriver, _profile: profile })
    }

    /// Closes it.
    pub async fn close(mut self) -> Result<()> {
        self.driver.clone().quit().await?;
        self.chromedriver.kill()?;
        self.chromedriver.wait()?;
        Ok(())
    }

    /// Presses what this selector finds and waits for the page it leads to: a browser that is sent elsewhere before
    /// the answer came gives up what it was sending.
    pub async fn press(&self, css: &str) -> Result<()> {
        self.driver.execute("window.pressed = true", Vec::new()).await?;
        self.driver.find(By::Css(css)).await?.click().await?;
        self.next_page().await
    }

    /// Waits for the page after one that carries the mark `window.pressed`.
    pub async fn next_page(&self) -> Result<()> {
        for _ in 0..600 {
            let come = "return document.readyState === 'complete' && !window.pressed";
            if self.driver.execute(come, Vec::new()).await.is_ok_and(|c| c.json() == &json!(true)) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("no page came after {}", self.driver.current_url().await?)
    }

    /// Sets the width of the window and whether the person prefers dark.
    pub async fn look(&self, width: u32, dark: bool) -> Result<()> {
        let tools = self.driver.cdp();
        let metrics = json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        tools.send_raw("Emulation.setDeviceMetricsOverride", metrics).await?;
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        tools.send_raw("Emulation.setEmulatedMedia", media).await?;
        Ok(())
    }

    /// What axe finds on the page, and how far it scrolls sideways: both should be nothing.
    pub async fn faults(&self) -> Result<Vec<String>> {
        self.driver.execute(AXE, Vec::new()).await?;
        let found = self
            .driver
            .execute_async(
                "const done = arguments[arguments.length - 1];
                 axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(r => done({
                   rules: r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 2).map(n => n.html).join(' | ')),
                   over: document.documentElement.scrollWidth - innerWidth }));",
                Vec::new(),
            )
            .await?;
        let mut faults: Vec<String> = serde_json::from_value(found.json()["rules"].clone())?;
        let over = found.json()["over"].as_i64().unwrap_or(0);
        if over > 0 {
            faults.push(format!("scrolls {over} px sideways"));
        }
        Ok(faults)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.chromedriver.kill();
    }
}
