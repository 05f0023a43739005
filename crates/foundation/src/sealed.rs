//! Sealed values: free text and answers under a key of each person, wrapped by the center's key. Purging a person is
//! destroying one key. XChaCha20-Poly1305, a fresh nonce each, bound to the place the value is kept in.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use sha2::Sha256;

use crate::chance::{Chance, hex};
use crate::clock::Instant;
use crate::error::Error;
use crate::ids::PersonId;
use crate::unit::Unit;

/// Unwrapped keys kept in memory at the most; then the store of them starts anew.
const KEPT: usize = 4096;
const NONCE: usize = 24;

/// The center's key, and the persons' keys it has unwrapped so far.
#[derive(Clone)]
pub struct Keyring {
    center: [u8; 32],
    open: Arc<Mutex<HashMap<PersonId, [u8; 32]>>>,
}

mod key {
    //! A person's key, wrapped.
    use sea_orm::entity::prelude::*;

    use crate::clock::Instant;
    use crate::ids::PersonId;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sealing_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: PersonId,
        pub wrapped: Vec<u8>,
        pub created_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

impl Keyring {
    /// A keyring for a center key at hand.
    pub fn new(center: [u8; 32]) -> Self {
        Self { center, open: Arc::default() }
    }

    /// Reads the center's key from a file, or makes it on first start. Refuses a file that others can read.
    pub fn at(file: &Path, chance: &Chance) -> Result<Self, Error> {
        let broken = |e: std::io::Error| Error::Broken(format!("the key file {}: {e}", file.display()));
        match std::fs::read(file) {
            Ok(bytes) => {
                refuse_open_file(file)?;
                let key = bytes
                    .try_into()
                    .map_err(|_| Error::Broken("the key file does not hold 32 bytes".into()))?;
                Ok(Self::new(key))
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let key = chance.bytes::<32>();
                match write_private(file, &key) {
                    Ok(()) => Ok(Self::new(key)),
                    // Of two programs that start at once one makes the key, and the other takes it.
                    Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Self::at(file, chance),
                    Err(e) => Err(broken(e)),
                }
            }
            Err(e) => Err(broken(e)),
        }
    }

    /// A short print of the center's key, to compare it with a backup's without showing it.
    pub fn print(&self) -> String {
        hex(crate::chance::hash_of(&hex(&self.center)).get(..4).unwrap_or_default())
    }

    /// Opens a value sealed by [`Unit::seal`]. `place` must be the one it was sealed for.
    pub async fn open(
        &self,
        reader: &impl ConnectionTrait,
        person: PersonId,
        place: &str,
        sealed: &[u8],
    ) -> Result<String, Error> {
        let key = self
            .key(reader, person)
            .await?
            .ok_or_else(|| Error::Broken("the key of this person is gone".into()))?;
        let bytes = open(&key, place, sealed)?;
        String::from_utf8(bytes).map_err(|_| Error::Broken("a sealed text is not text".into()))
    }

    /// Seals something of the house's own, like a second factor, under the center's key.
    pub(crate) fn seal_for_center(
        &self,
        place: &str,
        plain: &[u8],
        chance: &Chance,
    ) -> Result<Vec<u8>, Error> {
        seal(&self.center, place, plain, chance)
    }

    /// Opens what [`Unit::seal_for_center`] sealed.
    pub fn open_for_center(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        open(&self.center, place, sealed)
    }

    /// A hash under the center's key (HMAC-SHA256), to find again what is not kept: who has the tables alone cannot tell it
    /// by trying every number or address. `place` (`table.column`) keeps the hashes of two columns apart.
    pub fn hash(&self, place: &str, text: &str) -> Vec<u8> {
        // A key is filled up with zeros to a block (RFC 2104).
        let mut key = [0; 64];
        key.iter_mut().zip(self.center).for_each(|(to, from)| *to = from);
        let mac = Hmac::<Sha256>::new(&key.into());
        mac.chain_update(place).chain_update([0]).chain_update(text).finalize().into_bytes().to_vec()
    }

    async fn key(&self, reader: &impl ConnectionTrait, person: PersonId) -> Result<Option<[u8; 32]>, Error> {
        if let Some(key) = self.open.lock().unwrap_or_else(PoisonError::into_inner).get(&person) {
            return Ok(Some(*key));
        }
        let Some(row) = key::Entity::find_by_id(person).one(reader).await? else { return Ok(None) };
        let bytes = open(&self.center, &person.to_string(), &row.wrapped)?;
        let key: [u8; 32] =
            bytes.try_into().map_err(|_| Error::Broken("a sealing key has the wrong size".into()))?;
        self.keep(person, key);
        Ok(Some(key))
    }

