//! The consultation-request inbox: from a person's first words to an outcome.
//!
//! An inquiry is already protected like a chart (42 CFR §2.12(e)(1) covers intake and referral). Caller and
//! prospective client are two people from the start, unless someone asks for themselves.
//!
//! Tables: `requests`, `attempts`, `calls`, `request_merges`, `benefit_checks`, `waits`, `third_party_inquiries`,
//! `saved_views`, `inward_messages`, `mail_arrivals`, `api_keys`, `api_submissions`, `imports`.
//!
//! Invariants: one submission is one request; of two who claim one wins and the other learns who; a request becomes
//! a client once; what was written is sealed; closing needs a disposition; of two merged requests one goes on, what comes
//! to the other lands there, and no text of either is lost; a plan is asked by name under a consent in force or not at
//! all.

pub mod api_key;
pub mod benefits;
pub mod call;
mod entity;
mod holding;
pub mod importing;
pub mod inbox;
pub mod inward;
pub mod request;
pub mod rules;
pub mod same_person;
pub mod third_party;
pub mod waitlist;

pub use entity::attempt::Model as Attempt;
pub use entity::benefit_check::{BenefitCheckId, Model as BenefitCheck};
pub use entity::request::{Model as Request, RequestId};
pub use holding::IntakeHolding;
