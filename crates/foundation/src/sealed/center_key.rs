//! The file of the center's key, and the database it belongs to: the database keeps a print of its key, and whoever opens
//! it with another key, or with none, is told which file is missing. A key is made for an empty database alone.

use std::path::Path;

use sea_orm::{ConnectionTrait, Statement};
use serde::{Deserialize, Serialize};

use super::Keyring;
use crate::actor::Actor;
use crate::acts::Act;
use crate::chance::Chance;
use crate::db::Db;
use crate::error::{Error, refused};
use crate::settings;
use crate::store::Store;
use crate::subject::Subject;

/// The setting's name.
const ORIGIN: &str = "origin";

/// Where a database comes from: what it says to a program that does not fit it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The version that took the newest step of its tables.
    pub version: String,
    /// The print of the center's key.
    pub key: String,
}

impl Origin {
    /// What the database says; `None` when it is new, or of a version that said nothing.
    pub async fn of(store: &Store) -> Result<Option<Self>, Error> {
        Ok(settings::read(&store.reader, ORIGIN).await?.map(|(origin, _)| origin))
    }

    /// Writes down the version and the key of whoever opened the database, when they are not those of before.
    pub async fn keep(db: &Db, version: &str) -> Result<(), Error> {
        let now = Self { version: version.to_owned(), key: db.keyring().print() };
        let found = settings::read::<Self>(db.reader(), ORIGIN).await?;
        let before = found.as_ref().map_or(0, |(_, version)| *version);
        if found.is_some_and(|(origin, _)| origin == now) {
            return Ok(());
        }
        db.write(&Actor::House, async |unit| {
            let permit = unit.permit(Act::TakeDatabase, &Subject::center())?;
            settings::keep(unit, ORIGIN, &now, before).await?;
            unit.record(permit, serde_json::json!({ "version": now.version, "key": now.key }));
            Ok(())
        })
        .await
    }
}

/// The key of a database whose tables are there, from `file`; made when both are new.
///
/// # Errors
/// `key_missing` and `key_of_another`, which name the file; [`Error::Broken`] when the file cannot be used.
pub async fn for_database(store: &Store, file: &Path, chance: &Chance) -> Result<Keyring, Error> {
    let origin = Origin::of(store).await?;
    let wanted =
        |print: &str| if print.is_empty() { String::new() } else { format!(" (its print is {print})") };
    let print = origin.map(|origin| origin.key).unwrap_or_default();
    match read(file)? {
        Some(keyring) if keyring.print() == print => Ok(keyring),
        Some(keyring) if print.is_empty() && keyring.opens(&store.reader).await? => Ok(keyring),
        Some(keyring) => Err(refused(
            "key_of_another",
            format!(
                "{} is the key of another center (its print is {}). This database wants its own key{}: put that file \
                 there. Nothing was changed.",
                file.display(),
                keyring.print(),
                wanted(&print)
            ),
        )),
        None if print.is_empty() && is_new(store).await? => make(file, chance),
        None => Err(refused(
            "key_missing",
            format!(
                "{} is missing. This database was made with a key of its own{}: put that file there, from the copy \
                 you keep apart, or from the other program that uses this database. No key was made.",
                file.display(),
                wanted(&print)
            ),
        )),
    }
}

/// Whether nothing ever happened here. In words of its own: the tables may still be those of an older version.
async fn is_new(store: &Store) -> Result<bool, Error> {
    let ask = Statement::from_string(store.reader.get_database_backend(), "SELECT id FROM ledger LIMIT 1");
    Ok(store.reader.query_one_raw(ask).await?.is_none())
}

/// The key in a file, if there is one.
///
/// # Errors
/// [`Error::Broken`] when others can read it, or it does not hold 32 bytes.
pub fn read(file: &Path) -> Result<Option<Keyring>, Error> {
    let bytes = match std::fs::read(file) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Error::Broken(format!("the key file {}: {e}", file.display()))),
    };
    refuse_open_file(file)?;
    let key = bytes
        .try_into()
        .map_err(|_| Error::Broken(format!("the key file {} does not hold 32 bytes", file.display())))?;
    Ok(Some(Keyring::new(key)))
}

/// Puts a key that came with a backup into its file, where none is yet.
///
/// # Errors
/// [`Error::Broken`] when it is no key, or the file is there or cannot be made.
pub fn put(file: &Path, bytes: &[u8]) -> Result<Keyring, Error> {
    let key =
        bytes.try_into().map_err(|_| Error::Broken("the key of the backup does not hold 32 bytes".into()))?;
    write_private(file, bytes)
        .map_err(|e| Error::Broken(format!("the key file {} cannot be made: {e}", file.display())))?;
    Ok(Keyring::new(key))
}

fn make(file: &Path, chance: &Chance) -> Result<Keyring, Error> {
    let key = chance.bytes::<32>();
    write_private(file, &key)
        .map_err(|e| Error::Broken(format!("the key file {} cannot be made: {e}", file.display())))?;
    Ok(Keyring::new(key))
}

/// Writes a file that only its owner can read: whole or not at all, whenever the program is killed, and never over one
/// that is there.
fn write_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let half = file.with_extension(format!("new-{}-{:?}", std::process::id(), std::thread::current().id()));
    let mut out =
        std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    // A link to what is on the disk already appears at once, and fails where a name is taken.
    let done = std::fs::hard_link(&half, file);
    std::fs::remove_file(&half)?;
    done?;
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn refuse_open_file(file: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(file).map_err(|e| Error::Broken(e.to_string()))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(Error::Broken(format!(
            "the key file {} can be read by others (mode {:o}); run: chmod 600 {}",
            file.display(),
            mode & 0o777,
            file.display()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_killed_start_is_no_hindrance_and_a_key_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("center.key");
        std::fs::write(folder.path().join("center.new-1-killed"), b"half").unwrap();
        assert!(read(&file).unwrap().is_none());
        let made = make(&file, &Chance::seeded(1)).unwrap();
        assert!(make(&file, &Chance::seeded(2)).is_err());
        assert_eq!(read(&file).unwrap().unwrap().print(), made.print());
    }

    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("center.key");
        make(&file, &Chance::seeded(1)).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(read(&file).is_err());
    }
}
