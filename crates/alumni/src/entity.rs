//! The rows of this room, one table a file. Private: outside, a row can be read but not written.

pub(crate) mod aftercare;
pub(crate) mod alum_answers;
pub(crate) mod attempt;
pub(crate) mod check_in;
pub(crate) mod connection;
pub(crate) mod flag;
pub(crate) mod flag_handler;
pub(crate) mod flag_notice;
pub(crate) mod link_word;
pub(crate) mod map;
pub(crate) mod snapshot;
pub(crate) mod talk;
