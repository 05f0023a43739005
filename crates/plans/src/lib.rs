//! Aftercare support plans: sections in the person's own words, editions, and copies by reader.
//!
//! The way of a copy: [`page`] reads everything, [`draw`] makes a document of it for a [`Reader`], `typeset` sets it
//! away from the runtime, and [`finish`] keeps the hash as an edition; a copy for someone else is a disclosure in the
//! same unit.
//!
//! Tables: `plan_sections`, `plan_editions`.
//!
//! Invariants: a section is saved only over the version that was read; the words are sealed under the person's key; a
//! tie marked harmful is on no copy, and a copy whose typed words name one is refused; the person's own copy names
//! neither 42 CFR nor the center; a copy for someone else exists only under a consent in force that names them, shows
//! only what it names, and carries the notice on every page and the scope on the first.

mod entity;
mod finishing;
pub mod holding;
mod paper;
pub mod permission;
mod plan;
pub mod rules;
mod writing;

pub use entity::edition::EditionId;
pub use finishing::{Reader, finish, named_reader};
pub use paper::draw;
pub use plan::{Edition, Plan, Section, Tied, page};
pub use writing::{subject, write_section};
