//! Where letters leave the house, and where the sample center keeps them instead.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use foundation::Instant;

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

/// Letters of a sample center, in memory alone. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Captured(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    letters: VecDeque<CapturedLetter>,
    ever: usize,
}

/// A letter as its reader would have seen it.
#[derive(Clone, Debug, PartialEq, Eq)]
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
