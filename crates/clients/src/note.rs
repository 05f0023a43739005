//! Notes on a person: written once, sealed, never changed.

use std::collections::HashMap;

use chrono::TimeDelta;
use foundation::sealed::Keyring;
use foundation::{Act, Error, Faults, Instant, PersonId, StaffId, Subject, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, Set};

use crate::entity::note;
pub use crate::entity::note::NoteId;

const PLACE: &str = "notes.body";
/// Characters in one note at the most.
const LONGEST: usize = 8000;

/// A note that can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub id: NoteId,
    pub author: Option<StaffId>,
    pub written_at: Instant,
    pub text: String,
    /// Whether it holds what somebody else said.
    pub quotes_another: bool,
}

/// Writes a note under an act that the caller's subject permits (on a record or on a request).
pub async fn write(unit: &mut Unit, act: Act, care: &Subject, text: &str) -> Result<NoteId, Error> {
    write_marked(unit, act, care, text, false).await
}

/// The same; `quotes_another` says that it holds what somebody else said about the person, or of themselves.
pub async fn write_marked(
    unit: &mut Unit,
    act: Act,
    care: &Subject,
    text: &str,
    quotes_another: bool,
) -> Result<NoteId, Error> {
    let person: PersonId = care.person.ok_or(Error::NotFound)?;
    let permit = unit.permit(act, care)?;
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        let mut faults = Faults::default();
        faults.add("note", "Write the note, up to 8,000 characters");
        return Err(faults.into());
    }
    let id: NoteId = unit.id();
    let row = note::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        author_id: Set(unit.actor().staff_id()),
        written_at: Set(unit.now()),
        body: Set(unit.seal(person, PLACE, text).await?),
        quotes_another: Set(quotes_another),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "note": id }));
    Ok(id)
}

/// So long its writer may take a note back; later it stands, and what was wrong in it is put right in another one.
pub const TAKEN_BACK_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// Takes a note of the actor back, under an act that the subject permits. What was written is gone; that something was
/// written and taken back stays in the ledger.
///
/// # Errors
/// A refusal when it is too late, [`Error::NotFound`] when it is not the actor's.
pub async fn take_back(unit: &mut Unit, act: Act, care: &Subject, id: NoteId) -> Result<(), Error> {
    let permit = unit.permit(act, care)?;
    let me = unit.actor().staff_id();
    let row = note::Entity::find_by_id(id).one(unit.tx()).await?;
    let row = row.filter(|row| me.is_some() && row.author_id == me).ok_or(Error::NotFound)?;
    if unit.now() - row.written_at > TAKEN_BACK_WITHIN {
        return Err(refused(
            "late",
            "A note can be taken back for ten minutes. It stands; write another one.",
        ));
    }
    note::Entity::delete_by_id(id).exec(unit.tx()).await?;
    unit.record(permit, serde_json::json!({ "taken_back": id }));
    Ok(())
}

/// The notes with these keys, opened, by key.
pub async fn opened(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    person: PersonId,
    ids: Vec<NoteId>,
) -> Result<HashMap<NoteId, Note>, Error> {
    let mut notes = HashMap::new();
    if ids.is_empty() {
        return Ok(notes);
    }
    let rows = note::Entity::find()
        .filter(note::Column::Id.is_in(ids))
        .filter(note::Column::PersonId.eq(person))
        .all(reader)
        .await?;
    for row in rows {
        let text = keyring.open(reader, person, PLACE, &row.body).await?;
        let note = Note {
            id: row.id,
            author: row.author_id,
            written_at: row.written_at,
            text,
            quotes_another: row.quotes_another,
        };
        notes.insert(row.id, note);
    }
    Ok(notes)
}

/// Notes that were written about somebody by mistake belong to whom they are about: opened once and sealed anew.
pub async fn belong_to(unit: &mut Unit, ids: &[NoteId], from: PersonId, to: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring().clone();
    let rows = note::Entity::find()
        .filter(note::Column::Id.is_in(ids.to_vec()))
        .filter(note::Column::PersonId.eq(from))
        .all(unit.tx())
        .await?;
    for row in rows {
        let text = keyring.open(unit.tx(), from, PLACE, &row.body).await?;
        let body = unit.seal(to, PLACE, &text).await?;
        note::Entity::update_many()
            .col_expr(note::Column::PersonId, Expr::value(to))
            .col_expr(note::Column::Body, Expr::value(body))
            .filter(note::Column::Id.eq(row.id))
            .exec(unit.tx())
            .await?;
    }
    Ok(())
}

/// What came by mail from outside and was kept on the record as it was: notes that no colleague wrote, oldest first.
pub async fn received(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Vec<Note>, Error> {
    sorted(reader, keyring, person, note::Column::AuthorId.is_null()).await
}

pub(crate) async fn all(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Vec<Note>, Error> {
    sorted(reader, keyring, person, note::Column::PersonId.eq(person)).await
}

async fn sorted(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    person: PersonId,
    which: SimpleExpr,
) -> Result<Vec<Note>, Error> {
    let rows = note::Entity::find()
        .select_only()
        .column(note::Column::Id)
        .filter(note::Column::PersonId.eq(person))
        .filter(which)
        .order_by_asc(note::Column::Id)
        .into_tuple::<NoteId>()
        .all(reader)
        .await?;
    let mut notes: Vec<Note> = opened(reader, keyring, person, rows).await?.into_values().collect();
    notes.sort_by_key(|n| n.id.0);
    Ok(notes)
}
