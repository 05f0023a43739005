//! Where letters leave the house, and where the sample center keeps them instead.

use std::collections::VecDeque;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use foundation::Instant;
use serde::{Deserialize, Serialize};

use crate::delivery::Post;
use crate::letter::Letter;
use crate::outbox::MessageId;

/// So many letters are kept; older ones go.
const KEPT: usize = 200;

/// The way out: the mail server, the address links begin with, and the letters that were kept here.
#[derive(Clone, Debug)]
pub struct Postroom {
    pub post: Post,
    /// What links in letters begin with, without a slash at the end.
    pub public_url: String,
    pub captured: Captured,
}

/// Letters of a sample center, in memory or in a folder of its own as well. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Captured(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    letters: VecDeque<CapturedLetter>,
    ever: usize,
    folder: Option<PathBuf>,
}

impl Kept {
    /// Writes a letter into the folder, and takes out the one that is too many then.
    fn write_down(&self, letter: &CapturedLetter) -> std::io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let file = |number: usize| folder.join(format!("{number}.json"));
        std::fs::write(file(letter.number), serde_json::to_vec(letter)?)?;
        match letter.number.checked_sub(KEPT).map(|old| std::fs::remove_file(file(old))) {
            Some(Err(e)) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }
}

/// A letter as its reader would have seen it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CapturedLetter {
    /// Counted from 1.
    pub number: usize,
    pub message: MessageId,
    pub at: Instant,
    pub to: String,
    pub from: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Captured {
    /// Letters that lie in a folder, so that a sample center that is opened again has them still.
    ///
    /// # Errors
    /// When the folder cannot be made or read, or holds something else.
    pub fn kept_in(folder: &Path) -> std::io::Result<Self> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let mut letters = Vec::new();
        for file in std::fs::read_dir(folder)? {
            letters.push(serde_json::from_slice::<CapturedLetter>(&std::fs::read(file?.path())?)?);
        }
        letters.sort_by_key(|letter| std::cmp::Reverse(letter.number));
        let ever = letters.first().map_or(0, |newest| newest.number);
        let kept = Kept { letters: letters.into(), ever, folder: Some(folder.to_owned()) };
        Ok(Self(Arc::new(Mutex::new(kept))))
    }

    pub(crate) fn keep(&self, message: MessageId, letter: &Letter) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.ever += 1;
        let letter = CapturedLetter {
            number: kept.ever,
            message,
            at: letter.date,
            to: letter.to_address.as_str().to_owned(),
            from: format!("{} <{}>", letter.from_name, letter.from_address),
            subject: letter.subject.clone(),
            text: letter.text.clone(),
            html: letter.html.clone().unwrap_or_default(),
        };
        if let Err(e) = kept.write_down(&letter) {
            tracing::warn!(error = %e, "a letter of the sample center is kept in memory alone");
        }
        kept.letters.push_front(letter);
        kept.letters.truncate(KEPT);
    }

    /// The letters, newest first.
    pub fn letters(&self) -> Vec<CapturedLetter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).letters.iter().cloned().collect()
    }

    /// One letter by its number.
    pub fn letter(&self, number: usize) -> Option<CapturedLetter> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.letters.iter().find(|l| l.number == number).cloned()
    }
}
