//! The rows of this room. Private: outside, a row can be read as a struct and never written.

pub(crate) mod attempt;
pub(crate) mod benefit_check;
pub(crate) mod call;
pub(crate) mod inquiry;
pub(crate) mod mention;
pub(crate) mod merge;
pub(crate) mod request;
pub(crate) mod saved_macro;
pub(crate) mod saved_reply;
pub(crate) mod saved_view;
pub(crate) mod undo;
pub(crate) mod wait;
pub(crate) mod watch;
