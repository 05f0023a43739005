//! The look: the shells around a page, and the small view structs that pages share.

mod shells;
mod views;

pub use shells::{PlainLayout, PublicLayout, StaffLayout};
pub use views::{Fact, Fault, Field, Flash, Place, Problem, Tag};