    fn keep(&self, person: PersonId, key: [u8; 32]) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= KEPT {
            open.clear();
        }
        open.insert(person, key);
    }
}

impl Unit {
    /// Seals what belongs to nobody's record under the center's key, for `place` (`table.column`).
    pub fn seal_for_center(&self, place: &str, text: &str) -> Result<Vec<u8>, Error> {
        self.db().keyring().seal_for_center(place, text.as_bytes(), self.db().chance())
    }

    /// The same for a file.
    pub fn seal_file_for_center(&self, place: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        self.db().keyring().seal_for_center(place, bytes, self.db().chance())
    }

    /// Seals a text under the person's own key, which is made at the first need. `place` names table and column.
    pub async fn seal(&self, person: PersonId, place: &str, text: &str) -> Result<Vec<u8>, Error> {
        let key = self.sealing_key(person).await?;
        seal(&key, place, text.as_bytes(), self.chance())
    }

    async fn sealing_key(&self, person: PersonId) -> Result<[u8; 32], Error> {
        let keyring = self.db().keyring();
        if let Some(key) = keyring.key(self.tx(), person).await? {
            return Ok(key);
        }
        // Not kept in memory here: if this unit is rolled back, the key never was.
        let key = self.chance().bytes::<32>();
        let now: Instant = self.now();
        let row = key::ActiveModel {
            person_id: Set(person),
            wrapped: Set(seal(&keyring.center, &person.to_string(), &key, self.chance())?),
            created_at: Set(now),
        };
        key::Entity::insert(row).exec_without_returning(self.tx()).await?;
        Ok(key)
    }

    /// Destroys a person's key: everything sealed under it is unreadable from then on, in backups' shadow too.
    pub async fn destroy_key(&self, person: PersonId) -> Result<(), Error> {
        key::Entity::delete_by_id(person).exec(self.tx()).await?;
        self.db().keyring().open.lock().unwrap_or_else(PoisonError::into_inner).remove(&person);
        Ok(())
    }
}

fn seal(key: &[u8; 32], place: &str, plain: &[u8], chance: &Chance) -> Result<Vec<u8>, Error> {
    let nonce = chance.bytes::<NONCE>();
    let sealed = XChaCha20Poly1305::new(&Key::from(*key))
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() })
        .map_err(|_| Error::Broken("a value could not be sealed".into()))?;
    Ok([&nonce[..], &sealed].concat())
}

fn open(key: &[u8; 32], place: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
    let broken = || Error::Broken("a sealed value does not open: wrong key, wrong place, or altered".into());
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or_else(broken)?;
    XChaCha20Poly1305::new(&Key::from(*key))
        .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: place.as_bytes() })
        .map_err(|_| broken())
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
    use super::*;

    #[test]
    fn a_value_opens_only_with_its_key_and_in_its_place() {
        let chance = Chance::seeded(1);
        let (zoes, toms) = (chance.bytes::<32>(), chance.bytes::<32>());
        let sealed = seal(&zoes, "notes.body", b"She is scared at night.", &chance).unwrap();
        assert_eq!(open(&zoes, "notes.body", &sealed).unwrap(), b"She is scared at night.");
        assert!(open(&toms, "notes.body", &sealed).is_err());
        assert!(open(&zoes, "requests.words", &sealed).is_err());
        assert!(!sealed.windows(6).any(|w| w == b"scared"));
    }

    #[test]
    fn a_hash_is_of_its_key_and_its_place() {
        let keyring = Keyring::new([0x0b; 32]);
        let jo = keyring.hash("a.b", "jo@example.com");
        assert_eq!(jo, keyring.hash("a.b", "jo@example.com"));
        assert_ne!(jo, keyring.hash("a.c", "jo@example.com"));
        assert_ne!(jo, Keyring::new([0x0c; 32]).hash("a.b", "jo@example.com"));
        assert_ne!(jo, crate::chance::hash_of("jo@example.com"));
    }

    #[test]
    fn of_many_who_start_at_once_all_have_one_key_and_a_killed_start_is_no_hindrance() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("center.key");
        std::fs::write(folder.path().join("center.new-1-killed"), b"half").unwrap();
        let prints: Vec<String> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..16)
                .map(|seed| {
                    let file = &file;
                    scope.spawn(move || Keyring::at(file, &Chance::seeded(seed)).unwrap().print())
                })
                .collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(prints.windows(2).all(|pair| pair[0] == pair[1]), "{prints:?}");
    }

    #[test]
    fn a_key_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("center.key");
        let made = Keyring::at(&file, &Chance::seeded(1)).unwrap();
        assert_eq!(Keyring::at(&file, &Chance::seeded(2)).unwrap().print(), made.print());
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(Keyring::at(&file, &Chance::seeded(3)).is_err());
    }
}
