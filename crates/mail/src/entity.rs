//! The tables of the outbox, one a file.

pub(crate) mod message;
pub(crate) mod notice_address;
pub(crate) mod own_words;
pub(crate) mod third_party_letter;
