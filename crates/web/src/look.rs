//! The look: the shells around a page, the small view structs that pages share, and the page that shows them all.
//!
//! A piece is a macro in `templates/pieces/` and, where it carries data, a struct here. Words live in templates; what
//! changes lives in structs. Each piece file says on top how it is used.

pub mod design;
mod figures;
mod pieces;
mod shells;
mod views;

#[cfg(test)]
mod phones;
#[cfg(test)]
mod tests;

pub use design::DesignPage;
pub use figures::{Bar, Bars, Line, MapDrawing, MapLabel, MapNode, MapTie, Stat};
pub use pieces::{Answer, Due, Entry, Pager, SafeContact, Step, StepState, Tab, Way, Who};
pub use shells::{PlainLayout, PublicLayout, RailCounts, RailWord, StaffLayout, Toast, initials, rail};
pub use views::{Fact, Fault, Field, Place, Problem, Tag};
