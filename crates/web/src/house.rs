//! What a handler needs of the house: the database and the ways of this installation.

use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use chrono::TimeDelta;
use foundation::{Db, Secret};
use mail::Postroom;
use mail::mailbox::Mailbox;
use tokio_util::sync::CancellationToken;

use crate::inbox::SavedViews;
use crate::limits::Limit;
use crate::presence::Presence;
use crate::waiting::Waiting;

/// How this installation is reached and run.
#[derive(Clone, Debug)]
pub struct Ways {
    /// The address people type, like `https://cedar-office.example`.
    pub public_url: String,
    /// The address links in letters begin with; the same unless the center gave them a host of their own.
    pub links_url: String,
    /// The data folder.
    pub data: std::path::PathBuf,
    /// The file in which heads of the ledger are anchored.
    pub anchor: std::path::PathBuf,
    /// Whether staff must have a second factor. False in the demo center alone.
    pub factor_required: bool,
    /// A sample center with invented people, and it says so on every page.
    pub demo: bool,
    /// Networks of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
}

/// Handed to every handler.
#[derive(Clone)]
pub struct House(Arc<Inner>);

struct Inner {
    db: Db,
    room: Postroom,
    ways: Ways,
    /// The one-time code of `/setup`, printed at start; `None` once somebody has an account.
    setup_code: Option<Secret>,
    /// Live connections end when this is cancelled, so that a stop does not wait for them.
    closing: CancellationToken,
    answers: Limit,
    sends: Limit,
    website: Limit,
    pages: Limit,
    waiting: Waiting,
    presence: Presence,
    saved_views: SavedViews,
    mailbox: OnceLock<Mailbox>,
    /// Requests of which a proxy did not say where they come from.
    unreadable: AtomicU32,
}

impl House {
    /// Puts it together.
    pub fn new(
        db: Db,
        room: Postroom,
        ways: Ways,
        setup_code: Option<Secret>,
        closing: CancellationToken,
    ) -> Self {
        // A person answers seven questions and changes some; a household asks a few times a day. A sample center and its
        // tests ask from one address all day long.
        let times = if ways.demo { 1000 } else { 1 };
        let answers = Limit::new(120 * times, TimeDelta::hours(1));
        let sends = Limit::new(10 * times, TimeDelta::hours(1));
        let website = Limit::new(600 * times, TimeDelta::hours(1));
        // With what somebody has to put right, and a household behind one address.
        let pages = Limit::new(30 * times, TimeDelta::hours(1));
        let (waiting, presence) = (Waiting::default(), Presence::default());
        Self(Arc::new(Inner {
            db,
            room,
            ways,
            setup_code,
            closing,
            answers,
            sends,
            website,
            pages,
            waiting,
            presence,
            saved_views: SavedViews::default(),
            mailbox: OnceLock::new(),
            unreadable: AtomicU32::new(0),
        }))
    }

    /// Names the mailbox that is looked into, so that its health is shown.
    pub fn watch(&self, mailbox: Mailbox) {
        // Named once, at the start.
        let _ = self.0.mailbox.set(mailbox);
    }

    /// The mailbox that is looked into, if there is one.
    pub(crate) fn mailbox(&self) -> Option<&Mailbox> {
        self.0.mailbox.get()
    }

    /// Notes that a proxy did not say where a request comes from; the log says so once.
    pub(crate) fn lacks_an_address(&self) {
        if self.0.unreadable.fetch_add(1, Ordering::Relaxed) == 0 {
            tracing::warn!("{}", crate::address::LACKING);
        }
    }

    /// Whether somebody must look at the proxy. A sample center and its tests have none.
    pub(crate) fn lacks_addresses(&self) -> bool {
        !self.ways().demo && self.0.unreadable.load(Ordering::Relaxed) > 0
    }

    /// The folder whose disk must not fill up.
    pub(crate) fn folder(&self) -> &std::path::Path {
        &self.ways().data
    }

    /// The ways of this installation.
    pub fn ways(&self) -> &Ways {
        &self.0.ways
    }

    /// Where letters leave, and where a sample center keeps them.
    pub fn postroom(&self) -> &Postroom {
        &self.0.room
    }

    /// The one-time code of `/setup`.
    pub fn setup_code(&self) -> Option<&Secret> {
        self.0.setup_code.as_ref()
    }

    /// How often one network may answer a public question.
    pub fn answers_limit(&self) -> &Limit {
        &self.0.answers
    }

    /// How often one network may send a public form.
    pub fn sends_limit(&self) -> &Limit {
        &self.0.sends
    }

    /// How often one key of the website may be used.
    pub(crate) fn website_limit(&self) -> &Limit {
        &self.0.website
    }

    /// How often one network may send with keys that pages of the website hold.
    pub(crate) fn page_limit(&self) -> &Limit {
        &self.0.pages
    }

    /// How much waits behind the words of the rail.
    pub(crate) fn waiting(&self) -> &Waiting {
        &self.0.waiting
    }

    /// The views of the inbox that were saved.
    pub(crate) fn saved_views(&self) -> &SavedViews {
        &self.0.saved_views
    }

    /// Who is at which request.
    pub(crate) fn presence(&self) -> &Presence {
        &self.0.presence
    }

    /// Cancelled when the program stops.
    pub fn closing(&self) -> &CancellationToken {
        &self.0.closing
    }
}

impl Deref for House {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.0.db
    }
}
