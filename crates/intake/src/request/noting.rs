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
    // What is noted where somebody else asks is, as a rule, what they said.
    let quotes_another = on.is_asked_by_another();
    let id = note::write_marked(unit, Act::NoteRequest, &on.subject(), text, quotes_another).await?;
    mention(unit, &on, text, id).await?;
    unit.tell(News::Inbox);
    Ok(id)
}
