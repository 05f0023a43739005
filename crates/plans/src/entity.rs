//! Rows of this room, one table a file.

pub(crate) mod edition;
pub(crate) mod section;
