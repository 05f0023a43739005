//! What a handler needs of the house: the database and the ways of this installation.

use std::ops::Deref;
use std::sync::Arc;

use foundation::{Db, Secret};
use tokio_util::sync::CancellationToken;

/// How this installation is reached and run.
#[derive(Clone, Debug)]
pub struct Ways {
    /// The address people type, like `https://cedar-office.example`; links in mail begin with it.
    pub public_url: String,
    /// Whether staff must have a second factor. False in the demo center alone.
    pub factor_required: bool,
    /// A sample center with invented people, and it says so on every page.
    pub demo: bool,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
}

/// Handed to every handler.
#[derive(Clone)]
pub struct House(Arc<Inner>);

struct Inner {
    db: Db,
    ways: Ways,
    /// The one-time code of `/setup`, printed at start; `None` once somebody has an account.
    setup_code: Option<Secret>,
    /// Live connections end when this is cancelled, so that a stop does not wait for them.
    closing: CancellationToken,
}

impl House {
    /// Puts it together.
    pub fn new(db: Db, ways: Ways, setup_code: Option<Secret>, closing: CancellationToken) -> Self {
        Self(Arc::new(Inner { db, ways, setup_code, closing }))
    }

    /// The ways of this installation.
    pub fn ways(&self) -> &Ways {
        &self.0.ways
    }

    /// The one-time code of `/setup`.
    pub fn setup_code(&self) -> Option<&Secret> {
        self.0.setup_code.as_ref()
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
