//! The rows of this room. Private: outside, a row can be read as a struct and never written.

pub(crate) mod client;
pub(crate) mod correction;
pub(crate) mod episode;
pub(crate) mod level_span;
pub(crate) mod note;
pub(crate) mod person;
