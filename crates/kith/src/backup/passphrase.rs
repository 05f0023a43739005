//! The passphrase of a backup: the first line of a file, or of standard input.

use std::path::Path;

use age::secrecy::{ExposeSecret, SecretString};
use anyhow::Context;

/// Shorter ones are found by trying.
const SHORTEST: usize = 12;

/// Reads it from a file.
pub(super) fn from_file(file: &Path) -> anyhow::Result<SecretString> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("the passphrase file {} cannot be read", file.display()))?;
    Ok(SecretString::from(text.lines().next().unwrap_or_default().trim_end_matches('\r').to_owned()))
}

/// Reads it from a file, or asks for it at the terminal.
pub(super) fn given(file: Option<&Path>) -> anyhow::Result<SecretString> {
    if let Some(file) = file {
        return from_file(file);
    }
    eprintln!("Passphrase of the backup:");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Whether it may lock what is new.
pub(super) fn ensure_long(passphrase: &SecretString) -> anyhow::Result<()> {
    anyhow::ensure!(
        passphrase.expose_secret().chars().count() >= SHORTEST,
        "the passphrase must have {SHORTEST} characters or more: five words that nobody else would put together"
    );
    Ok(())
}
