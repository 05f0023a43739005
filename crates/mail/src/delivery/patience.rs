//! How long each step of an attempt may take. lettre's own timeout covers connecting only (its issue 1027), so every
//! command is timed here, and all of them together.

use std::{future::Future, time::Duration};

use tokio::time::{Instant, timeout_at};

/// Limits of one attempt. The defaults end before a lease of two minutes does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// To find the server and connect, and again to agree on encryption.
    pub connect: Duration,
    /// For each answer to a command; the greeting and the answer to `EHLO` count as one.
    pub command: Duration,
    /// To send the letter and hear that it was taken: servers look for viruses before they answer.
    pub content: Duration,
    /// For everything together.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            command: Duration::from_secs(30),
            content: Duration::from_secs(75),
            whole: Duration::from_secs(90),
        }
    }
}

/// The end of the attempt under way, and the limits of its steps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Until {
    pub(super) patience: Patience,
    end: Instant,
}

/// The server did not answer in time.
#[derive(Debug, thiserror::Error)]
#[error("no answer in time")]
pub(super) struct TooSlow;

impl Until {
    pub(super) fn starting(patience: Patience) -> Self {
        Self { patience, end: Instant::now() + patience.whole }
    }

    /// Runs one step for at most `limit`, and never beyond the end of the attempt. The step is dropped when late.
    pub(super) async fn within<T>(
        self,
        limit: Duration,
        step: impl Future<Output = T>,
    ) -> Result<T, TooSlow> {
        timeout_at(self.end.min(Instant::now() + limit), step).await.map_err(|_| TooSlow)
    }
}
