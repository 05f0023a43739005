//! Everything a database holds, copied out at one moment and filled into an empty one of either kind. Rows travel as lines
//! of PostgreSQL's COPY text format, so a copy of one database fits the other, and can be read without this program.

mod lines;
mod postgres;
mod sqlite;

use sea_orm_migration::MigratorTrait;
use serde::{Deserialize, Serialize};

use super::{Place, Store};
use crate::error::{Error, refused};

/// What is of a process or of a browser and not of the center. Above all nobody's session comes back with a copy.
const LEFT_OUT: [&str; 3] = ["heartbeats", "sessions", "throttles"];
/// The search index, which is a table on one database and a module's own on the other.
const SEARCH_INDEX: &str = "search_index";
/// A part of a table is handed on when it is so large, in bytes.
const PART: usize = 2 << 20;

/// A table as it is copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

/// A column as it is copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

/// What a column holds, and how a line writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// With hyphens.
    Uuid,
    Text,
    /// A whole number.
    Whole,
    /// `t` or `f`.
    YesNo,
    /// RFC 3339 or as PostgreSQL writes it; UTC.
    Instant,
    /// ISO 8601.
    Day,
    Json,
    /// `\x` and hexadecimal digits.
    Bytes,
}

/// A part of a table: whole lines.
pub struct Part {
    /// The table's name.
    pub table: String,
    /// Number of rows.
    pub rows: u64,
    pub lines: Vec<u8>,
}

/// A database that is being copied: one moment of it, whatever is written meanwhile.
pub enum Copying {
    #[doc(hidden)]
    Sqlite(sqlite::Copying),
    #[doc(hidden)]
    Postgres(postgres::Copying),
}

impl Store {
    /// Begins to copy what is here now, over a connection of its own, beside everyone who reads and writes.
    pub async fn copy(&self) -> Result<Copying, Error> {
        Ok(match &self.place {
            Place::Sqlite(file) | Place::Scratch(file) => {
                Copying::Sqlite(sqlite::Copying::begin(file).await?)
            }
            Place::Postgres(url) => Copying::Postgres(postgres::Copying::begin(url).await?),
        })
    }
}

impl Copying {
    /// The steps its tables have taken, by name.
    pub fn steps(&self) -> &[String] {
        match self {
            Self::Sqlite(copying) => &copying.steps,
            Self::Postgres(copying) => &copying.steps,
        }
    }

    /// Its tables, by name.
    pub fn tables(&self) -> &[Table] {
        match self {
            Self::Sqlite(copying) => &copying.tables,
            Self::Postgres(copying) => &copying.tables,
        }
    }

    /// Hands every row of every table to `take`, in parts.
    pub async fn parts<T: Future<Output = Result<(), Error>>>(
        self,
        mut take: impl FnMut(Part) -> T,
    ) -> Result<(), Error> {
        match self {
            Self::Sqlite(copying) => copying.parts(&mut take).await,
            Self::Postgres(copying) => copying.parts(&mut take).await,
        }
    }
}

/// An empty database that is being filled: all of it, or nothing.
pub enum Filling {
    #[doc(hidden)]
    Sqlite(sqlite::Filling),
    #[doc(hidden)]
    Postgres(postgres::Filling),
}

impl Filling {
    /// Makes the tables as they were after `steps`, in a place where nothing is, and begins to fill them.
    ///
    /// # Errors
    /// `not_empty`, and `made_by_newer` when the steps are not those this program knows.
    pub async fn begin(place: &Place, steps: &[String], tables: &[Table]) -> Result<Self, Error> {
        let count = count_of(steps)?;
        let filling = match place {
            Place::Sqlite(file) | Place::Scratch(file) => {
                Self::Sqlite(sqlite::Filling::begin(file, count).await?)
            }
            Place::Postgres(url) => Self::Postgres(postgres::Filling::begin(url, count).await?),
        };
        let mut wanted: Vec<&Table> = tables.iter().collect();
        let mut found: Vec<&Table> = filling.tables().iter().collect();
        wanted.sort_by(|a, b| a.name.cmp(&b.name));
        found.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some((wanted, _)) = wanted.iter().zip(&found).find(|(a, b)| !a.fits(b)) {
            return Err(Error::Broken(format!("the table {} of the copy has no place here", wanted.name)));
        }
        if wanted.len() != found.len() {
            return Err(Error::Broken("the copy has other tables than there should be".into()));
        }
        Ok(filling)
    }

    fn tables(&self) -> &[Table] {
        match self {
            Self::Sqlite(filling) => &filling.tables,
            Self::Postgres(filling) => &filling.tables,
        }
    }

    /// Puts a part of a table, whose columns stand in the lines in this order.
    pub async fn put(&mut self, table: &Table, lines: &[u8]) -> Result<(), Error> {
        match self {
            Self::Sqlite(filling) => filling.put(table, lines).await,
            Self::Postgres(filling) => filling.put(table, lines).await,
        }
    }

    /// Ends it: every reference is checked, and all of it becomes true at once.
    pub async fn done(self) -> Result<(), Error> {
        match self {
            Self::Sqlite(filling) => filling.done().await,
            Self::Postgres(filling) => filling.done().await,
        }
    }
}

impl Table {
    /// Whether it is the same table, whatever the order of its columns.
    fn fits(&self, other: &Self) -> bool {
        self.name == other.name
            && self.columns.len() == other.columns.len()
            && self.columns.iter().all(|column| other.columns.contains(column))
    }

    /// Its columns for a statement.
    fn columns(&self) -> String {
        self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect::<Vec<_>>().join(", ")
    }
}

/// How many steps these are. A copy of an older version has the first steps of this one, and no others.
fn count_of(steps: &[String]) -> Result<u32, Error> {
    let known: Vec<String> =
        migrations::Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
    let mut first: Vec<&String> = known.iter().take(steps.len()).collect();
    let mut taken: Vec<&String> = steps.iter().collect();
    first.sort();
    taken.sort();
    if first != taken {
        return Err(refused(
            "made_by_newer",
            "This copy was made by another version of Kith, whose tables this one does not know. Use that version, or a \
             newer one.",
        ));
    }
    u32::try_from(steps.len()).map_err(|e| Error::Broken(e.to_string()))
}

fn not_empty(place: &str) -> Error {
    refused(
        "not_empty",
        format!(
            "There is a center at {place} already. A copy is only ever put into an empty place; nothing was changed."
        ),
    )
}

/// Gathers lines into parts.
struct Gathering {
    part: Part,
}

impl Gathering {
    fn of(table: &Table) -> Self {
        Self { part: Part { table: table.name.clone(), rows: 0, lines: Vec::new() } }
    }

    /// What has gathered, when it is enough.
    fn full(&mut self) -> Option<Part> {
        (self.part.lines.len() >= PART).then(|| self.take())
    }

    fn take(&mut self) -> Part {
        let fresh = Part { table: self.part.table.clone(), rows: 0, lines: Vec::new() };
        std::mem::replace(&mut self.part, fresh)
    }
}

#[cfg(test)]
mod tests;
