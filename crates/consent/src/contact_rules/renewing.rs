//! What was said long ago is asked again before anyone goes by it: safety changes faster than records do (domain
//! reference 1.12; 42 CFR §2.13(c): even a call can be a disclosure).

use foundation::{Act, Error, Faults, Instant, PersonId, Subject, Unit};

use super::{ContactRules, GOOD_FOR_DAYS, of, replace};
use crate::contact_point;
use crate::reaching::Reaching;
use crate::rules::contact::SaidBy;

foundation::words! {
    /// Whether what is safe still holds, as whoever called on rules that are old must say.
    pub enum StillHolds {
        Yes = "yes", "They say it still holds",
        CouldNotAsk = "could_not_ask", "I could not ask them",
    }
}

impl StillHolds {
    /// The answers, with their words.
    #[must_use]
    pub fn choices() -> Vec<(&'static str, &'static str)> {
        Self::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
    }
}

/// Whether what was said at a moment is so old that it is confirmed before anyone goes by it.
#[must_use]
pub fn is_stale(captured_at: Instant, now: Instant) -> bool {
    (now - captured_at).num_days() >= GOOD_FOR_DAYS
}

/// They were asked and said that everything still holds: the rules are as good as new.
///
/// # Errors
/// [`Error::NotFound`] when nothing was ever said that could be confirmed.
pub async fn confirm(unit: &mut Unit, care: &Subject) -> Result<(), Error> {
    let permit = unit.permit(Act::SetSafeContact, care)?;
    renew(unit, care.person.ok_or(Error::NotFound)?).await?;
    unit.record(permit, serde_json::json!({ "fields": ["captured_at"], "confirmed": true }));
    Ok(())
}

async fn renew(unit: &Unit, person: PersonId) -> Result<(), Error> {
    let before = of(unit.tx(), person).await?.ok_or(Error::NotFound)?;
    let version = before.version;
    let row = ContactRules {
        said_by: SaidBy::Voice,
        confirmed_by_voice: true,
        captured_at: unit.now(),
        captured_by: unit.actor().staff_id(),
        version: version + 1,
        ..before
    };
    replace(unit, row, version).await?;
    contact_point::confirm(unit, person).await
}

/// Whoever called by rules that are old says whether they still hold; a yes makes them as good as new. Of rules that are
/// fresh nothing is asked. It is part of the try that the caller writes into the ledger. `talked` is whether somebody was
/// there to say so.
///
/// # Errors
/// A fault at `still_holds` when the rules are old and nobody said so, or when nobody can have said it.
pub async fn asked_again(
    unit: &Unit,
    person: PersonId,
    said: Option<StillHolds>,
    talked: bool,
) -> Result<(), Error> {
    if !Reaching::of(unit.tx(), person).await?.is_stale(unit.now()) {
        return Ok(());
    }
    let wrong = match said {
        Some(StillHolds::Yes) if talked => return renew(unit, person).await,
        Some(StillHolds::CouldNotAsk) => return Ok(()),
        Some(StillHolds::Yes) => "Nobody was there to say so. Choose that you could not ask",
        None => "What is safe was said long ago. Choose whether it still holds",
    };
    let mut faults = Faults::default();
    faults.add("still_holds", wrong);
    Err(faults.into())
}
