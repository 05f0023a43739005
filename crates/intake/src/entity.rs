//! The rows of this room. Private: outside, a row can be read as a struct and never written.

pub(crate) mod appointment;
pub(crate) mod attempt;
pub(crate) mod benefit_check;
pub(crate) mod calendar_feed;
pub(crate) mod call;
pub(crate) mod contact;
pub(crate) mod duty;
pub(crate) mod escalation;
pub(crate) mod hours_exception;
pub(crate) mod inquiry;
pub(crate) mod merge;
pub(crate) mod organization;
pub(crate) mod pause;
pub(crate) mod referral_in;
pub(crate) mod referral_out;
pub(crate) mod request;
pub(crate) mod routing;
pub(crate) mod saved_view;
pub(crate) mod site;
pub(crate) mod touch;
pub(crate) mod wait;
pub(crate) mod weekly_hours;
