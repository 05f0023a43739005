//! The timeline of a person: the ledger read as sentences, with the notes in their places.

use std::collections::HashMap;

use foundation::ledger::asking::{Entry, Of, entries};
use foundation::sealed::Keyring;
use foundation::staff::inviting::everyone;
use foundation::{Act, EntryId, Error, Instant, PersonId};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::note::{self, NoteId};

/// What kind of knot stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knot {
    /// Something between people.
    People,
    /// The house or paper.
    House,
    /// A note.
    Note,
}

/// One event of a life with the center.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: EntryId,
    pub at: Instant,
    pub knot: Knot,
    /// Who: a colleague's name, "You", "A visitor" …
    pub who: String,
    /// What they did, completing the sentence.
    pub did: &'static str,
    /// A detail in a word or two, like a level of care.
    pub detail: Option<String>,
    /// The text of a note.
    pub note: Option<String>,
}

/// Acts that say nothing about a person's way and would only bury what does.
fn is_quiet(act: Act) -> bool {
    matches!(
        act,
        Act::OpenClient
            | Act::OpenRequest
            | Act::OpenConnections
            | Act::OpenCheckIns
            | Act::OpenPlan
            | Act::CreatePerson
            | Act::IssueLink
    )
}

/// The newest events of a person, or of one thing of theirs, older than `before`, newest first; at most `limit`,
/// quiet ones left out. Who works a request sees what happened to the request, not what care came after it.
pub async fn of(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    me: Option<Uuid>,
    which: Of,
    person: PersonId,
    before: Option<EntryId>,
    limit: u64,
) -> Result<Vec<Event>, Error> {
    let rows = entries(reader, which, before, limit).await?;
    let rows: Vec<Entry> = rows.into_iter().filter(|row| !is_quiet(row.act)).collect();
    let ids = rows.iter().filter_map(note_of).collect();
    let mut notes = note::opened(reader, keyring, person, ids).await?;
    let names: HashMap<Uuid, String> =
        everyone(reader).await?.into_iter().map(|m| (m.id.0, m.name)).collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let note = note_of(&row).and_then(|id| notes.remove(&id)).map(|n| n.text);
            event(&row, note, &names, me)
        })
        .collect())
}

fn note_of(row: &Entry) -> Option<NoteId> {
    row.details.get("note")?.as_str()?.parse().ok()
}

fn event(row: &Entry, note: Option<String>, names: &HashMap<Uuid, String>, me: Option<Uuid>) -> Event {
    let who = match (row.actor_kind.as_str(), row.actor_id) {
        ("staff", id) if id.is_some() && id == me => "You".into(),
        ("staff", Some(id)) => names.get(&id).cloned().unwrap_or_else(|| "A former colleague".into()),
        ("alum", _) => "They themselves".into(),
        ("visitor", _) => "The person who wrote".into(),
        _ => "Kith".into(),
    };
    let knot = match (&note, row.actor_kind.as_str()) {
        (Some(_), _) => Knot::Note,
        (None, "house") => Knot::House,
        (None, _) => Knot::People,
    };
    let detail = ["outcome_words", "level", "kind", "disposition"]
        .iter()
        .find_map(|key| row.details.get(key).and_then(|v| v.as_str()))
        .map(|text| text.replace('_', " "));
    Event { id: row.id, at: row.at, knot, who, did: row.act.words(), detail, note }
}
