//! The rules of this room: pure, without database, without HTTP.

pub mod against;
pub mod area_code;
pub mod contact;
pub mod discreet;
pub mod gate;
pub mod notice;
pub mod quiet_hours;
pub mod written_consent;
