//! The rules of this room: pure, without database, without HTTP.

pub mod care;
pub mod stay_dates;
pub mod tags;
