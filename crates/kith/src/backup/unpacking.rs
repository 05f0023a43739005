//! Reads a backup member by member, and says whether it is whole: every member has the hash that stands at the end.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::iter;
use std::path::Path;

use age::secrecy::SecretString;
use age::{Decryptor, Identity};
use anyhow::Context;
use flate2::read::GzDecoder;
use foundation::hex;
use sha2::{Digest, Sha256};

use super::{ANCHOR, BEGIN, Begin, END, End, FORMAT, KEY, Member, table_of};

/// The first bytes of what is under a passphrase.
const SEALED: &[u8] = b"age-encryption.org/";
/// No member is larger.
const LARGEST: u64 = 256 << 20;

/// What a backup says of itself.
pub(super) struct Contents {
    pub(super) begin: Begin,
    pub(super) end: End,
    pub(super) key: Option<Vec<u8>>,
    pub(super) anchor: Vec<u8>,
}

/// Whether a file is under a passphrase.
pub(super) fn is_sealed(file: &Path) -> anyhow::Result<bool> {
    let mut first = Vec::new();
    let open = File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
    open.take(SEALED.len() as u64).read_to_end(&mut first)?;
    Ok(first == SEALED)
}

/// Reads a backup to its end, and hands every part of a table to `take` on the way.
///
/// # Errors
/// When it was cut off or altered, or is no backup; what was taken until then is worth nothing.
pub(super) fn unpack(
    file: &Path,
    passphrase: Option<&SecretString>,
    mut take: impl FnMut(&Begin, Member) -> anyhow::Result<()>,
) -> anyhow::Result<Contents> {
    let damaged = || format!("{} is damaged, or no backup of Kith", file.display());
    let mut open = BufReader::with_capacity(1 << 20, File::open(file).with_context(damaged)?);
    if !is_sealed(file)? {
        open.rewind()?;
        return read(open, &mut take).with_context(damaged);
    }
    let passphrase =
        passphrase.context("this backup is under a passphrase: name it with --passphrase-file")?;
    let sealed = Decryptor::new_buffered(open).with_context(damaged)?;
    let identity = age::scrypt::Identity::new(passphrase.clone());
    let opened = sealed.decrypt(iter::once(&identity as &dyn Identity));
    let opened = opened.context("the passphrase does not open this backup")?;
    read(opened, &mut take).with_context(damaged)
}

fn read(
    from: impl Read,
    take: &mut impl FnMut(&Begin, Member) -> anyhow::Result<()>,
) -> anyhow::Result<Contents> {
    let mut archive = tar::Archive::new(GzDecoder::new(from));
    let (mut begin, mut end, mut key, mut anchor) = (None, None, None, Vec::new());
    let mut seen = End::default();
    for entry in archive.entries()? {
        let entry = entry?;
        let name = entry.path()?.to_str().context("a member has a strange name")?.to_owned();
        anyhow::ensure!(end.is_none(), "something stands behind its end");
        anyhow::ensure!(entry.size() <= LARGEST, "the member {name} is too large");
        let mut bytes = Vec::new();
        let size = entry.size();
        entry.take(LARGEST).read_to_end(&mut bytes)?;
        anyhow::ensure!(bytes.len() as u64 == size, "the member {name} is cut off");
        if name == END {
            end = Some(serde_json::from_slice::<End>(&bytes)?);
            continue;
        }
        seen.members.insert(name.clone(), hex(&Sha256::digest(&bytes)));
        match (name.as_str(), &begin) {
            (BEGIN, None) => begin = Some(begun(&bytes)?),
            (_, None) => anyhow::bail!("it does not begin as a backup does"),
            (KEY, _) => key = Some(bytes),
            (ANCHOR, _) => anchor = bytes,
            (_, Some(begin)) => {
                if let Some(table) = table_of(&name) {
                    let rows = bytes.split_inclusive(|b| *b == b'\n').count() as u64;
                    *seen.rows.entry(table.to_owned()).or_default() += rows;
                    let rows = Some((table.to_owned(), rows));
                    take(begin, Member { name, bytes, rows })?;
                }
            }
        }
    }
    // Behind the last member stands what gzip knows of all of it.
    std::io::copy(&mut archive.into_inner(), &mut std::io::sink())?;
    let (begin, end) = (begin.context("it is empty")?, end.context("it is cut off: its end is missing")?);
    anyhow::ensure!(seen.members == end.members, "a member is missing, or was altered");
    anyhow::ensure!(seen.rows == end.rows, "rows are missing");
    Ok(Contents { begin, end, key, anchor })
}

fn begun(bytes: &[u8]) -> anyhow::Result<Begin> {
    let format = serde_json::from_slice::<serde_json::Value>(bytes)?;
    let format = format.get("format").and_then(serde_json::Value::as_u64);
    anyhow::ensure!(
        format == Some(u64::from(FORMAT)),
        "it has format {format:?}, and this version of Kith reads format {FORMAT}"
    );
    Ok(serde_json::from_slice(bytes)?)
}
