//! Settings: flags over environment (`KITH_*`) over one file over defaults. Unknown keys are errors, so that a misspelled
//! one is not silently a default.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context;
use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use foundation::Place;
use ipnet::IpNet;
use mail::delivery::{self, Password, Patience, Post, SmtpSettings};
use mail::mailbox::{Mailbox, MailboxSettings};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::backup::nightly::Nightly;
use crate::log::Log;

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
    /// The address people type; links in mail begin with it unless `links_url` is set.
    pub public_url: String,
    /// A neutral address for the links in letters, whose host shows nothing but private pages.
    pub links_url: String,
    /// Proxies in front whose `X-Forwarded-For` is believed: addresses, or networks like `10.0.0.0/8`.
    pub trusted_proxies: Vec<String>,
    /// Where heads of the ledger are anchored; best on another volume. In the data folder when empty.
    pub anchor: PathBuf,
    /// The mail server; without a host, letters wait in the outbox.
    pub smtp: Smtp,
    /// The mailbox people write to; without a host, none is looked into.
    pub imap: Imap,
    /// Plain HTTP is served beyond this machine only when something in front speaks TLS, and this says so.
    pub tls_in_front: bool,
    /// The backup that is made every night.
    pub backup: Nightly,
    /// How the log is written.
    pub log: Log,
    /// Where the settings come from, in words for whoever starts the program.
    #[serde(skip)]
    pub found: String,
}

/// The file of the settings where a machine keeps such files.
const OF_THE_MACHINE: &str = "/etc/kith/kith.toml";

/// The mail server (`[smtp]` in `kith.toml`, `KITH_SMTP__HOST` and so on in the environment).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Smtp {
    pub host: String,
    /// 465 for `tls` and 587 for `starttls` when it is not said.
    pub port: u16,
    pub security: Security,
    /// Empty when the server asks nobody to sign in.
    pub user: String,
    pub password: String,
    /// What this machine calls itself; it ends up in headers that people can read, so it must be neutral.
    pub helo: String,
    /// A file with the certificate of a private authority.
    pub extra_root: PathBuf,
}

/// The mailbox people write to (`[imap]` in `kith.toml`, `KITH_IMAP__HOST` and so on in the environment).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Imap {
    pub host: String,
    /// 993 for `tls` and 143 for the others when it is not said.
    pub port: u16,
    pub security: Security,
    pub user: String,
    /// Read from `password_file` when it is empty.
    pub password: String,
    /// A file with the password alone, for whoever keeps secrets there.
    pub password_file: PathBuf,
    /// The folder mail comes into.
    pub folder: String,
    /// The folder for what is kept; empty to mark it as read and leave it where it is.
    pub move_to: String,
    /// How often it is looked into.
    pub every_seconds: u32,
    /// A file with the certificate of a private authority.
    pub extra_root: PathBuf,
}

impl Default for Imap {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 0,
            security: Security::default(),
            user: String::new(),
            password: String::new(),
            password_file: PathBuf::new(),
            folder: "INBOX".into(),
            move_to: String::new(),
            every_seconds: 30,
            extra_root: PathBuf::new(),
        }
    }
}

impl Imap {
    fn checked(&self) -> anyhow::Result<MailboxSettings> {
        let (security, usual) = match self.security {
            Security::Tls => (delivery::Security::Tls, 993),
            Security::Starttls => (delivery::Security::StartTls, 143),
            Security::Loopback => (delivery::Security::PlainLoopbackOnly, 143),
        };
        let file = |path: &PathBuf, what: &'static str| {
            if path.as_os_str().is_empty() {
                return Ok(None);
            }
            std::fs::read(path).map(Some).context(what)
        };
        let password = match file(&self.password_file, "`imap.password_file` cannot be read")? {
            Some(bytes) if self.password.is_empty() => {
                String::from_utf8(bytes).context("`imap.password_file` is not text")?.trim_end().to_owned()
            }
            _ => self.password.clone(),
        };
        anyhow::ensure!(self.every_seconds > 0, "`imap.every_seconds` must be 1 or more");
        Ok(MailboxSettings {
            host: self.host.clone(),
            port: if self.port == 0 { usual } else { self.port },
            security,
            user: self.user.clone(),
            password: Password::new(password),
            folder: self.folder.clone(),
            moved_to: Some(self.move_to.clone()).filter(|folder| !folder.is_empty()),
            extra_root: file(&self.extra_root, "`imap.extra_root` cannot be read")?,
        })
    }
}

/// How the way to the mail server is protected. There is no "if possible".
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Encrypted from the first byte.
    #[default]
    Tls,
    /// Encrypted before anything is said.
    Starttls,
    /// Clear text, to a mail server on this machine only.
    Loopback,
}

impl Smtp {
    fn checked(&self) -> anyhow::Result<SmtpSettings> {
        let given = |text: &String| Some(text.clone()).filter(|t| !t.is_empty());
        let (security, usual) = match self.security {
            Security::Tls => (delivery::Security::Tls, 465),
            Security::Starttls => (delivery::Security::StartTls, 587),
            Security::Loopback => (delivery::Security::PlainLoopbackOnly, 25),
        };
        let extra_root = if self.extra_root.as_os_str().is_empty() {
            None
        } else {
            Some(std::fs::read(&self.extra_root).context("`smtp.extra_root` cannot be read")?)
        };
        Ok(SmtpSettings {
            host: self.host.clone(),
            port: if self.port == 0 { usual } else { self.port },
            security,
            user: given(&self.user),
            password: given(&self.password).map(Password::new),
            helo: self.helo.clone(),
            extra_root,
            patience: Patience::default(),
        })
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("kith-data"),
            database: String::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            links_url: String::new(),
            trusted_proxies: Vec::new(),
            anchor: PathBuf::new(),
            smtp: Smtp::default(),
            imap: Imap::default(),
            tls_in_front: false,
            backup: Nightly::default(),
            log: Log::default(),
            found: String::new(),
        }
    }
}

