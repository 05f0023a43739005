//! Settings: flags over environment (`KITH_*`) over `kith.toml` over defaults. Unknown keys are errors, so that a
//! misspelled one is not silently a default.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use anyhow::Context;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use foundation::Place;
use serde::{Deserialize, Serialize};

/// Everything that can be set.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Folder of the database, the keys and the anchor.
    pub data: PathBuf,
    /// `sqlite:FILE` or `postgres://…`; the file in the data folder when empty.
    pub database: String,
    /// Where the program listens.
    pub listen: SocketAddr,
    /// The address people type; links in mail begin with it.
    pub public_url: String,
    /// Proxies in front whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Where heads of the ledger are anchored; best on another volume. In the data folder when empty.
    pub anchor: PathBuf,
    /// Plain HTTP is served beyond this machine only when something in front speaks TLS, and this says so.
    pub tls_in_front: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("kith-data"),
            database: String::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            trusted_proxies: Vec::new(),
            anchor: PathBuf::new(),
            tls_in_front: false,
        }
    }
}

impl Settings {
    /// Reads `kith.toml` of the folder the program is started in, then the environment.
    pub fn read() -> anyhow::Result<Self> {
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file("kith.toml"))
            // Test and bench switches share the prefix but are no settings.
            .merge(Env::prefixed("KITH_").ignore(&["test_postgres", "accept", "log"]))
            .extract()
            .context("the settings cannot be read")
    }

    /// Where the tables are.
    pub fn place(&self) -> anyhow::Result<Place> {
        if self.database.is_empty() {
            return Ok(Place::Sqlite(self.data.join("kith.db")));
        }
        Place::parse(&self.database).context("`database` must be sqlite:FILE or postgres://…")
    }

    /// The anchor file.
    pub fn anchor_file(&self) -> PathBuf {
        if self.anchor.as_os_str().is_empty() { self.data.join("anchor.log") } else { self.anchor.clone() }
    }

    /// The address in links.
    pub fn url(&self) -> String {
        if self.public_url.is_empty() {
            format!("http://{}", self.listen)
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// Printed by `kith config`: the password of a database URL is masked.
    pub fn masked(&self) -> anyhow::Result<String> {
        let mut shown = self.clone();
        if let (Some(from), Some(at)) = (shown.database.find("://"), shown.database.rfind('@')) {
            shown.database.replace_range(from + 3..at, "…");
        }
        Ok(serde_json::to_string_pretty(&shown)?)
    }
}
