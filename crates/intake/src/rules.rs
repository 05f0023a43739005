//! The rules of this room: pure, without database, without HTTP.

pub mod benefits;
pub mod cadence;
pub mod calendar;
pub mod clock;
pub mod countdown;
pub mod due;
pub mod escalating;
pub mod likeness;
pub mod merging;
pub mod outcome;
pub mod routing;
pub mod standing;
pub mod triage;
pub mod waiting;
pub mod waitlist;
pub mod words;
