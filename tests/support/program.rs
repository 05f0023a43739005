//! The real program, started on a free port with a folder of its own, ended with the story.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

/// A running center.
pub struct Center {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
    /// What it printed until it was ready.
    pub printed: String,
}

impl Center {
    /// The sample center.
    pub async fn demo() -> Result<Self> {
        Self::start(tempfile::tempdir()?, &["demo"]).await
    }

    /// An empty center.
    pub async fn empty() -> Result<Self> {
        Self::start(tempfile::tempdir()?, &["serve"]).await
    }

    async fn start(folder: tempfile::TempDir, words: &[&str]) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut child = Command::new(binary()?)
            .args(words)
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .arg("--data")
            .arg(folder.path().join("kith-data"))
            .current_dir(folder.path())
            .env("KITH_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("its output")?).lines();
        let mut printed = String::new();
        for line in lines.by_ref() {
            let line = line?;
            printed.push_str(&line);
            printed.push('\n');
            if line.contains("Kith is at") {
                break;
            }
        }
        let center = Self { child, folder, port, printed };
        for _ in 0..200 {
            if reqwest::get(center.url("/readyz")).await.is_ok_and(|r| r.status().is_success()) {
                return Ok(center);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("the program did not become ready; it printed: {}", center.printed)
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Ends it as a power cut would, and starts it again on the same folder.
    pub async fn killed_and_started_again(mut self) -> Result<Self> {
        self.child.kill()?;
        self.child.wait()?;
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir()?);
        Self::start(folder, &["serve"]).await
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Center {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program as built beside these tests.
fn binary() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folder = here.parent().and_then(|deps| deps.parent()).context("the folder of the build")?;
    let binary = folder.join("kith");
    anyhow::ensure!(binary.exists(), "build the program first: cargo build -p kith");
    Ok(binary)
}
