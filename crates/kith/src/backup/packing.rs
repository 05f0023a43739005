//! Puts members into the file: tar, gzip, and age when there is a passphrase. The file appears under its name when it is
//! whole and on the disk, readable by its owner alone.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use age::Encryptor;
use age::secrecy::SecretString;
use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;
use foundation::hex;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::Receiver;

use super::{END, End, Member};

/// What comes next.
pub(super) enum Next {
    Member(Member),
    /// Nothing: all of it was said.
    End,
}

/// Packs what comes until the end comes. When it does not come there is no file, and whoever should have said it knows why.
pub(super) fn pack(
    to: &Path,
    passphrase: Option<SecretString>,
    mut coming: Receiver<Next>,
) -> anyhow::Result<()> {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    let half = Path::new(&name);
    // What a killed backup left.
    _ = std::fs::remove_file(half);
    let packed = pack_half(half, passphrase, &mut coming).and_then(|is_whole| {
        if !is_whole {
            return Ok(());
        }
        // A link fails where a file is; a rename would be over it.
        std::fs::hard_link(half, to).or_else(|e| {
            // Some shares know no links.
            if to.exists() { Err(e) } else { std::fs::rename(half, to) }
        })?;
        Ok(())
    });
    _ = std::fs::remove_file(half);
    packed.with_context(|| format!("{} cannot be written", to.display()))?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

/// Writes the file beside its place; whether all of it came.
fn pack_half(
    half: &Path,
    passphrase: Option<SecretString>,
    coming: &mut Receiver<Next>,
) -> anyhow::Result<bool> {
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(half)?;
    let file = BufWriter::with_capacity(1 << 20, file);
    let (file, is_whole) = if let Some(passphrase) = passphrase {
        let mut sealed = Encryptor::with_user_passphrase(passphrase).wrap_output(file)?;
        let is_whole = archive(&mut sealed, coming)?;
        (sealed.finish()?, is_whole)
    } else {
        let mut file = file;
        let is_whole = archive(&mut file, coming)?;
        (file, is_whole)
    };
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(is_whole)
}

/// Whether all of it came.
fn archive(to: impl Write, coming: &mut Receiver<Next>) -> anyhow::Result<bool> {
    let mut archive = tar::Builder::new(GzEncoder::new(to, Compression::fast()));
    let mut end = End::default();
    loop {
        match coming.blocking_recv() {
            Some(Next::Member(member)) => {
                append(&mut archive, &member.name, &member.bytes)?;
                end.members.insert(member.name, hex(&Sha256::digest(&member.bytes)));
                if let Some((table, rows)) = member.rows {
                    *end.rows.entry(table).or_default() += rows;
                }
            }
            Some(Next::End) => break,
            None => return Ok(false),
        }
    }
    append(&mut archive, END, &serde_json::to_vec_pretty(&end)?)?;
    archive.into_inner()?.finish()?.flush()?;
    Ok(true)
}

fn append(archive: &mut tar::Builder<impl Write>, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len().try_into().unwrap_or(u64::MAX));
    header.set_mode(0o600);
    archive.append_data(&mut header, name, bytes)
}
