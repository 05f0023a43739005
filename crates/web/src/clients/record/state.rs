//! What changed in a life, in the words of the record: corrections with their reasons, and an address nobody writes to.

use clients::correction::{self, CorrectedField, Correction};
use clients::episode::EpisodeId;
use consent::consents::YesHow;
use consent::suppression::ClearReason;
use consent::{ContactPointId, Reaching};
use foundation::sealed::Keyring;
use foundation::staff::Directory;
use foundation::{Day, Error, PersonId, Zone, day};
use sea_orm::ConnectionTrait;

/// A correction and the sentence that tells of it.
pub(super) struct Corrected {
    row: Correction,
    words: String,
}

/// The corrections of a record, newest first.
pub(super) async fn corrections(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    staff: &Directory,
    person: PersonId,
    zone: Zone,
) -> Result<Vec<Corrected>, Error> {
    let all = correction::list(reader, keyring, person).await?;
    let told = all.into_iter().map(|(row, reason)| {
        let by = row.corrected_by.and_then(|id| staff.name(id)).unwrap_or("a former colleague");
        let on = short(day(row.corrected_at, zone));
        let what = match (row.was, row.now_is) {
            (Some(was), Some(now)) => format!("{}: {} to {}", row.field.words(), short(was), short(now)),
            _ => row.field.words().to_owned(),
        };
        Corrected { words: format!("{what}. Corrected {on} by {by}: {reason}"), row }
    });
    Ok(told.collect())
}

pub(super) fn of_stay(all: &[Corrected], id: EpisodeId) -> Vec<String> {
    all.iter().filter(|one| one.row.episode_id == Some(id)).map(|one| one.words.clone()).collect()
}

pub(super) fn of_death(all: &[Corrected]) -> Vec<String> {
    all.iter().filter(|one| one.row.field == CorrectedField::Death).map(|one| one.words.clone()).collect()
}

/// Why nobody writes to their address, and what to do about it.
pub(super) struct Stop {
    pub(super) point: ContactPointId,
    pub(super) by_themselves: bool,
    /// Nobody has asked by a safe way what they want.
    pub(super) unasked: bool,
    pub(super) words: String,
    pub(super) what_to_do: &'static str,
}

impl Stop {
    pub(super) fn of(reaching: &Reaching, zone: Zone) -> Option<Self> {
        let (stopped, point) = (reaching.suppressed.as_ref()?, reaching.email()?);
        let on = short(day(stopped.since, zone));
        let by_themselves = stopped.is_stop();
        let (words, what_to_do) = match (by_themselves, stopped.asks_for_staff()) {
            (true, true) => (
                format!("Stopped by link on {on}."),
                "Ask by a safe way, not by e-mail, what they want. Their own new yes starts e-mail again.",
            ),
            (true, false) => (
                format!("Stopped by link on {on}."),
                "We asked: they want no e-mail. Their own new yes starts it again.",
            ),
            (false, _) => (
                format!("Mail came back on {on}."),
                "Ask for another address, or write to this one again with a reason.",
            ),
        };
        Some(Self { point: point.id, by_themselves, unasked: stopped.asks_for_staff(), words, what_to_do })
    }
}

/// Why an address that mail came back from may be written to again.
pub(crate) fn clear_reasons() -> Vec<(&'static str, &'static str)> {
    ClearReason::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
}

/// How somebody says yes to e-mail.
pub(crate) fn ways_to_say_yes() -> Vec<(&'static str, &'static str)> {
    YesHow::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
}

fn short(day: Day) -> String {
    day.format("%b %-d, %Y").to_string()
}
