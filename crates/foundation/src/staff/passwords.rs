//! Passwords: Argon2id, hashed and checked off the async threads, a few at a time, so that two hundred sign-ins at
//! once cannot take the memory of the house.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

use crate::chance::Chance;
use crate::error::{Error, Faults};

/// OWASP's floor for Argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;

/// Hashes under way at once, in the whole process.
static DESKS: Semaphore = Semaphore::const_new(2);

/// Checked when there is no such account, so that a guess takes as long as a hit. Nobody knows its password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5a25vd3N0aGlz$0bVxbfTHmYbNlwQnL6cEw9BU6xBHPVWnY2WdXwVzAJU";

/// A password that may be used: 12 to 256 characters, and not to be guessed with ten thousand million tries, also by someone
/// who knows the person and the center (ASVS 6.2.4). No rules of composition.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Parses what was typed; `names` are those of the person and of the center, which others try first.
    pub fn parse(typed: &str, names: &[&str]) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let length = typed.chars().count();
        if length < 12 {
            faults.add(
                "password",
                "Choose a password of at least 12 characters; a few words you remember are best",
            );
        } else if length > 256 {
            faults.add("password", "Choose a password of at most 256 characters");
        } else if zxcvbn(typed, &parts(names)).score() < Score::Four {
            faults.add(
                "password",
                "Others could guess this password. Choose four or five words that do not belong together, and no names",
            );
        }
        faults.or(|| Self(typed.to_owned()))
    }
}

/// Names as a whole and word by word.
fn parts<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let words = names.iter().flat_map(|name| name.split(|c: char| !c.is_alphanumeric()));
    names.iter().copied().chain(words).filter(|word| word.len() > 2).collect()
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|e| Error::Broken(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A password as it is kept. Made before a unit: hashing is slow, and a unit holds the pen of the house.
#[derive(Clone, Debug)]
pub struct Hashed(pub(super) String);

/// A password to be handed over once and changed at the first sign-in: four groups that can be said aloud.
pub fn first_password(chance: &Chance) -> String {
    let groups = (0..4).map(|_| chance.reference("").replace('-', "").to_lowercase());
    groups.collect::<Vec<_>>().join("-")
}

/// Hashes a password.
pub async fn hash(password: Password, chance: &Chance) -> Result<Hashed, Error> {
    let salt = chance.bytes::<16>();
    at_a_desk(move || {
        let hash = argon2()?
            .hash_password_with_salt(password.0.as_bytes(), &salt)
            .map_err(|e| Error::Broken(format!("a password could not be hashed: {e}")))?;
        Ok(Hashed(hash.to_string()))
    })
    .await
}

/// Whether `typed` is the password of `hash`. Without a hash the same work is done and the answer is no.
pub(super) async fn fits(typed: String, hash: Option<String>) -> Result<bool, Error> {
    at_a_desk(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let fits = argon2()?.verify_password(typed.as_bytes(), hash.as_str()).is_ok();
        Ok(known && fits)
    })
    .await
}

async fn at_a_desk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let _desk = DESKS.acquire().await.map_err(|_| Error::Busy)?;
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Broken(e.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_and_hard_to_guess_and_otherwise_free() {
        let of_ana = ["Ana Ruiz", "ana.ruiz", "Cedar Recovery Center", "Cedar Office"];
        let easy = [
            "short",
            "passwordpassword",
            "qwerty123456",
            "iloveyou1234",
            "P@ssw0rd2026",
            "ana.ruiz-2026",
            "AnaRuizAnaRuiz",
            "CedarRecovery1",
            "CedarOffice2026!",
            "aaaaaaaaaaaaaaaa",
        ];
        for easy in easy {
            assert!(Password::parse(easy, &of_ana).is_err(), "{easy}");
        }
        for good in ["ñandú y lluvia de mayo", "four words nobody guesses", "vB7-kq2-Lw9-zz"] {
            assert!(Password::parse(good, &of_ana).is_ok(), "{good}");
        }
        assert!(Password::parse(&"x".repeat(257), &of_ana).is_err());
        assert!(Password::parse(&first_password(&Chance::seeded(1)), &[]).is_ok());
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_only_and_nobody_fits_nothing() {
        let password = Password::parse("correct horse battery", &["ana"]).unwrap();
        let Hashed(hash) = hash(password, &Chance::seeded(1)).await.unwrap();
        assert!(fits("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!fits("correct horse staple".into(), Some(hash)).await.unwrap());
        assert!(!fits(String::new(), None).await.unwrap());
        assert!(NOBODY.parse::<argon2::PasswordHash>().is_ok());
    }
}