impl Settings {
    /// Reads one file, then the environment. The file is the one that `config` or `KITH_CONFIG` names, or else the first
    /// there is of: `kith.toml` in the data folder, in `/etc/kith`, in the current folder. So a mail server that starts the
    /// program in a folder of its own finds the same settings.
    pub fn read(config: Option<&Path>, data: Option<&Path>) -> anyhow::Result<Self> {
        let named = config.map(Path::to_owned).or_else(|| std::env::var_os("KITH_CONFIG").map(PathBuf::from));
        if let Some(file) = &named {
            anyhow::ensure!(file.is_file(), "there is no file of settings at {}", file.display());
        }
        let file = named.or_else(|| Self::file_found(data));
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = &file {
            figment = figment.merge(Toml::file_exact(file));
        }
        let mut settings: Self = figment
            // Test and bench switches share the prefix but are no settings.
            .merge(
                Env::prefixed("KITH_")
                    .ignore(&["test_postgres", "journey_store", "accept", "log", "config"])
                    .split("__"),
            )
            .extract()
            .context("the settings cannot be read")?;
        if let Some(data) = data {
            data.clone_into(&mut settings.data);
        }
        settings.found = match file {
            Some(file) => std::path::absolute(&file).unwrap_or(file).display().to_string(),
            None => "no file; the built-in ones and the environment".into(),
        };
        settings.checked()
    }

    /// The first file of settings there is, where none is named.
    fn file_found(data: Option<&Path>) -> Option<PathBuf> {
        let folder = data.map(Path::to_owned).or_else(|| std::env::var_os("KITH_DATA").map(PathBuf::from));
        let folder = folder.unwrap_or_else(|| Self::default().data);
        let all = [folder.join("kith.toml"), OF_THE_MACHINE.into(), "kith.toml".into()];
        all.into_iter().find(|file| file.is_file())
    }

    /// Where the tables are.
    pub fn place(&self) -> anyhow::Result<Place> {
        if self.database.is_empty() {
            return Ok(Place::Sqlite(self.data.join("kith.db")));
        }
        Place::parse(&self.database).context("`database` must be sqlite:FILE or postgres://…")
    }

    /// The networks of the proxies in front.
    pub fn proxies(&self) -> anyhow::Result<Vec<IpNet>> {
        let network = |text: &String| {
            let alone = text.parse::<IpAddr>().map(IpNet::from);
            alone.or_else(|_| text.parse()).with_context(|| {
                format!("`trusted_proxies`: “{text}” is neither an address nor a network like 10.0.0.0/8")
            })
        };
        self.trusted_proxies.iter().map(network).collect()
    }

    /// Refuses what would only show later, on a page or in a letter.
    fn checked(self) -> anyhow::Result<Self> {
        self.proxies()?;
        self.backup.checked()?;
        for (name, text) in [("public_url", &self.public_url), ("links_url", &self.links_url)] {
            if text.is_empty() {
                continue;
            }
            let url = Url::parse(text).with_context(|| {
                format!("`{name}` must be an address like https://kith.example.org, and “{text}” is none")
            })?;
            let is_ours = matches!(url.scheme(), "http" | "https") && url.has_host();
            let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
            anyhow::ensure!(
                is_ours && is_bare && url.username().is_empty(),
                "`{name}` must be an address like https://kith.example.org, with nothing behind it; “{text}” is not"
            );
        }
        Ok(self)
    }

    /// The file of the center's key.
    pub fn key_file(&self) -> PathBuf {
        self.data.join("center.key")
    }

    /// The anchor file.
    pub fn anchor_file(&self) -> PathBuf {
        if self.anchor.as_os_str().is_empty() { self.data.join("anchor.log") } else { self.anchor.clone() }
    }

    /// The address links in letters begin with.
    pub fn links(&self) -> String {
        if self.links_url.is_empty() { self.url() } else { self.links_url.trim_end_matches('/').to_owned() }
    }

    /// The address people type.
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
        if let Some(place) = Place::parse(&shown.database)
            && matches!(place, Place::Postgres(_))
        {
            shown.database = place.shown();
        }
        if !shown.smtp.password.is_empty() {
            shown.smtp.password = "…".into();
        }
        if !shown.imap.password.is_empty() {
            shown.imap.password = "…".into();
        }
        Ok(serde_json::to_string_pretty(&shown)?)
    }

    /// The mailbox that is looked into, if there is one.
    pub fn mailbox(&self) -> anyhow::Result<Option<Mailbox>> {
        if self.imap.host.is_empty() {
            return Ok(None);
        }
        Ok(Some(Mailbox::new(self.imap.checked()?).context("`[imap]` cannot be used")?))
    }

    /// Where letters leave: by the mail server that is set up, or not at all until one is.
    pub fn post(&self) -> anyhow::Result<Post> {
        if self.smtp.host.is_empty() {
            return Ok(Post::Held);
        }
        Ok(Post::Smtp(delivery::Smtp::new(self.smtp.checked()?)?))
    }
}
