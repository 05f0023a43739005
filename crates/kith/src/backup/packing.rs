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

/// Packs what comes until the end comes. When it does not come there is no file.
pub(super) fn pack(
    to: &Path,
    passphrase: Option<SecretString>,
    mut coming: Receiver<Next>,
) -> anyhow::Result<u64> {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    let half = Path::new(&name);
    // What a killed backup left.
    _ = std::fs::remove_file(half);
    let packed = pack_half(half, passphrase, &mut coming).and_then(|bytes| {
        // A link fails where a file is; a rename would be over it.
        std::fs::hard_link(half, to).or_else(|e| {
            // Some shares know no links.
            if to.exists() { Err(e) } else { std::fs::rename(half, to) }
        })?;
        Ok(bytes)
    });
    _ = std::fs::remove_file(half);
    let bytes = packed.with_context(|| format!("{} cannot be written", to.display()))?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(bytes)
}

fn pack_half(
    half: &Path,
    passphrase: Option<SecretString>,
    coming: &mut Receiver<Next>,
) -> anyhow::Result<u64> {
    let file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(half)?;
    let file = BufWriter::with_capacity(1 << 20, file);
    let file = match passphrase {
        Some(passphrase) => {
            let mut sealed = Encryptor::with_user_passphrase(passphrase).wrap_output(file)?;
            archive(&mut sealed, coming)?;
            sealed.finish()?
        }
        None => {
            let mut file = file;
            archive(&mut file, coming)?;
            file
        }
    };
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}

fn archive(to: impl Write, coming: &mut Receiver<Next>) -> anyhow::Result<()> {
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
            None => anyhow::bail!("the database could not be copied to its end"),
        }
    }
    append(&mut archive, END, &serde_json::to_vec_pretty(&end)?)?;
    archive.into_inner()?.finish()?.flush()?;
    Ok(())
}

fn append(archive: &mut tar::Builder<impl Write>, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes.len().try_into().unwrap_or(u64::MAX));
    header.set_mode(0o600);
    archive.append_data(&mut header, name, bytes)
}
