//! The real program, started on a free port with a folder of its own, on SQLite or PostgreSQL, ended with the story.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use tokio::sync::OnceCell;

/// Names databases: a port that was free may be given out again, a number is not.
static STORIES: AtomicU32 = AtomicU32::new(0);

/// When the sample center opens, at its own place: a Wednesday morning, so that no story depends on the hour or the day
/// of the week it is told at. Stories of the night and of Sunday name their own.
const MORNING: &str = "2026-12-02T10:00";

/// The sample center of that morning, made once and copied for every story that wants it.
static MADE: OnceCell<Place> = OnceCell::const_new();

/// A running center.
pub struct Center {
    child: Child,
    place: Place,
    /// `demo` or `serve`.
    words: &'static str,
    /// What it printed until it was ready.
    pub printed: String,
}

/// Where a center keeps what it knows; it outlives the process.
pub struct Place {
    folder: tempfile::TempDir,
    port: u16,
    /// Of PostgreSQL; without one the file in the folder.
    database: Option<String>,
    /// The words before every command, where it is seen from a place of its own.
    inside: Vec<String>,
}

impl Place {
    /// A new folder and port, and an empty database of its own: on PostgreSQL when the stories are told there
    /// (`KITH_JOURNEY_STORE=postgres`, the server being `KITH_TEST_POSTGRES`).
    pub async fn fresh() -> Result<Self> {
        match std::env::var("KITH_JOURNEY_STORE").as_deref() {
            Ok("postgres") => Self::on_postgres().await,
            _ => Self::on_sqlite(),
        }
    }

    /// One on SQLite in any case.
    pub fn on_sqlite() -> Result<Self> {
        Self::on(None)
    }

    /// One on PostgreSQL in any case.
    pub async fn on_postgres() -> Result<Self> {
        Self::on_copy_of("template0").await
    }

    async fn on_copy_of(template: &str) -> Result<Self> {
        let server = std::env::var("KITH_TEST_POSTGRES").context("KITH_TEST_POSTGRES names the server")?;
        let number = STORIES.fetch_add(1, Ordering::Relaxed);
        let name = format!("story_{}_{number}", std::process::id());
        let asking = Database::connect(format!("{server}/postgres")).await?;
        asking.execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await?;
        Self::on(Some(format!("{server}/{name}")))
    }

    fn on(database: Option<String>) -> Result<Self> {
        Ok(Self { folder: tempfile::tempdir()?, port: free_port()?, database, inside: Vec::new() })
    }

    /// A copy of this one, that nobody is at.
    async fn copied(&self) -> Result<Self> {
        let Some(database) = &self.database else {
            let copy = Self::on_sqlite()?;
            copy.with_files_of(self)?;
            return Ok(copy);
        };
        let copy = Self::on_copy_of(database.rsplit('/').next().context("a name")?).await?;
        copy.with_files_of(self)?;
        Ok(copy)
    }

    fn with_files_of(&self, other: &Self) -> Result<()> {
        copy(&other.data(), &self.data())
    }

    /// The same place, whose programs are started with these words before them.
    #[must_use]
    pub fn inside(mut self, words: Vec<String>) -> Self {
        self.inside = words;
        self
    }

