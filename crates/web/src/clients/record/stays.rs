//! The stays of a record, each with its dates, how it ended, and what was corrected of it.

use clients::episode::{self, DischargeKind, EpisodeId};
use foundation::sealed::Keyring;
use foundation::{Day, Error};
use sea_orm::ConnectionTrait;

use super::long_date;
use super::state::{self, Corrected};

/// A stay as the record shows it.
pub(super) struct Stay {
    pub(super) id: EpisodeId,
    pub(super) open: bool,
    pub(super) version: i32,
    pub(super) admitted_on: Day,
    pub(super) discharged_on: Option<Day>,
    /// What was corrected of its dates, in sentences.
    pub(super) corrections: Vec<String>,
    pub(super) admitted: String,
    pub(super) level: &'static str,
    pub(super) ended: Option<String>,
    pub(super) nights: i64,
}

pub(super) async fn stays(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    episodes: &[episode::Episode],
    corrections: &[Corrected],
    today: Day,
) -> Result<Vec<Stay>, Error> {
    let mut stays = Vec::with_capacity(episodes.len());
    for one in episodes {
        let to = episode::went_to(reader, keyring, one).await?;
        stays.push(Stay { corrections: state::of_stay(corrections, one.id), ..stay(one, to, today) });
    }
    Ok(stays)
}

fn stay(e: &episode::Episode, to: Option<String>, today: Day) -> Stay {
    let ended = e.discharged_on.map(|on| {
        let kind = e.discharge_kind.map(DischargeKind::words).unwrap_or_default();
        let to = to.map(|to| format!(", to {to}")).unwrap_or_default();
        format!("{}: {kind}{to}", long_date(on))
    });
    Stay {
        id: e.id,
        open: e.discharged_on.is_none(),
        version: e.version,
        admitted_on: e.admitted_on,
        discharged_on: e.discharged_on,
        corrections: Vec::new(),
        admitted: long_date(e.admitted_on),
        level: e.admitted_level.words(),
        nights: clients::rules::care::length_of_stay(e.admitted_on, e.discharged_on.unwrap_or(today)),
        ended,
    }
}
