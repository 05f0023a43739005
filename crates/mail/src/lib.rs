//! One outbox: queued with its cause, gated at send time, delivered by SMTP

pub mod delivery;
pub mod letter;
#[cfg(feature = "testing")]
pub mod sink;
