//! The ledger: who did what to which subject, whom it concerned, and when. Audit trail and timeline in one.
//!
//! Append-only (triggers refuse otherwise) and written in the commit of its act. A sealer hash-chains new rows right
//! after, so that writers never queue behind the chain; the head of the chain is anchored outside the database.

pub mod anchoring;
pub mod asking;
pub mod entry;
pub mod reading;
mod seal;
pub mod sealing;
pub mod verifying;
mod waiting;
