//! The rows of this room. Private: outside, a row can be read as a struct and never written.

pub(crate) mod attempt;
pub(crate) mod benefit_check;
pub(crate) mod call;
pub(crate) mod duty;
pub(crate) mod escalation;
pub(crate) mod inquiry;
pub(crate) mod merge;
pub(crate) mod pause;
pub(crate) mod request;
pub(crate) mod routing;
pub(crate) mod saved_view;
pub(crate) mod wait;
