//! The rules of this room: pure, without database, without HTTP, without a clock.

pub mod alert;
pub mod connection;
pub mod indicator;
pub mod map;
pub mod response;
pub mod schedule;
pub mod words;
pub mod worklist;
