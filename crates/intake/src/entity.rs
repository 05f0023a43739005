//! The rows of this room. Private: outside, a row can be read as a struct and never written.

pub(crate) mod api_key;
pub(crate) mod api_submission;
pub(crate) mod attempt;
pub(crate) mod benefit_check;
pub(crate) mod call;
pub(crate) mod import;
pub(crate) mod inquiry;
pub(crate) mod inward_message;
pub(crate) mod mail_arrival;
pub(crate) mod merge;
pub(crate) mod request;
pub(crate) mod saved_view;
pub(crate) mod wait;