    /// The same place whose tables are looked for elsewhere.
    #[must_use]
    pub fn with_database(mut self, address: &str) -> Self {
        self.database = Some(address.to_owned());
        self
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("kith-data")
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The program about this place, not started yet.
    pub fn command(&self, words: &[&str]) -> Result<Command> {
        let binary = binary()?;
        let mut command = match self.inside.split_first() {
            Some((first, others)) => {
                let mut command = Command::new(first);
                command.args(others).arg(binary);
                command
            }
            None => Command::new(binary),
        };
        command
            .args(words)
            .arg("--data")
            .arg(self.data())
            .current_dir(self.folder.path())
            .env("KITH_LOG", "error")
            // Every visitor of a story comes from an address of their own.
            .env("KITH_TRUSTED_PROXIES", "[\"127.0.0.1\"]");
        if let Some(database) = &self.database {
            command.args(["--database", database]);
        }
        Ok(command)
    }

    /// Starts it here. A second process may be started at another port.
    pub fn start(&self, words: &[&str], port: u16) -> Result<(Child, String)> {
        let mut child = self
            .command(words)?
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .stdout(Stdio::piped())
            .spawn()?;
        let mut printed = String::new();
        for line in BufReader::new(child.stdout.take().context("its output")?).lines() {
            let line = line?;
            printed.push_str(&line);
            printed.push('\n');
            if line.contains("Kith is at") {
                break;
            }
        }
        Ok((child, printed))
    }

    /// Waits until the program that was started here answers.
    async fn is_ready(&self) -> Result<()> {
        for _ in 0..200 {
            if reqwest::get(self.url("/readyz")).await.is_ok_and(|r| r.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("the program did not become ready")
    }

    /// The database: the path of a file, or the address of a server.
    pub fn database(&self) -> String {
        self.database.clone().unwrap_or_else(|| self.data().join("kith.db").display().to_string())
    }

    /// Opens its tables to look at them.
    pub async fn tables(&self) -> Result<DatabaseConnection> {
        let file = || format!("sqlite://{}?mode=ro", self.data().join("kith.db").display());
        Ok(Database::connect(self.database.clone().unwrap_or_else(file)).await?)
    }

    /// A number the tables give.
    pub async fn count(&self, sql: &str) -> Result<i64> {
        let tables = self.tables().await?;
        let asked = Statement::from_string(tables.get_database_backend(), sql);
        let row = tables.query_one_raw(asked).await?.context("a row")?;
        Ok(row.try_get_by_index(0)?)
    }
}

impl Center {
    /// The sample center, on the morning that all stories begin.
    pub async fn demo() -> Result<Self> {
        let made = MADE.get_or_try_init(|| async {
            let place = Place::fresh().await?;
            let (mut child, _) = place.start(&["demo", "--at", MORNING], place.port)?;
            place.is_ready().await?;
            let asked = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status()?;
            anyhow::ensure!(
                asked.success() && child.wait()?.success(),
                "the sample center did not end in order"
            );
            Ok(place)
        });
        Self::start(made.await?.copied().await?, "demo").await
    }

    /// The sample center as it is at a time there, like `2026-12-24T02:00`.
    pub async fn demo_at(at: &str) -> Result<Self> {
        Self::started(Place::fresh().await?, "demo", &["demo", "--at", at]).await
    }

    /// An empty center.
    pub async fn empty() -> Result<Self> {
        Self::start(Place::fresh().await?, "serve").await
    }

    /// A center at a place.
    pub async fn start(place: Place, words: &'static str) -> Result<Self> {
        Self::started(place, words, &[words]).await
    }

    async fn started(place: Place, words: &'static str, first: &[&str]) -> Result<Self> {
        let (child, printed) = place.start(first, place.port)?;
        let center = Self { child, place, words, printed };
        center.place.is_ready().await.with_context(|| format!("it printed: {}", center.printed))?;
        Ok(center)
    }

    /// The time there.
    pub fn now(&self) -> Result<DateTime<Utc>> {
        let mark = std::fs::read_to_string(self.place.data().join("sample-center")).unwrap_or_default();
        let ahead = mark.lines().find_map(|line| line.strip_prefix("seconds ahead: ")).unwrap_or("0");
        let machine = SystemTime::UNIX_EPOCH + SystemTime::UNIX_EPOCH.elapsed()?;
        Ok(DateTime::from(machine) + TimeDelta::seconds(ahead.parse()?))
    }

    /// The day there: the sample center is in Chicago.
    pub fn today(&self) -> Result<NaiveDate> {
        let at = format!("@{}", self.now()?.timestamp());
        let there = Command::new("date").env("TZ", "America/Chicago").args(["-d", &at, "+%F"]).output()?;
        Ok(String::from_utf8(there.stdout)?.trim().parse()?)
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        self.place.url(path)
    }

    /// Where it listens, as `host:port`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.place.port)
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Where it keeps what it knows.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Ends it as a power cut would, and starts it again where it was, at the same address.
    pub async fn kill_and_start_again(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        (self.child, self.printed) = self.place.start(&[self.words], self.place.port)?;
        self.place.is_ready().await
    }

    /// Asks it to end, as a service manager does.
    pub fn asked_to_stop(self) -> Result<Self> {
        let asked = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status()?;
        anyhow::ensure!(asked.success(), "it could not be asked");
        Ok(self)
    }

    /// Waits until it has ended by itself.
    pub async fn stopped(mut self) -> Result<ExitStatus> {
        for _ in 0..300 {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        anyhow::bail!("it did not stop within 15 seconds")
    }

    /// What a command about this center prints, when it succeeds.
    pub fn says(&self, words: &[&str]) -> Result<String> {
        let output = self.place.command(words)?.output()?;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The code an empty center prints for setting it up.
    pub fn setup_code(&self) -> Result<String> {
        let code = self.printed.lines().find_map(|line| line.trim().strip_prefix("Setup code:"));
        Ok(code.context("no setup code was printed")?.trim().to_owned())
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

/// Copies a folder with everything in it, for the same eyes as before.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir(to)?;
    std::fs::set_permissions(to, std::fs::metadata(from)?.permissions())?;
    for file in std::fs::read_dir(from)? {
        let file = file?;
        let (from, to) = (file.path(), to.join(file.file_name()));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            std::fs::copy(from, to)?;
        }
    }
    Ok(())
}

/// A port nobody listens on.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The program as built beside these tests.
fn binary() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    // Tests lie one folder deeper than programs.
    let folders: Vec<&Path> = here.ancestors().skip(1).take(2).collect();
    let binary = folders.iter().map(|folder| folder.join("kith")).find(|binary| binary.is_file());
    binary.context("build the program first: cargo build -p kith")
}
