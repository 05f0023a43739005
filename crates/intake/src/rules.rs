//! The rules of this room: pure, without database, without HTTP.

pub mod appointments;
pub mod benefits;
pub mod cadence;
pub mod clock;
pub mod countdown;
pub mod danger_hours;
pub mod due;
pub mod escalating;
pub mod form;
pub mod likeness;
pub mod macros;
pub mod merging;
pub mod naming;
pub mod outcome;
pub mod reasons;
pub mod referral;
pub mod replies;
pub mod routing;
pub mod slots;
pub mod source;
pub mod standing;
pub mod triage;
pub mod waiting;
pub mod waitlist;
pub mod words;

/// The calendar lies lower in the house, because alumni go by the same hours.
pub use foundation::calendar;
