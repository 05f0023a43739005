//! The tables of the outbox, one a file.

pub(crate) mod message;
