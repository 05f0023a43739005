//! Cadences: which message is due to whom and why, derived from the records.
//!
//! No table of its own. What should be in the outbox is computed from records, cadence and the moment; what is missing
//! there is queued and what should not wait any more is withdrawn, so that a date that moves, moves its messages, and
//! running it twice is running it once.

pub mod check_ins;
