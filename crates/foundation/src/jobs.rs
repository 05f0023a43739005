//! Work in the background: rows claimed by lease, so that no lock is held while working and a dead worker's job
//! comes back. A job is shallow, safe to run twice, and says *again later* or *given up*.

mod job;
pub mod queueing;
pub mod running;
pub mod standing;

pub use job::{Model as Job, State};

use crate::clock::Instant;

/// A job to queue.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// The name under which it is registered with the runner.
    pub kind: &'static str,
    /// References only; a job reads the truth when it runs.
    pub payload: serde_json::Value,
    /// A job with the same text is queued once and never again.
    pub dedupe: Option<String>,
    /// Not before this moment; at once when `None`.
    pub run_at: Option<Instant>,
}

/// How a job ended.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Try again after the usual growing pause.
    #[error("again later: {0}")]
    Again(String),
    /// Never try again; it stays visible to staff.
    #[error("given up: {0}")]
    GiveUp(String),
}

impl From<crate::error::Error> for Failure {
    fn from(e: crate::error::Error) -> Self {
        Self::Again(e.to_string())
    }
}
