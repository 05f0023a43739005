//! The log: text or JSON on standard error. Lines carry ids and route names, never names, addresses, bodies or tokens.

use std::io::IsTerminal;

use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

use crate::settings::Settings;

/// How the log is written (`[log]` in `kith.toml`).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    pub format: Format,
    /// What is written, like `warn` or `info,web=debug`; `KITH_LOG` stands above it. Empty for what is usual.
    pub level: String,
}

/// What a line of the log looks like.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// One object a line, for a program that collects them.
    Json,
}

/// What is written when nothing else is said.
const USUAL: &str = "warn,kith=info,web=info,sqlx=off,sea_orm=off";

/// Begins to write, with a line about what runs here.
pub fn start(settings: &Settings) {
    let level = if settings.log.level.is_empty() { USUAL } else { settings.log.level.as_str() };
    let filter = EnvFilter::try_from_env("KITH_LOG").or_else(|_| EnvFilter::try_new(level));
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter.unwrap_or_else(|_| EnvFilter::new(USUAL)))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    // Begun before, it stays as it is.
    _ = match settings.log.format {
        Format::Text => lines.try_init(),
        Format::Json => lines.json().try_init(),
    };
    // A panic may quote what somebody typed: where it happened is written down, and not its words.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(%at, "a piece of work panicked");
    }));
    let database = settings.place().map(|place| place.shown()).unwrap_or_default();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), %database, settings = %settings.found, "kith begins");
}
