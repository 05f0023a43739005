//! The one door to write. A unit carries the transaction, one `now`, the actor, ids and secrets, and what to do after
//! commit. Every act in it is permitted first and recorded last; data, ledger and jobs become true together.

use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait};
use serde_json::Value as Json;

use crate::actor::Actor;
use crate::acts::{Act, may};
use crate::chance::{Chance, Secret};
use crate::clock::{Day, Instant, Zone, day};
use crate::db::Db;
use crate::error::Error;
use crate::ids::{EntryId, new_id};
use crate::jobs::{self, NewJob};
use crate::ledger;
use crate::subject::Subject;

/// A write under way. Made by [`Db::write`]; dropped without commit, nothing of it happened.
pub struct Unit {
    tx: DatabaseTransaction,
    db: Db,
    actor: Actor,
    now: Instant,
    order: u16,
    entries: Vec<ledger::entry::Model>,
    open_permits: usize,
    queued: bool,
    house_changed: bool,
    news: Vec<News>,
}

/// Something other pages may want to know once it is true: a topic, never content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The inbox or one of its requests changed.
    Inbox,
    /// A worklist, check-in or connection changed.
    Alumni,
    /// The outbox changed.
    Mail,
    /// A locked record was opened, or its opening was reviewed.
    Privacy,
}

impl News {
    /// The topic as pages name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Alumni => "alumni",
            Self::Mail => "mail",
            Self::Privacy => "privacy",
        }
    }
}

/// Proof that the actor may do this act to this subject. It must end in [`Unit::record`].
#[must_use = "an act that was permitted must be recorded"]
#[derive(Debug)]
pub struct Permit {
    act: Act,
    subject: Subject,
}

impl Unit {
    pub(crate) fn new(tx: DatabaseTransaction, db: Db, actor: Actor) -> Self {
        let now = db.clock().now();
        Self {
            tx,
            db,
            actor,
            now,
            order: 0,
            entries: Vec::new(),
            open_permits: 0,
            queued: false,
            house_changed: false,
            news: Vec::new(),
        }
    }

    /// The transaction, to read and write through.
    pub fn tx(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// The one moment at which everything in this unit happens.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The civil date of [`Unit::now`] in `zone`.
    pub fn today(&self, zone: Zone) -> Day {
        day(self.now, zone)
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// A new key, sorted by time and by the order in which this unit asked.
    pub fn id<T: From<uuid::Uuid>>(&mut self) -> T {
        self.order = self.order.wrapping_add(1);
        T::from(new_id(self.now, self.order, self.db.chance()))
    }

    /// A new secret of 256 bits.
    pub fn secret(&self) -> Secret {
        self.db.chance().secret()
    }

    /// The source of random bytes.
    pub fn chance(&self) -> &Chance {
        self.db.chance()
    }

    /// The house, for its keys and settings. Never write through it while a unit is open.
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Asks the permission table. What is kept from the actor is not there for them.
    pub fn permit(&mut self, act: Act, subject: &Subject) -> Result<Permit, Error> {
        if !may(&self.actor, act, subject) {
            let kept = subject.is_kept_from(&self.actor);
            return Err(if kept { Error::NotFound } else { Error::Forbidden(act) });
        }
        self.open_permits += 1;
        Ok(Permit { act, subject: subject.clone() })
    }

    /// Appends the ledger row of a permitted act. `details` holds field names and references, never free text.
    #[expect(clippy::needless_pass_by_value, reason = "a permit is used up by its record")]
    pub fn record(&mut self, permit: Permit, details: Json) {
        self.open_permits = self.open_permits.saturating_sub(1);
        let id: EntryId = self.id();
        self.entries.push(ledger::entry::Model {
            id,
            at: self.now,
            actor_kind: self.actor.kind().to_owned(),
            actor_id: self.actor.id(),
            act: permit.act,
            subject_kind: permit.subject.kind.to_owned(),
            subject_id: permit.subject.id,
            person_id: permit.subject.person,
            details,
            code: None,
        });
    }

    /// Rings for the jobs that are due, when this is true.
    pub(crate) fn ring(&mut self) {
        self.queued = true;
    }

    /// Queues a job in this transaction. `false` when a job with the same dedupe text was queued before.
    pub async fn enqueue(&mut self, job: NewJob) -> Result<bool, Error> {
        let id = self.id();
        let fresh = jobs::queueing::queue(&self.tx, id, self.now, job).await?;
        self.queued |= fresh;
        Ok(fresh)
    }

    /// Tells open pages, after commit, that something of this topic changed.
    pub fn tell(&mut self, news: News) {
        if !self.news.contains(&news) {
            self.news.push(news);
        }
    }

    /// What the whole house goes by changed, like its settings or its staff: what is kept of it is read anew after the
    /// commit.
    pub fn house_changed(&mut self) {
        self.house_changed = true;
    }

    /// Inserts one row.
    pub async fn insert<A>(&self, row: A) -> Result<(), Error>
    where
        A: ActiveModelTrait + Send,
        <A::Entity as EntityTrait>::Model: sea_orm::IntoActiveModel<A>,
    {
        A::Entity::insert(row).exec_without_returning(&self.tx).await?;
        Ok(())
    }

    /// Writes the ledger rows and commits. Says what is to be woken.
    pub(crate) async fn commit(mut self) -> Result<After, Error> {
        let entries = std::mem::take(&mut self.entries);
        let recorded = !entries.is_empty();
        if recorded {
            let entries = entries.into_iter().map(|entry| entry.coded(self.db.keyring()));
            ledger::entry::Entity::insert_many(entries).exec_without_returning(&self.tx).await?;
        }
        let Self { tx, db, queued, house_changed, news, .. } = self;
        db.store().commit(tx).await?;
        Ok(After { recorded, queued, house_changed, news })
    }

    /// What is wrong with the bookkeeping of this unit, if anything: a mistake of the program, not of a person.
    pub(crate) fn unrecorded(&self, wrote: bool) -> Option<&'static str> {
        if wrote && self.entries.is_empty() {
            return Some("a unit wrote rows and recorded nothing");
        }
        (self.open_permits > 0).then_some("an act was permitted and not recorded")
    }
}

/// What follows a commit.
pub(crate) struct After {
    pub(crate) recorded: bool,
    pub(crate) queued: bool,
    pub(crate) house_changed: bool,
    pub(crate) news: Vec<News>,
}
