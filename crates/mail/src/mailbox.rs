//! A mailbox that is looked into by IMAP. Each unread message is handed to whoever keeps it, and is marked as read, or
//! moved, only after they said that it is kept: a crash in between hands it over again.

mod deferring;
mod opening;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_imap::Session;
use foundation::Instant;
use futures::TryStreamExt;
use tokio::time::timeout;

use crate::delivery::{Password, Security, Unusable};
use crate::inward::MOST;
use deferring::Deferred;
use opening::{Line, Usable, open};

/// Messages that are kept in one look; the rest come with the next one.
const AT_ONCE: usize = 50;
/// Messages that are fetched in one look at the most.
const LOOKED_AT: usize = 200;
/// How long one answer of the server may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// Which mailbox.
#[derive(Clone, Debug)]
pub struct MailboxSettings {
    /// A name or an IP address; the certificate must be for it.
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub user: String,
    pub password: Password,
    /// The folder mail comes into.
    pub folder: String,
    /// The folder for what is kept; without one it stays where it is, marked as read.
    pub moved_to: Option<String>,
    /// The certificate of a private authority, PEM or DER, trusted beside the public ones.
    pub extra_root: Option<Vec<u8>>,
}

/// What became of a message that was handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is kept, here or before.
    Kept,
    /// It can never be kept; a person should look at it in the mailbox.
    Unreadable,
    /// Not now; it stays unread.
    Later,
    /// Its sender wrote too much: it stays unread, and the others come first.
    TooMany,
}

/// Why the mailbox could not be looked into: a sentence for an administrator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub(crate) String);

impl From<async_imap::error::Error> for Fault {
    fn from(error: async_imap::error::Error) -> Self {
        use async_imap::error::Error;
        // What a server says may quote who signs in: the kind is enough, and for a refusal its own words.
        Self(match error {
            Error::No(why) | Error::Bad(why) => format!("The mailbox refused: {}", short(&why)),
            Error::Io(_) | Error::ConnectionLost => "The connection to the mailbox broke.".into(),
            _ => "The mailbox gave an answer that cannot be understood.".into(),
        })
    }
}

fn short(words: &str) -> String {
    crate::letter::one_line(words, 200)
}

/// How looking into it goes, for those who look after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    pub looked_at: Option<Instant>,
    pub succeeded_at: Option<Instant>,
    /// What was in the way the last time.
    pub fault: Option<String>,
    /// Looks in a row that failed.
    pub failures: u32,
}

/// A mailbox whose settings were checked. Cloning shares it and its health.
#[derive(Clone)]
pub struct Mailbox {
    usable: Arc<Usable>,
    health: Arc<Mutex<Health>>,
    deferred: Arc<Mutex<Deferred>>,
}

impl Mailbox {
    /// Checks the settings.
    ///
    /// # Errors
    /// Settings that can never work.
    pub fn new(settings: MailboxSettings) -> Result<Self, Unusable> {
        Ok(Self {
            usable: Arc::new(Usable::check(settings)?),
            health: Arc::default(),
            deferred: Arc::default(),
        })
    }

    /// Comes in and goes again, for `kith doctor`: nothing is read and nothing marked.
    ///
    /// # Errors
    /// Whatever keeps it out.
    pub async fn knock(&self) -> Result<(), Fault> {
        let mut session = soon(open(&self.usable)).await??;
        soon(session.examine(&self.usable.settings.folder)).await??;
        let _ = timeout(PATIENCE, session.logout()).await;
        Ok(())
    }

    /// What people call it.
    pub fn name(&self) -> String {
        let settings = &self.usable.settings;
        format!("{} at {}", settings.user, settings.host)
    }

    /// How looking into it goes.
    pub fn health(&self) -> Health {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks once, and hands over what is unread. How many are kept.
    ///
    /// # Errors
    /// Whatever kept it from looking; what was kept before stays kept.
    pub async fn look<R: Future<Output = Taken> + Send>(
        &self,
        now: Instant,
        keep: impl Fn(Vec<u8>) -> R + Send,
    ) -> Result<usize, Fault> {
        let looked = self.look_in(now, keep).await;
        let mut health = self.health.lock().unwrap_or_else(PoisonError::into_inner);
        health.looked_at = Some(now);
        match &looked {
            Ok(_) => {
                health.succeeded_at = Some(now);
                health.fault = None;
                health.failures = 0;
            }
            Err(fault) => {
                health.fault = Some(fault.0.clone());
                health.failures = health.failures.saturating_add(1);
            }
        }
        looked
    }

    async fn look_in<R: Future<Output = Taken> + Send>(
        &self,
        now: Instant,
        keep: impl Fn(Vec<u8>) -> R + Send,
    ) -> Result<usize, Fault> {
        let mut session = soon(open(&self.usable)).await??;
        soon(session.select(&self.usable.settings.folder)).await??;
        let unread = soon(session.uid_search("UNSEEN UNDELETED")).await??;
        let mut turn = self.deferred().turn(&unread, now);
        turn.truncate(LOOKED_AT);
        let mut kept = 0;
        for uid in turn {
            let Some(bytes) = soon(message(&mut session, uid)).await?? else { continue };
            match keep(bytes).await {
                Taken::Kept => {
                    soon(self.put_away(&mut session, uid)).await??;
                    kept += 1;
                    if kept == AT_ONCE {
                        break;
                    }
                }
                Taken::Unreadable => soon(mark(&mut session, uid, "\\Seen \\Flagged")).await??,
                Taken::Later => {}
                Taken::TooMany => self.deferred().defer(uid, now),
            }
        }
        // What was to be done is done, whether or not they say goodbye.
        let _ = timeout(PATIENCE, session.logout()).await;
        Ok(kept)
    }

    fn deferred(&self) -> MutexGuard<'_, Deferred> {
        self.deferred.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn put_away(&self, session: &mut Session<Line>, uid: u32) -> Result<(), Fault> {
        mark(session, uid, "\\Seen").await?;
        match &self.usable.settings.moved_to {
            Some(folder) => Ok(session.uid_mv(uid.to_string(), folder).await?),
            None => Ok(()),
        }
    }
}

/// One message, or as much of it as is ever read. Looking at it does not mark it as read.
async fn message(session: &mut Session<Line>, uid: u32) -> Result<Option<Vec<u8>>, Fault> {
    let asked = format!("(UID BODY.PEEK[]<0.{}>)", MOST + 1);
    let fetched: Vec<_> = session.uid_fetch(uid.to_string(), asked).await?.try_collect().await?;
    let this = fetched.iter().find(|one| one.uid == Some(uid));
    Ok(this.and_then(|one| one.body()).map(<[u8]>::to_vec))
}

async fn mark(session: &mut Session<Line>, uid: u32, flags: &str) -> Result<(), Fault> {
    let asked = format!("+FLAGS.SILENT ({flags})");
    let _: Vec<_> = session.uid_store(uid.to_string(), asked).await?.try_collect().await?;
    Ok(())
}

async fn soon<T>(step: impl Future<Output = T>) -> Result<T, Fault> {
    timeout(PATIENCE, step).await.map_err(|_| Fault("The mailbox did not answer in time.".into()))
}
