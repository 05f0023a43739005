//! Sealed values: free text and answers under a key of each person, wrapped by the center's key. Purging a person is
//! destroying one key. XChaCha20-Poly1305, a fresh nonce each, bound to the place the value is kept in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sea_orm::{ConnectionTrait, EntityTrait, Set, Statement};
use sha2::Sha256;

use crate::chance::{Chance, hex};
use crate::clock::Instant;
use crate::error::Error;
use crate::ids::PersonId;
use crate::unit::Unit;

/// Unwrapped keys kept in memory at the most; then the store of them starts anew.
const KEPT: usize = 4096;
const NONCE: usize = 24;

pub mod center_key;

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

    /// A short print of the center's key (64 bits of a hash), to compare it with another without showing it.
    pub fn print(&self) -> String {
        hex(crate::chance::hash_of(&hex(&self.center)).get(..8).unwrap_or_default())
    }

    /// Whether this key opens what was sealed here; so does any key where nothing was.
    async fn opens(&self, reader: &impl ConnectionTrait) -> Result<bool, Error> {
        if let Some(row) = key::Entity::find().one(reader).await? {
            return Ok(open(&self.center, &row.person_id.to_string(), &row.wrapped).is_ok());
        }
        // Before the first person there is staff, and what their phones know.
        let sql = "SELECT totp_secret FROM staff WHERE totp_secret IS NOT NULL LIMIT 1";
        let found = reader.query_one_raw(Statement::from_string(reader.get_database_backend(), sql)).await?;
        let secret: Option<Vec<u8>> = found.map(|row| row.try_get("", "totp_secret")).transpose()?;
        Ok(secret.is_none_or(|secret| self.open_for_center("staff.totp_secret", &secret).is_ok()))
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
        self.hash_bytes(place, text.as_bytes())
    }

    /// The same of bytes.
    pub(crate) fn hash_bytes(&self, place: &str, bytes: &[u8]) -> Vec<u8> {
        // A key is filled up with zeros to a block (RFC 2104).
        let mut key = [0; 64];
        key.iter_mut().zip(self.center).for_each(|(to, from)| *to = from);
        let mac = Hmac::<Sha256>::new(&key.into());
        mac.chain_update(place).chain_update([0]).chain_update(bytes).finalize().into_bytes().to_vec()
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
}
