//! Backups: everything the center keeps, of one moment, in one file; checked, and put back into an empty place.
//!
//! The file is a gzipped tar archive, under a passphrase when one is given (the age format), so that it can be opened
//! without this program: `begin.json`, then `center.key` when it was asked for, `settings.json`, `anchor.log`, the rows of
//! every table as lines of PostgreSQL's COPY text format under `tables/`, and last `end.json` with a hash of each member.

pub mod command;
pub mod nightly;
mod packing;
mod passphrase;
mod restoring;
mod unpacking;
mod verifying;
mod writing;

use std::collections::BTreeMap;

use foundation::Instant;
use foundation::store::copying::Table;
use serde::{Deserialize, Serialize};

/// The format of the file. A reader refuses what it does not know.
const FORMAT: u32 = 1;

const BEGIN: &str = "begin.json";
const KEY: &str = "center.key";
const SETTINGS: &str = "settings.json";
const ANCHOR: &str = "anchor.log";
const END: &str = "end.json";

/// What stands at the beginning: what whoever reads on must know.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Begin {
    format: u32,
    /// The version of this program.
    version: String,
    made_at: Instant,
    /// The print of the center's key.
    key: String,
    /// The steps its tables have taken.
    steps: Vec<String>,
    tables: Vec<Table>,
}

/// What stands at the end: without it the file was cut off.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct End {
    /// How many rows each table has.
    rows: BTreeMap<String, u64>,
    /// SHA-256 of every member, in hexadecimal digits.
    members: BTreeMap<String, String>,
}

/// One member of the archive on its way.
struct Member {
    name: String,
    bytes: Vec<u8>,
    /// When it is part of a table: which, and how many rows it holds.
    rows: Option<(String, u64)>,
}

impl Member {
    fn of(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), bytes, rows: None }
    }

    fn json(name: &str, value: &impl Serialize) -> anyhow::Result<Self> {
        Ok(Self::of(name, serde_json::to_vec_pretty(value)?))
    }
}

/// Where a part of a table is.
fn table_of(member: &str) -> Option<&str> {
    member.strip_prefix("tables/")?.split('/').next()
}
