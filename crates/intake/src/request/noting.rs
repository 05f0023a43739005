//! A note on a request, for colleagues who work it.

use clients::note::{self, NoteId};
use foundation::{Act, Error, News, Unit};

use super::Request;
use super::merging::going_on;

/// Writes a note on a request, or on the one that goes on for it.
///
/// # Errors
/// A fault at `note` when there is no text or too much.
pub async fn note(unit: &mut Unit, on: &Request, text: &str) -> Result<NoteId, Error> {
    let on = going_on(unit.tx(), on.id).await?;
    let id = note::write(unit, Act::NoteRequest, &on.subject(), text).await?;
    unit.tell(News::Inbox);
    Ok(id)
}
