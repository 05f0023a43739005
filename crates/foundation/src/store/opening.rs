//! Opening a database beside others who open it: one at a time makes tables and takes its key, one alone serves a file,
//! and nobody touches what a newer version made.

use std::collections::HashSet;
use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use super::{Place, Store};
use crate::error::{Error, refused};

/// The advisory lock of whoever opens a database on a server: the letters of the program.
const OPENING: i64 = 0x4b69_7468;

/// Held while a database is opened: nobody else makes tables or takes the key meanwhile. Let go when it is dropped, and
/// by the system when the program is killed.
#[expect(dead_code, reason = "held until it is dropped, never read")]
pub struct Turn(Held);

#[expect(dead_code, reason = "held until it is dropped, never read")]
enum Held {
    Folder(File),
    Server(PgConnection),
}

/// Held while a file is served: two programs that serve one file would each do what the other does.
#[expect(dead_code, reason = "held until it is dropped, never read")]
pub struct Served(Option<File>);

impl Place {
    /// Waits until nobody else opens this place.
    ///
    /// # Errors
    /// When the folder or the server cannot be reached.
    pub async fn turn(&self) -> Result<Turn, Error> {
        match self {
            Self::Sqlite(file) | Self::Scratch(file) => {
                let folder = folder_of(file).to_owned();
                let waiting = tokio::task::spawn_blocking(move || {
                    let open = File::open(&folder)?;
                    open.lock()?;
                    Ok::<_, std::io::Error>(open)
                });
                let open = waiting.await.map_err(|e| Error::Broken(e.to_string()))?;
                open.map(|open| Turn(Held::Folder(open))).map_err(|e| {
                    Error::Broken(format!("the folder {} cannot be opened: {e}", folder_of(file).display()))
                })
            }
            Self::Postgres(url) => {
                super::postgres::is_there(url).await?;
                let options = super::postgres::options(url)?;
                let mut server =
                    PgConnection::connect_with(&options).await.map_err(|e| super::postgres::broken(&e))?;
                sqlx::query("SELECT pg_advisory_lock($1)")
                    .bind(OPENING)
                    .execute(&mut server)
                    .await
                    .map_err(|e| super::postgres::broken(&e))?;
                Ok(Turn(Held::Server(server)))
            }
        }
    }

    /// Takes a file to serve it. A server of a database may have many.
    ///
    /// # Errors
    /// `served_already`, with the number of the process that serves it.
    pub fn serve(&self) -> Result<Served, Error> {
        let (Self::Sqlite(file) | Self::Scratch(file)) = self else { return Ok(Served(None)) };
        let name = beside(file, ".lock");
        let broken = |e| Error::Broken(format!("{} cannot be written: {e}", name.display()));
        let mut lock = private(&name).map_err(broken)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let process = std::fs::read_to_string(&name).unwrap_or_default();
                return Err(refused(
                    "served_already",
                    format!(
                        "Another kith serves {} already (process {}). Stop that one first, or give this one \
                         another folder.",
                        file.display(),
                        process.trim()
                    ),
                ));
            }
            Err(TryLockError::Error(e)) => return Err(broken(e)),
        }
        lock.set_len(0).and_then(|()| writeln!(lock, "{}", std::process::id())).map_err(broken)?;
        Ok(Served(Some(lock)))
    }

    /// Whether somebody made a database here. Looking makes none.
    pub async fn is_made(&self) -> Result<bool, Error> {
        match self {
            Self::Sqlite(file) | Self::Scratch(file) => {
                Ok(std::fs::metadata(file).is_ok_and(|found| found.len() > 0))
            }
            Self::Postgres(_) => {
                let store = Store::open(self).await?;
                let made = store.has_tables().await;
                store.close().await?;
                made
            }
        }
    }
}

impl Store {
    /// Whether the first step was taken.
    async fn has_tables(&self) -> Result<bool, Error> {
        let sql = match self.reader.get_database_backend() {
            DbBackend::Postgres => "SELECT to_regclass('seaql_migrations') IS NOT NULL AS there",
            _ => "SELECT count(*) > 0 AS there FROM sqlite_master WHERE name = 'seaql_migrations'",
        };
        let ask = Statement::from_string(self.reader.get_database_backend(), sql);
        let row = self.reader.query_one_raw(ask).await?;
        Ok(row.map(|row| row.try_get("", "there")).transpose()?.unwrap_or(false))
    }

    /// How many steps are still to be taken. Looking takes none.
    pub async fn pending(&self) -> Result<usize, Error> {
        let known: Vec<_> = migrations::Migrator::migrations();
        let taken = self.taken().await?;
        Ok(known.iter().filter(|step| !taken.contains(step.name())).count())
    }

    /// The steps a newer version took, which this one does not know.
    pub async fn unknown_steps(&self) -> Result<Vec<String>, Error> {
        let steps = migrations::Migrator::migrations();
        let known: HashSet<&str> = steps.iter().map(|step| step.name()).collect();
        let mut unknown: Vec<String> =
            self.taken().await?.into_iter().filter(|step| !known.contains(step.as_str())).collect();
        unknown.sort();
        Ok(unknown)
    }

    async fn taken(&self) -> Result<HashSet<String>, Error> {
        if !self.has_tables().await? {
            return Ok(HashSet::new());
        }
        let ask = Statement::from_string(
            self.reader.get_database_backend(),
            "SELECT version FROM seaql_migrations",
        );
        let rows = self.reader.query_all_raw(ask).await?;
        Ok(rows.iter().map(|row| row.try_get("", "version")).collect::<Result<_, _>>()?)
    }
}

/// The folder of a file; the current one when the name is bare.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn private(name: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().create(true).truncate(false).read(true).write(true).mode(0o600).open(name)
}
