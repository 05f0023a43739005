//! The timeline of a person: the ledger read as sentences, with the notes in their places.

use std::collections::HashMap;

use foundation::ledger::asking::{Entry, Of, told};
use foundation::sealed::Keyring;
use foundation::staff::Directory;
use foundation::{Act, EntryId, Error, Instant, PersonId, StaffId};
use sea_orm::ConnectionTrait;
use sea_orm::prelude::Uuid;

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
    pub act: Act,
    pub knot: Knot,
    /// Who: a colleague's name, "You", "A visitor" …
    pub who: String,
    /// What they did, completing the sentence.
    pub did: &'static str,
    /// A detail in a word or two, like a level of care.
    pub detail: Option<String>,
    /// The text of a note.
    pub note: Option<String>,
    /// The letter that was written, or the macro that was run.
    pub of: Option<Uuid>,
}

/// What is asked: whose way, and how far back.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Everything about a person, or about one thing of theirs: who works a request sees what happened to the request,
    /// not what care came after it.
    pub of: Of,
    /// What the viewer must not know of.
    pub without: &'a [Uuid],
    pub person: PersonId,
    /// Whom it was about before, when that was put right: their notes are read as well.
    pub before_that: Option<PersonId>,
    /// Older than this entry.
    pub before: Option<EntryId>,
    pub limit: u64,
}

/// A stretch of a person's way, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    pub events: Vec<Event>,
    /// From where it goes on, when there is more.
    pub older: Option<EntryId>,
}

/// The newest events of a person, quiet ones left out. `me` is called "You".
pub async fn of(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    staff: &Directory,
    me: Option<StaffId>,
    look: Look<'_>,
) -> Result<Timeline, Error> {
    let mut rows = told(reader, look.of, look.without, look.before, look.limit + 1).await?;
    let shown = usize::try_from(look.limit).unwrap_or(usize::MAX);
    let has_older = rows.len() > shown;
    rows.truncate(shown);
    let older = rows.last().map(|row| row.id).filter(|_| has_older);
    let ids: Vec<NoteId> = rows.iter().filter_map(note_of).collect();
    let mut notes = HashMap::new();
    for person in [Some(look.person), look.before_that].into_iter().flatten() {
        notes.extend(note::opened(reader, keyring, person, Vec::clone(&ids)).await?);
    }
    let events = rows.into_iter().map(|row| {
        let note = note_of(&row).and_then(|id| notes.remove(&id)).map(|n| n.text);
        event(&row, note, staff, me)
    });
    Ok(Timeline { events: events.collect(), older })
}

fn staff_of(row: &Entry) -> Option<StaffId> {
    row.actor_id.filter(|_| row.actor_kind == "staff").map(StaffId)
}

fn note_of(row: &Entry) -> Option<NoteId> {
    row.details.get("note")?.as_str()?.parse().ok()
}

fn event(row: &Entry, note: Option<String>, staff: &Directory, me: Option<StaffId>) -> Event {
    let who = match (row.actor_kind.as_str(), staff_of(row)) {
        ("staff", id) if id.is_some() && id == me => "You".into(),
        ("staff", Some(id)) => staff.name(id).unwrap_or("A former colleague").into(),
        ("alum", _) => "They themselves".into(),
        ("visitor", _) => "The person who wrote".into(),
        _ => "Kith".into(),
    };
    let knot = match (&note, row.actor_kind.as_str()) {
        (Some(_), _) => Knot::Note,
        (None, "house") => Knot::House,
        (None, _) => Knot::People,
    };
    let detail = ["outcome_words", "level", "kind", "disposition", "with"]
        .iter()
        .find_map(|key| row.details.get(key).and_then(|v| v.as_str()))
        .map(|text| text.replace('_', " "))
        .or_else(|| to_whom(row, staff));
    let of = ["message", "macro"].iter().find_map(|key| row.details.get(key)?.as_str()?.parse().ok());
    Event { id: row.id, at: row.at, act: row.act, knot, who, did: row.act.words(), detail, note, of }
}

/// The colleague an act was for.
fn to_whom(row: &Entry, staff: &Directory) -> Option<String> {
    let to = row.details.get("to")?.as_str()?.parse().ok()?;
    staff.name(to).map(str::to_owned)
}
