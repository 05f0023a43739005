//! Chance: the one source of random bytes. From the operating system in service, from a seed in tests and the demo.

use std::sync::{Arc, Mutex, PoisonError};

use rand::rngs::SysRng;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use sha2::{Digest, Sha256};

use crate::error::Error;

/// Letters of a spoken reference: no 0/O, 1/I/L, 5/S, 8/B, 2/Z, U/V, so that it survives a bad phone line.
const SPEAKABLE: &[u8; 22] = b"34679ACDEFGHJKMNPQRTWX";

/// A ChaCha20 stream. Cloning shares the stream, so a seeded test stays reproducible.
#[derive(Clone)]
pub struct Chance(Arc<Mutex<ChaCha20Rng>>);

impl Chance {
    /// Seeded once from the operating system.
    pub fn system() -> Result<Self, Error> {
        let rng = ChaCha20Rng::try_from_rng(&mut SysRng)
            .map_err(|e| Error::Broken(format!("no randomness: {e}")))?;
        Ok(Self(Arc::new(Mutex::new(rng))))
    }

    /// The same stream for the same seed. Never for a center in service.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(&mut out);
        out
    }

    /// A number in `0..below`; 0 when `below` is 0. The bias is below 2⁻³² for the sizes used here.
    pub fn below(&self, below: u32) -> u32 {
        let wide = u64::from_le_bytes(self.bytes());
        u32::try_from(wide % u64::from(below.max(1))).unwrap_or(0)
    }

    /// One of a list; `None` only when it is empty.
    pub fn pick<'a, T>(&self, from: &'a [T]) -> Option<&'a T> {
        let at = self.below(u32::try_from(from.len()).unwrap_or(u32::MAX));
        from.get(usize::try_from(at).ok()?)
    }

    /// A new secret of 256 bits: the text that leaves the house, and what may be stored of it.
    pub fn secret(&self) -> Secret {
        Secret(hex(&self.bytes::<32>()))
    }

    /// A short reference that can be said aloud, like `CR-4F7K3` for the prefix `CR`.
    pub fn reference(&self, prefix: &str) -> String {
        let letters = self.bytes::<5>().map(|b| {
            let at = usize::from(b) % SPEAKABLE.len();
            char::from(SPEAKABLE.get(at).copied().unwrap_or(b'X'))
        });
        format!("{prefix}-{}", letters.iter().collect::<String>())
    }
}

/// A secret of 256 bits as hex. Printed only on purpose, by [`Secret::reveal`].
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A secret whose text was made elsewhere.
    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The text to hand to the one person it is for.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored: SHA-256 of the text. A stolen database opens nothing.
    pub fn hash(&self) -> Vec<u8> {
        hash_of(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What is stored of a secret that came back from outside.
pub fn hash_of(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// The bytes of such a text, if it is one.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_tells_the_same_story() {
        assert_eq!(Chance::seeded(7).bytes::<16>(), Chance::seeded(7).bytes::<16>());
        assert_ne!(Chance::seeded(7).bytes::<16>(), Chance::seeded(8).bytes::<16>());
    }

    #[test]
    fn a_reference_has_no_look_alike_letters() {
        let chance = Chance::seeded(1);
        for _ in 0..200 {
            let reference = chance.reference("CR");
            assert_eq!(reference.len(), 8);
            assert!(
                !reference
                    .get(3..)
                    .unwrap()
                    .contains(['0', 'O', '1', 'I', 'L', '5', 'S', '8', 'B', '2', 'Z', 'U', 'V'])
            );
        }
    }

    #[test]
    fn a_secret_does_not_print_itself() {
        let secret = Chance::seeded(3).secret();
        assert!(!format!("{secret:?}").contains(secret.reveal()));
        assert_eq!(secret.hash(), hash_of(secret.reveal()));
    }
}
