//! The consultation-request inbox: from a person's first words to an outcome.
//!
//! An inquiry is already protected like a chart (42 CFR §2.12(e)(1) covers intake and referral). Caller and
//! prospective client are two people from the start, unless someone asks for themselves.
//!
//! Tables: `requests`, `attempts`, `calls`, `request_merges`, `benefit_checks`, `waits`, `third_party_inquiries`,
//! `saved_views`, `referral_organizations`, `referral_contacts`, `touches`, `referrals_in`, `referrals_out`, `sites`,
//! `weekly_hours`, `hours_exceptions`, `appointments`, `calendar_feeds`, `pauses`, `duties`, `routings`, `escalations`,
//! `escalations_told`, `saved_replies`, `macros`, `watches`, `mentions`, `undos`, `inward_messages`, `mail_arrivals`,
//! `api_keys`, `api_submissions`, `imports`; the settings `clocks`, `routing` and `escalation`.
//!
//! Invariants: one submission is one request; of two who claim one wins and the other learns who; a request becomes
//! a client once; what was written is sealed; closing needs a disposition; of two merged requests one goes on, what comes
//! to the other lands there, and no text of either is lost; a plan is asked by name under a consent in force or not at
//! all; no referrer and no other provider is told anything without one; nothing counts money for a referral; a free time is
//! computed and never stored, and booked once.

pub mod api_key;
pub mod appointments;
pub mod benefits;
pub mod call;
pub mod clocks;
pub mod duty;
mod entity;
pub mod escalating;
pub mod form;
pub mod handing_over;
mod holding;
pub mod importing;
pub mod inbox;
pub mod inward;
pub mod macros;
pub mod organization;
pub mod reasons;
pub mod referral_in;
pub mod referral_out;
pub mod replies;
pub mod request;
pub mod routing;
pub mod rules;
pub mod same_person;
pub mod third_party;
pub mod touch;
pub mod waiting_on;
pub mod waitlist;
pub mod what_they_said;
pub mod whose;

pub use appointments::{Appointment, AppointmentId};
pub use entity::attempt::Model as Attempt;
pub use entity::benefit_check::{BenefitCheckId, Model as BenefitCheck};
pub use entity::pause::Model as Pause;
pub use entity::request::{Model as Request, RequestId};
pub use holding::IntakeHolding;
