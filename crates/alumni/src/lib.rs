//! Connections, the connection indicator and map, aftercare tracks, check-ins, flags, the list of the day.
//!
//! Tables: `connections`, `connection_maps`, `connection_snapshots`, `aftercares`, `check_ins`, `check_in_attempts`,
//! `alum_answers`, `flags`, `flag_handlers`, `flag_notices`, `link_words`, `talks`.
//!
//! Invariants: one active aftercare a person (a unique index settles races); due days are derived from discharge
//! date, track and the days of red and amber answers, a row exists only once a check-in was opened; the
//! answers of a check-in are written once, and what an alum says after that has rows of its own; a grave answer counts
//! when it is given; who died is in no list and no count, and nothing falls due for whoever is in care; names of third parties, notes and answers are sealed under the alum's own key; a tie marked unsafe is
//! in no count and nothing that leaves.

pub mod aftercare;
pub mod alert;
mod caseload;
pub mod check_in;
pub mod connection;
pub mod connections;
pub mod due;
mod entity;
pub mod flag;
pub mod holding;
pub mod link_word;
mod living;
pub mod rules;
pub mod worklist;

pub use caseload::subject;
