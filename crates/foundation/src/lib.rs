//! The ground floor of the house: what every room stands on.
//!
//! - [`Db::write`] is the one door to write; a [`Unit`] permits, writes, records and queues, all or nothing.
//! - [`acts`] is the one table of who may do what; [`ledger`] is audit trail and timeline in one.
//! - [`Clock`] and [`Chance`] hand in time and randomness; nothing else asks the machine.
//! - [`sealed`] keeps free text under a key of each person; [`search`] finds people by folded terms on both databases.
//! - [`break_glass`] opens a locked record for an hour, with a reason, for someone else to review.
//! - [`calendar`] holds the hours and holidays of the center; [`on_call`] who is there outside of them.
//! - [`store::copying`] copies everything out at one moment and fills an empty place; [`restored`] holds what comes of it.
//! - [`jobs`] does work in the background by lease; [`staff`] are the people who may sign in.
//!
//! Tables: `staff`, `recovery_codes`, `sessions`, `throttles`, `ledger`, `ledger_seals`, `jobs`, `settings`, `drafts`,
//! `sealing_keys`, `links`, `search_index`, `break_glass`, `access_decisions`.
//!
//! Invariants: no row changes outside a unit; no unit writes without recording; the ledger is append-only; time in
//! the database is always bound from Rust, UTC, cut to milliseconds.

pub mod access;
mod actor;
pub mod acts;
pub mod break_glass;
pub mod calendar;
pub mod center;
mod chance;
pub mod clock;
pub mod confidential;
mod db;
pub mod drafts;
mod error;
pub mod holding;
mod ids;
pub mod jobs;
mod kept;
mod lang;
pub mod ledger;
pub mod links;
pub mod on_call;
pub mod restored;
mod role;
pub mod sealed;
pub mod search;
pub mod settings;
pub mod staff;
pub mod store;
mod subject;
#[cfg(feature = "testing")]
pub mod testing;
mod unit;
mod words;

pub use actor::{Actor, StaffActor};
pub use acts::{Act, may};
pub use chance::{Chance, Secret, hash_of, hex};
pub use clock::{Clock, Day, Instant, Zone, day, read_day, read_moment};
pub use db::Db;
pub use error::{Away, Error, Fault, Faults, Refusal, refused};
pub use ids::{EntryId, JobId, PersonId, StaffId};
pub use jobs::NewJob;
pub use lang::Lang;
pub use role::Role;
pub use store::{Place, Store};
pub use subject::Subject;
pub use unit::{News, Permit, Unit};
