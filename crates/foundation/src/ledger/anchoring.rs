//! The anchor: heads of the chain written to a file outside the database, one line each, best on another volume.

use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::sealing::Head;
use crate::chance::{hex, unhex};
use crate::clock::Instant;
use crate::error::Error;

/// A head as it was anchored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// When it was anchored.
    pub at: Instant,
    /// Number of entries then.
    pub place: i64,
    /// The hash then.
    pub hash: Vec<u8>,
}

/// Appends the head, synced. A head that is already the last line is not written again.
pub fn anchor(file: &Path, head: &Head, now: Instant) -> Result<(), Error> {
    if read(file)?.last().is_some_and(|last| last.place == head.place && last.hash == head.hash) {
        return Ok(());
    }
    let write = || -> std::io::Result<()> {
        let mut out = std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(file)?;
        // Best effort: an anchor that somebody else owns is still written.
        _ = out.set_permissions(std::fs::Permissions::from_mode(0o600));
        writeln!(out, "{} {} {}", now.to_rfc3339(), head.place, hex(&head.hash))?;
        out.sync_all()
    };
    write().map_err(|e| Error::Broken(format!("the anchor file cannot be written: {e}")))
}

/// All anchored heads, oldest first. A line that cannot be read is an error: it may be the work of a forger.
pub fn read(file: &Path) -> Result<Vec<Anchor>, Error> {
    let text = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Error::Broken(format!("the anchor file cannot be read: {e}"))),
    };
    text.lines()
        .map(|line| {
            parse(line).ok_or_else(|| {
                Error::Broken(format!("the anchor file has a line it should not have: {line}"))
            })
        })
        .collect()
}

fn parse(line: &str) -> Option<Anchor> {
    let mut parts = line.split(' ');
    let at = parts.next()?.parse().ok()?;
    let place = parts.next()?.parse().ok()?;
    Some(Anchor { at, place, hash: unhex(parts.next()?)? })
}
