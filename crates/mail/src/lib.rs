//! One outbox: queued with its cause, gated at the moment of leaving, delivered by SMTP.
//!
//! Tables: `messages`, `own_words`, `notice_addresses`, `third_party_letters`.
//!
//! Invariants: a cause queues one message (`dedupe`); words are rendered anew at every try and kept nowhere, but for
//! those somebody wrote themselves, which are sealed under the reader's key; nothing
//! leaves without a decision of the gate in the unit that claims the message; a crash costs at most one extra copy,
//! with the same Message-ID; a revealing word holds a message back; a letter about a person to somebody else is a fixed
//! reply, rests on a consent and carries the notice, or was released by a second person, and stands in the accounting.
//!
//! Mail that arrives is read by [`inward::read`]; what becomes of it is decided in the room that asked for it.
//!
//! Others use [`outbox::queue`] in the unit of a cause, [`outbox::sending::send`] as the worker of [`outbox::JOB`],
//! and [`outbox::stopping::stop`] behind the link in every letter.

pub mod compose;
pub mod delivery;
mod entity;
mod holding;
pub mod inward;
pub mod letter;
pub mod mailbox;
pub mod outbox;
pub mod own_words;
#[cfg(feature = "testing")]
pub mod sink;
pub mod staff_notice;
pub mod third_party;

pub use compose::{Facts, LetterKind, kept_by_setting, sender_reveals};
pub use entity::message::Model as Message;
pub use holding::MailHolding;
pub use outbox::capturing::{Captured, CapturedLetter, Postroom};
pub use outbox::{MessageId, NewMessage, State};
