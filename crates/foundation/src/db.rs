//! The house as its rooms see it: the store, the clock, chance, the keys, and the bell that wakes the workers.

use std::any::Any;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement};
use tokio::sync::{Notify, broadcast, watch};
use uuid::Uuid;

use crate::actor::Actor;
use crate::chance::Chance;
use crate::clock::{Clock, Day, Instant};
use crate::error::Error;
use crate::holding::Holding;
use crate::ids::new_id;
use crate::kept::Kept;
use crate::ledger::reading::Readings;
use crate::sealed::Keyring;
use crate::store::Store;
use crate::store::watching::{self, Standing};
use crate::unit::{News, Unit};

/// Everything a room needs, handed down from the program. Cloning shares it.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Clock,
    chance: Chance,
    keyring: Keyring,
    bell: Arc<Notify>,
    seal_bell: Arc<Notify>,
    news: broadcast::Sender<News>,
    readings: Readings,
    kept: Kept,
    changes: AtomicU64,
    holdings: OnceLock<&'static [&'static dyn Holding]>,
    /// This process among those of one database.
    process: OnceLock<Uuid>,
    standing: watch::Sender<Standing>,
}

impl Db {
    /// Puts the house together. Must be called inside the tokio runtime: the recorder of readings starts here.
    pub fn new(store: Store, clock: Clock, chance: Chance, keyring: Keyring) -> Self {
        let seal_bell = Arc::new(Notify::new());
        let readings = Readings::start(
            (store.clone(), keyring.clone()),
            clock.clone(),
            chance.clone(),
            Arc::clone(&seal_bell),
        );
        let (news, _) = broadcast::channel(256);
        let bell = Arc::new(Notify::new());
        let (standing, _) = watch::channel(Standing::WELL);
        Self(Arc::new(Inner {
            store,
            clock,
            chance,
            keyring,
            bell,
            seal_bell,
            news,
            readings,
            kept: Kept::default(),
            changes: AtomicU64::new(0),
            holdings: OnceLock::new(),
            process: OnceLock::new(),
            standing,
        }))
    }

