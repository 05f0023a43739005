//! Hands one written letter to a mail server and says what became of it. Knows no database and no consent: the
//! outbox decides what may leave and what to do with the answer.

mod answers;
mod lane;
mod opening;
mod patience;
mod session;
mod settings;
pub(crate) mod wire;

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::time::Instant;

use crate::letter::Written;
pub use lane::Lane;
pub use patience::Patience;
use patience::Until;
use settings::Usable;
pub use settings::{Password, Security, SmtpSettings, Unusable};
pub(crate) use settings::{client_config, names_loopback};

/// Longest time a connection waits for its next letter; servers hang up after minutes, middleboxes much sooner.
const IDLE: Duration = Duration::from_secs(20);
/// Letters over one connection: many servers stop at a hundred.
const LETTERS: u32 = 50;
/// Connections kept waiting, so a burst does not leave dozens open.
const KEPT: usize = 4;

/// What became of one attempt. `why` and `reply` quote the server, which may quote the address: they belong in the
/// outbox row and never in a log line.
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server took responsibility (250 after the final dot).
    Accepted { reply: String },
    /// Nothing was delivered, and a later try may work: unreachable, busy, greylisted, too slow.
    TryLater { why: String },
    /// The server refuses this recipient for good; a person should be reached another way.
    AddressRefused { why: String },
    /// The server refuses this letter, by its size, words or a policy; the address may be fine.
    MessageRefused { why: String },
    /// Every letter would end the same way: sign-in, certificate, sender, settings. Stop the lane and tell someone.
    Configuration { why: String },
    /// The connection broke after the final dot and before the answer: it may or may not have been sent.
    Unknown { why: String },
}

/// Names the outcome only; see [`Outcome`] about the words in it.
impl fmt::Debug for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Outcome {
    /// A name for logs, metrics and columns.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accepted { .. } => "accepted",
            Self::TryLater { .. } => "try_later",
            Self::AddressRefused { .. } => "address_refused",
            Self::MessageRefused { .. } => "message_refused",
            Self::Configuration { .. } => "configuration",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// What the server said, or what happened instead.
    pub fn words(&self) -> &str {
        match self {
            Self::Accepted { reply: words }
            | Self::TryLater { why: words }
            | Self::AddressRefused { why: words }
            | Self::MessageRefused { why: words }
            | Self::Configuration { why: words }
            | Self::Unknown { why: words } => words,
        }
    }
}

/// Where letters go when they leave the house.
#[derive(Clone, Debug)]
pub enum Post {
    /// To a mail server.
    Smtp(Smtp),
    /// Nowhere: the demo keeps every letter in the outbox, where it can be read.
    Captured,
    /// Nowhere yet: no mail server is configured, so the outbox keeps everything queued.
    Held,
}

impl Post {
    /// Makes one attempt, within [`Patience::whole`]. Never panics, never retries after the server saw the letter.
    pub async fn deliver(&self, written: &Written) -> Outcome {
        match self {
            Self::Smtp(smtp) => smtp.deliver(written).await,
            Self::Captured => Outcome::Accepted { reply: "kept here, sent to no one".into() },
            Self::Held => Outcome::Configuration { why: "no mail server is configured".into() },
        }
    }

    /// How the way to the mail server stands, where there is one.
    pub fn lane(&self) -> Option<Lane> {
        let Self::Smtp(smtp) = self else { return None };
        Some(smtp.lane.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// Has the lane learn from what became of a letter.
    pub(crate) fn learn(&self, outcome: &Outcome, now: foundation::Instant) {
        if let Self::Smtp(smtp) = self {
            smtp.lane.lock().unwrap_or_else(PoisonError::into_inner).learn(outcome, now);
        }
    }
}

/// One mail server, its settings checked, and the connections that wait for the next letter. Clones share them.
#[derive(Clone)]
pub struct Smtp {
    usable: Arc<Usable>,
    waiting: Arc<Mutex<Vec<Connection>>>,
    lane: Arc<Mutex<Lane>>,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Smtp").field(&self.usable.settings).finish()
    }
}

/// A connection that is greeted, encrypted and signed in as the settings ask.
///
/// It is owned by the attempt that uses it: when the attempt errs or is cancelled it is dropped, never given back
/// half-used. (A pool that takes such a connection back reads stale replies as success; measured on lettre's.)
struct Connection {
    smtp: AsyncSmtpConnection,
    letters: u32,
    since: Instant,
}

impl Smtp {
    /// Checks the settings; nothing is sent yet.
    pub fn new(settings: SmtpSettings) -> Result<Self, Unusable> {
        Ok(Self { usable: Arc::new(Usable::check(settings)?), waiting: Arc::default(), lane: Arc::default() })
    }

    /// Connects, encrypts and signs in without sending a letter, for `kith doctor`. `Ok` holds the server's name.
    pub async fn knock(&self) -> Result<String, Outcome> {
        let until = Until::starting(self.usable.settings.patience);
        let connection = opening::open(&self.usable, until).await?;
        Ok(connection.server_info().name().to_owned())
    }

    async fn deliver(&self, written: &Written) -> Outcome {
        let until = Until::starting(self.usable.settings.patience);
        match self.attempt(written, until).await {
            Ok(reply) => Outcome::Accepted { reply },
            Err(outcome) => outcome,
        }
    }

    async fn attempt(&self, written: &Written, until: Until) -> Result<String, Outcome> {
        session::check(written)?;
        let mut connection = self.begun(written, until).await?;
        let reply = session::hand_over(&mut connection.smtp, written, until).await?;
        self.keep(connection);
        Ok(reply)
    }

    /// A connection on which the server took the sender.
    async fn begun(&self, written: &Written, until: Until) -> Result<Connection, Outcome> {
        // A server may have hung up on a waiting connection; nothing of this letter was said yet, so begin afresh.
        if let Some(mut waiting) = self.waiting()
            && session::begin(&mut waiting.smtp, written, until).await.is_ok()
        {
            return Ok(waiting);
        }
        let smtp = opening::open(&self.usable, until).await?;
        let mut fresh = Connection { smtp, letters: 0, since: Instant::now() };
        session::begin(&mut fresh.smtp, written, until).await?;
        Ok(fresh)
    }

    fn waiting(&self) -> Option<Connection> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|connection| connection.since.elapsed() < IDLE);
        waiting.pop()
    }

    fn keep(&self, mut connection: Connection) {
        connection.letters += 1;
        connection.since = Instant::now();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if connection.letters < LETTERS && waiting.len() < KEPT {
            waiting.push(connection);
        }
    }
}
