//! Opening a record is an act: it is permitted, and recorded before the page is shown. Readings that wait together
//! share one commit, so that a page costs no sync of its own.

use std::sync::Arc;

use sea_orm::{EntityTrait, Set};
use tokio::sync::{Notify, mpsc, oneshot};

use super::entry;
use crate::actor::Actor;
use crate::acts::{Act, may};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::error::Error;
use crate::ids::{EntryId, new_id};
use crate::store::Store;
use crate::subject::Subject;

/// Readings in one commit at the most.
const BATCH: usize = 256;

type Waiting = (entry::ActiveModel, oneshot::Sender<bool>);

/// The recorder of readings.
pub struct Readings {
    queue: mpsc::Sender<Waiting>,
    clock: Clock,
    chance: Chance,
}

impl Readings {
    pub(crate) fn start(store: Store, clock: Clock, chance: Chance, seal_bell: Arc<Notify>) -> Self {
        let (queue, waiting) = mpsc::channel(1024);
        tokio::spawn(record_all(store, waiting, seal_bell));
        Self { queue, clock, chance }
    }

    /// Permits and records that `viewer` looks at `subject`. If the ledger cannot be written, nothing is shown.
    pub async fn record(&self, viewer: &Actor, act: Act, subject: &Subject) -> Result<(), Error> {
        if !may(viewer, act, subject) {
            return Err(Error::Forbidden(act));
        }
        let now = self.clock.now();
        let row = entry::ActiveModel {
            id: Set(EntryId(new_id(now, 0, &self.chance))),
            at: Set(now),
            actor_kind: Set(viewer.kind().to_owned()),
            actor_id: Set(viewer.id()),
            act: Set(act),
            subject_kind: Set(subject.kind.to_owned()),
            subject_id: Set(subject.id),
            person_id: Set(subject.person),
            details: Set(by_glass(viewer, subject)),
        };
        let (done, written) = oneshot::channel();
        self.queue.send((row, done)).await.map_err(|_| Error::Busy)?;
        match written.await {
            Ok(true) => Ok(()),
            _ => Err(Error::Broken("the ledger could not be written, so the record is not shown".into())),
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

async fn record_all(store: Store, mut waiting: mpsc::Receiver<Waiting>, seal_bell: Arc<Notify>) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let (rows, done): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
        let written = write(&store, rows).await;
        if let Err(e) = &written {
            tracing::error!(error = %e, "readings could not be recorded");
        }
        for waiter in done {
            // A viewer who went away is no fault.
            let _ = waiter.send(written.is_ok());
        }
        seal_bell.notify_one();
    }
}

async fn write(store: &Store, rows: Vec<entry::ActiveModel>) -> Result<(), Error> {
    let tx = store.begin().await?;
    entry::Entity::insert_many(rows).exec_without_returning(&tx).await?;
    Ok(tx.commit().await?)
}
