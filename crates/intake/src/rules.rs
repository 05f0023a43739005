//! The rules of this room: pure, without database, without HTTP.

pub mod benefits;
pub mod cadence;
pub mod due;
pub mod likeness;
pub mod macros;
pub mod merging;
pub mod naming;
pub mod outcome;
pub mod replies;
pub mod standing;
pub mod triage;
pub mod waitlist;
pub mod words;
