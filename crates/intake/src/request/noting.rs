//! A note on a request, for colleagues who work it. It never leaves the house.

use clients::note::{self, NoteId};
use foundation::{Act, Error, News, Unit};

use super::Request;
use super::mentioning::mention;
use super::merging::going_on;

/// Writes a note on a request, or on the one that goes on for it; colleagues named in it find it on their day.
///
/// # Errors
/// A fault at `note` when there is no text or too much, or when it names somebody who is not here or may not see it.
pub async fn note(unit: &mut Unit, on: &Request, text: &str) -> Result<NoteId, Error> {
    let on = going_on(unit.tx(), on.id).await?;
    let id = note::write(unit, Act::NoteRequest, &on.subject(), text).await?;
    mention(unit, &on, text, id).await?;
    unit.tell(News::Inbox);
    Ok(id)
}
