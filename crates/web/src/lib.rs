//! Everything HTTP: routes with their permission, sessions, forms, pages rendered late, live updates, assets.
//!
//! A handler returns a page, a redirect or a [`Failure`]; it knows nothing of the shell around the page, of error
//! pages or of headers. One layer renders (`page.rs`), one refuses what comes from other sites (`origin.rs`), one
//! keeps the session (`session.rs`). A route cannot be added without saying who may use it (`routes.rs`).
//!
//! No SQL here, no HTML outside templates, no rule in a template.

pub mod account;
pub mod address;
pub mod admin;
mod alerts;
pub mod alumni;
pub mod appointments;
pub mod assets;
pub mod benefits;
pub mod break_glass;
pub mod call;
pub mod channels;
mod check_in;
pub mod clients;
mod confidential;
pub mod consultation;
mod contact_overrides;
pub mod dashboards;
mod differing;
pub mod duty;
pub mod escalation;
pub mod failure;
pub mod filters;
mod finding;
pub mod form;
pub mod headers;
pub mod health;
pub mod hours;
pub mod house;
pub mod importing;
pub mod inbox;
pub mod language;
pub mod leaving;
pub mod limits;
mod links_host;
mod listing;
pub mod live;
pub mod look;
pub mod macros;
pub mod mail;
pub mod my_day;
pub mod on_call;
mod opening;
pub mod origin;
pub mod own_record;
pub mod page;
mod phones;
pub mod plan;
pub mod presence;
mod promises;
pub mod public_form;
pub mod reasons;
pub mod referral;
pub mod referrals;
pub mod replies;
mod request_log;
pub mod requests;
pub mod routes;
pub mod routing;
mod safe_contact;
mod said;
pub mod session;
pub mod settings;
pub mod setup;
mod shelter;
pub mod sign_in;
mod signed_paper;
pub mod sources;
pub mod stopping;
mod tags;

mod api;
mod app;
pub mod third_party;
pub mod unsent;
mod waiting;
pub mod waitlist;

pub use app::{app, routes};
pub use failure::Failure;
pub use house::{House, Ways};