    /// Names the rooms that keep something about people, once, when the program starts: what happens to a person reaches
    /// every one of them, whichever room it became known in.
    pub fn set_holdings(&self, all: &'static [&'static dyn Holding]) {
        // Named twice, the first list stays: it is the same one.
        let _ = self.0.holdings.set(all);
    }

    /// The rooms that keep something about people.
    pub fn holdings(&self) -> &'static [&'static dyn Holding] {
        self.0.holdings.get().copied().unwrap_or_default()
    }

    /// The clock everyone in the house goes by.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Now.
    pub fn now(&self) -> Instant {
        self.0.clock.now()
    }

    /// Today in a zone.
    pub fn today(&self, zone: crate::clock::Zone) -> Day {
        self.0.clock.today(zone)
    }

    /// The source of random bytes.
    pub fn chance(&self) -> &Chance {
        &self.0.chance
    }

    /// The center's key and what it wraps.
    pub fn keyring(&self) -> &Keyring {
        &self.0.keyring
    }

    /// The door that cannot write, for a page of one or two statements.
    ///
    /// # Panics
    /// In debug builds, inside [`Db::look`]: whoever holds one connection and waits for a second can wait for ever.
    pub fn reader(&self) -> &DatabaseConnection {
        debug_assert!(LOOKING.try_with(|()| ()).is_err(), "a look asked for a second connection");
        &self.0.store.reader
    }

    /// Reads that belong together, of one moment and over one connection. The driver asks a connection whether it still
    /// lives each time it is given back, which costs as much as a statement: a page of eight pays for it once.
    pub async fn look<T, F>(&self, work: F) -> Result<T, Error>
    where
        F: AsyncFnOnce(&DatabaseTransaction) -> Result<T, Error>,
    {
        LOOKING
            .scope((), async {
                let moment = self.0.store.look().await?;
                let seen = work(&moment).await?;
                moment.commit().await?;
                Ok(seen)
            })
            .await
    }

    /// How the database stood when it was last asked; it changes as it is asked.
    pub fn standing(&self) -> watch::Receiver<Standing> {
        self.0.standing.subscribe()
    }

    /// Asks the database how it stands, and tells everyone who goes by it.
    pub async fn ask_standing(&self) -> Standing {
        let process = *self.0.process.get_or_init(|| new_id(self.now(), 0, self.chance()));
        let now = watching::ask(&self.0.store, process, self.now()).await;
        self.0.standing.send_if_modified(|before| std::mem::replace(before, now) != now);
        now
    }

    /// The store, for backup, migration and the sealer.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Rung after a commit that queued jobs.
    pub fn bell(&self) -> &Notify {
        &self.0.bell
    }

    /// Rung after a commit that recorded acts.
    pub fn seal_bell(&self) -> &Notify {
        &self.0.seal_bell
    }

    /// What changed, as it changes, for open pages.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.0.news.subscribe()
    }

    /// How many times this process told of a change: what was read before the last one may be out of date.
    pub fn changes(&self) -> u64 {
        self.0.changes.load(Ordering::Acquire)
    }

    /// The recorder of readings: opening a record is an act too.
    pub fn readings(&self) -> &Readings {
        &self.0.readings
    }

    /// What the whole house goes by and hardly ever changes, one thing of a type, up to five seconds old: `load` reads it
    /// when it is older. Whoever changes it says so with [`Unit::house_changed`].
    pub async fn kept<T: Any + Send + Sync>(
        &self,
        load: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        self.0.kept.or_load(self.now(), load).await
    }

    /// What was kept of it, however long ago, without asking the database: for the page that says it is away.
    pub fn remembered<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        self.0.kept.remembered()
    }

    /// Does a piece of writing as `actor`: all of it, with its ledger rows and jobs, or nothing.
    ///
    /// # Panics
    /// In debug builds, when the unit wrote rows and recorded no act: a mistake of the program.
    pub async fn write<T, F>(&self, actor: &Actor, work: F) -> Result<T, Error>
    where
        F: AsyncFnOnce(&mut Unit) -> Result<T, Error>,
    {
        let tx = self.0.store.begin().await?;
        let before = if cfg!(debug_assertions) { written(&tx).await? } else { 0 };
        let mut unit = Unit::new(tx, self.clone(), actor.clone());
        let value = work(&mut unit).await?;
        if cfg!(debug_assertions) {
            let wrote = written(unit.tx()).await? != before;
            assert!(unit.unrecorded(wrote).is_none(), "{}", unit.unrecorded(wrote).unwrap_or_default());
        }
        let after = unit.commit().await?;
        if after.queued {
            self.0.bell.notify_waiters();
            self.0.bell.notify_one();
        }
        if after.recorded {
            self.0.seal_bell.notify_one();
        }
        if after.house_changed {
            self.0.kept.forget();
        }
        if !after.news.is_empty() {
            self.0.changes.fetch_add(1, Ordering::AcqRel);
        }
        for news in after.news {
            // Nobody listening is no fault.
            let _ = self.0.news.send(news);
        }
        Ok(value)
    }
}

tokio::task_local! {
    /// Set while a task looks.
    static LOOKING: ();
}

/// How much this connection has written: a number that moves with every row on SQLite, and that turns from 0 to
/// the transaction's number on PostgreSQL.
async fn written(tx: &DatabaseTransaction) -> Result<i64, Error> {
    let sql = match tx.get_database_backend() {
        DbBackend::Postgres => "SELECT coalesce(pg_current_xact_id_if_assigned()::text::bigint, 0) AS n",
        _ => "SELECT total_changes() AS n",
    };
    let row = tx.query_one_raw(Statement::from_string(tx.get_database_backend(), sql)).await?;
    Ok(row.map(|r| r.try_get::<i64>("", "n")).transpose()?.unwrap_or(0))
}
