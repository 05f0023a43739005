//! Opening a record is an act: it is permitted, and recorded before the page is shown. Readings that wait together
//! share one commit, so that a page costs no sync of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::EntityTrait;
use tokio::sync::{Notify, mpsc, oneshot};
use uuid::Uuid;

use super::entry;
use crate::actor::Actor;
use crate::acts::{Act, may};
use crate::chance::Chance;
use crate::clock::{Clock, Instant};
use crate::error::{Away, Error};
use crate::ids::{EntryId, new_id};
use crate::sealed::Keyring;
use crate::store::Store;
use crate::subject::Subject;

/// So long one commit of readings may take.
const LONGEST: Duration = Duration::from_secs(10);
/// Readings in one commit at the most.
const BATCH: usize = 256;

/// An entry, and who waits until it is written. What they hear is why it was not, where that passes.
type Waiting = (entry::Model, oneshot::Sender<Result<(), Option<Away>>>);

/// The recorder of readings.
pub struct Readings {
    queue: mpsc::Sender<Waiting>,
    clock: Clock,
    chance: Chance,
    /// What was opened lately, by whom, and when: a page that stays open and fetches itself is one opening.
    lately: Mutex<HashMap<Opening, Instant>>,
}

type Opening = (Option<Uuid>, Act, Uuid);
/// A page that fetches itself is recorded anew after this long.
const ONE_OPENING: TimeDelta = TimeDelta::minutes(15);
/// Openings kept in mind at the most; then the oldest half is let go.
const KEPT: usize = 4096;

impl Readings {
    pub(crate) fn start(
        (store, keyring): (Store, Keyring),
        clock: Clock,
        chance: Chance,
        seal_bell: Arc<Notify>,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(1024);
        tokio::spawn(record_all(store, keyring, waiting, seal_bell));
        Self { queue, clock, chance, lately: Mutex::default() }
    }

    /// The same for a page that stayed open and fetched itself: recorded as long as this viewer did not open this very
    /// thing a moment ago, so that the ledger tells of people and not of timers. Whoever only pretends to be such a page
    /// is recorded like anyone.
    pub async fn go_on(&self, viewer: &Actor, act: Act, subject: &Subject) -> Result<(), Error> {
        if !may(viewer, act, subject) {
            return Err(Error::Forbidden(act));
        }
        let since = self.clock.now() - ONE_OPENING;
        let opening = (viewer.id(), act, subject.id);
        let lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner).get(&opening).copied();
        if lately.is_some_and(|at| at > since) {
            return Ok(());
        }
        self.record(viewer, act, subject).await
    }

    /// Permits and records that `viewer` looks at `subject`. If the ledger cannot be written, nothing is shown.
    pub async fn record(&self, viewer: &Actor, act: Act, subject: &Subject) -> Result<(), Error> {
        self.hand_in(viewer, act, subject).await?.written().await
    }

    /// The same in two steps: the entry is on its way to the disk while the page is put together.
    pub async fn hand_in(&self, viewer: &Actor, act: Act, subject: &Subject) -> Result<HandedIn<'_>, Error> {
        if !may(viewer, act, subject) {
            return Err(Error::Forbidden(act));
        }
        let now = self.clock.now();
        let row = entry::Model {
            id: EntryId(new_id(now, 0, &self.chance)),
            at: now,
            actor_kind: viewer.kind().to_owned(),
            actor_id: viewer.id(),
            act,
            subject_kind: subject.kind.to_owned(),
            subject_id: subject.id,
            person_id: subject.person,
            details: by_glass(viewer, subject),
            code: None,
        };
        let (done, written) = oneshot::channel();
        self.queue.send((row, done)).await.map_err(|_| Error::Busy)?;
        Ok(HandedIn { readings: self, opening: (viewer.id(), act, subject.id), at: now, written })
    }
}

/// A reading on its way into the ledger. Nothing may be shown before it is [`written`](HandedIn::written).
#[must_use = "nothing may be shown before it is written"]
pub struct HandedIn<'a> {
    readings: &'a Readings,
    opening: Opening,
    at: Instant,
    written: oneshot::Receiver<Result<(), Option<Away>>>,
}

impl HandedIn<'_> {
    /// Waits until it is on the disk. An error means: show nothing.
    pub async fn written(self) -> Result<(), Error> {
        match self.written.await {
            Ok(Ok(())) => {}
            Ok(Err(Some(away))) => return Err(Error::Away(away)),
            _ => {
                return Err(Error::Broken(
                    "the ledger could not be written, so the record is not shown".into(),
                ));
            }
        }
        self.readings.keep_in_mind(self.opening, self.at);
        Ok(())
    }
}

impl Readings {
    fn keep_in_mind(&self, opening: Opening, now: Instant) {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        if lately.len() >= KEPT {
            lately.retain(|_, at| *at > now - ONE_OPENING / 2);
        }
        if lately.len() < KEPT {
            lately.insert(opening, now);
        }
    }
}

/// A reading that only broken glass allowed, or that happened while it was, names the reason it rests on.
fn by_glass(viewer: &Actor, subject: &Subject) -> serde_json::Value {
    match viewer.staff().and_then(|staff| staff.window(subject.person?)) {
        Some(window) => serde_json::json!({ "break_glass": window.id }),
        None => serde_json::json!({}),
    }
}

async fn record_all(
    store: Store,
    keyring: Keyring,
    mut waiting: mpsc::Receiver<Waiting>,
    seal_bell: Arc<Notify>,
) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let (rows, done): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
        // A line that hangs must not keep every record closed until the system gives it up.
        let written = tokio::time::timeout(LONGEST, write(&store, &keyring, rows)).await;
        let written = match written.unwrap_or(Err(Error::Away(Away::Silent))) {
            Ok(()) => Ok(()),
            Err(e) => {
                tracing::error!(error = %e, "readings could not be recorded");
                Err(if let Error::Away(away) = e { Some(away) } else { None })
            }
        };
        for waiter in done {
            // A viewer who went away is no fault.
            let _ = waiter.send(written);
        }
        seal_bell.notify_one();
    }
}

async fn write(store: &Store, keyring: &Keyring, rows: Vec<entry::Model>) -> Result<(), Error> {
    let tx = store.begin().await?;
    let rows = rows.into_iter().map(|row| row.coded(keyring));
    entry::Entity::insert_many(rows).exec_without_returning(&tx).await?;
    store.commit(tx).await
}
