//! A house for tests: a set clock, seeded chance, a fresh migrated database for each test, and people to act as.
//! Dropping it fails the test when a job that was due is left unrun.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test house that cannot be set up is a failed test"
)]

mod database;
mod people;

use std::ops::Deref;

use chrono::TimeDelta;

use crate::chance::Chance;
use crate::clock::{Clock, Instant};
use crate::db::Db;
use crate::jobs::running::{Runner, due};
use crate::sealed::Keyring;
use crate::store::{Place, Store};

pub use people::{Cast, staff_named};

/// Monday 2 March 2026, 15:00 UTC: nine in the morning in Chicago.
pub const MONDAY: &str = "2026-03-02T15:00:00Z";

/// A house with a database of its own.
pub struct House {
    db: Db,
    runner: Runner,
    base: Option<database::Base>,
}

impl House {
    /// A house on SQLite, or on PostgreSQL when `KITH_TEST_POSTGRES` names a server.
    pub async fn new() -> Self {
        Self::with(Runner::default()).await
    }

    /// A house whose jobs are done by `runner`.
    pub async fn with(runner: Runner) -> Self {
        let (store, base) = database::fresh().await;
        let start: Instant = MONDAY.parse().expect("a moment");
        let db = Db::new(store, Clock::set(start), Chance::seeded(2026), Keyring::new([7; 32]));
        Self { db, runner, base: Some(base) }
    }

    /// The same house as another process sees it, at [`House::place`]. `seed` must differ, so that no two processes make
    /// the same ids. It throws nothing away.
    pub async fn beside(place: &str, seed: u64) -> Self {
        let place = Place::parse(place).expect("a place");
        let store = Store::open(&place).await.expect("opens");
        let start: Instant = MONDAY.parse().expect("a moment");
        let db = Db::new(store, Clock::set(start), Chance::seeded(seed), Keyring::new([7; 32]));
        Self { db, runner: Runner::default(), base: None }
    }

    /// Where the tables are, as a setting names it.
    pub fn place(&self) -> String {
        self.base.as_ref().expect("a house of its own").place()
    }

    /// Moves the clock.
    pub fn later(&self, by: TimeDelta) {
        self.db.clock().advance(by);
    }

    /// Does every job that is due. How many were tried.
    pub async fn run_jobs(&self) -> usize {
        self.runner.run_due(&self.db).await.expect("jobs run")
    }

    /// Ends the test: fails when a due job is left, then throws the database away.
    pub async fn close(mut self) {
        let left = due(&self.db).await.expect("jobs can be counted");
        assert_eq!(left, 0, "the test ends with {left} due jobs unrun");
        if let Some(base) = self.base.take() {
            base.close(&self.db).await;
        }
    }
}

impl Deref for House {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Drop for House {
    fn drop(&mut self) {
        assert!(self.base.is_none() || std::thread::panicking(), "end the test with house.close().await");
    }
}
