//! The outbox: a message is queued in the transaction of its cause and leaves by a job of its own.

pub mod asking;
pub mod cancelling;
pub mod capturing;
pub mod keeping_back;
pub mod retrying;
pub mod sending;
mod settling;
pub mod stopping;
pub mod waking;

pub use asking::how_many_want_someone;
use consent::gate::Purpose;
use foundation::{Act, Error, Instant, NewJob, News, PersonId, Subject, Unit};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ConnectionTrait, QuerySelect, Set};
use serde_json::json;

use crate::compose::{Facts, LetterKind};
use crate::entity::message;

/// The kind of the job that sends one message; its payload names it.
pub const JOB: &str = "send_message";

foundation::id! {
    /// A message.
    MessageId
}

foundation::words! {
    /// Where a message stands.
    pub enum State {
        AwaitingRelease = "awaiting_release", "Waits for a release",
        Queued = "queued", "Waiting to leave",
        Sending = "sending", "Leaving now",
        Held = "held", "Held back",
        Dead = "dead", "Did not arrive",
        Sent = "sent", "Sent",
        Cancelled = "cancelled", "Cancelled",
    }
}

/// A message to queue.
#[derive(Clone, Debug)]
pub struct NewMessage {
    pub person: PersonId,
    /// What the gate is asked about when it leaves.
    pub purpose: Purpose,
    pub letter: LetterKind,
    /// What it is about; a link in the letter opens this and nothing else.
    pub subject: Uuid,
    pub facts: Facts,
    /// Names the cause: the same text is one message, however often it is queued.
    pub dedupe: String,
    /// Not before this moment; at once when `None`.
    pub due_at: Option<Instant>,
}

/// Queues a message; `None` when its cause queued one before. Whether it may leave is asked when it leaves.
pub async fn queue(unit: &mut Unit, new: NewMessage) -> Result<Option<MessageId>, Error> {
    let about = Subject::center();
    queue_in_care(unit, new, &about).await
}

/// The same for a person in somebody's care: `care` carries counselor and supervisor for the permission table.
pub async fn queue_in_care(
    unit: &mut Unit,
    new: NewMessage,
    care: &Subject,
) -> Result<Option<MessageId>, Error> {
    let before =
        message::Entity::find().filter(message::Column::Dedupe.eq(&new.dedupe)).one(unit.tx()).await?;
    if before.is_some() {
        return Ok(None);
    }
    let id: MessageId = unit.id();
    let about = subject(id, new.person).cared_for_by(care.counselor, care.supervisor);
    let permit = unit.permit(Act::QueueMessage, &about)?;
    let details = json!({ "letter": new.letter, "about": new.subject });
    put(unit, id, new).await?;
    unit.record(permit, details);
    Ok(Some(id))
}

/// Puts a message in line, for an act that is permitted and recorded by its caller.
pub(crate) async fn put(unit: &mut Unit, id: MessageId, new: NewMessage) -> Result<(), Error> {
    let due_at = insert(unit, id, new, State::Queued).await?;
    send_later(unit, id, 1, due_at).await
}

/// Keeps a message that leaves only after a second person released it; the same otherwise.
pub(crate) async fn keep_waiting(unit: &mut Unit, id: MessageId, new: NewMessage) -> Result<(), Error> {
    insert(unit, id, new, State::AwaitingRelease).await.map(|_| ())
}

async fn insert(unit: &mut Unit, id: MessageId, new: NewMessage, state: State) -> Result<Instant, Error> {
    let due_at = new.due_at.unwrap_or_else(|| unit.now());
    let row = message::ActiveModel {
        id: Set(id),
        person_id: Set(new.person),
        purpose: Set(new.purpose),
        letter: Set(new.letter),
        letter_version: Set(new.letter.version().to_owned()),
        subject_id: Set(new.subject),
        facts: Set(new.facts),
        dedupe: Set(new.dedupe),
        state: Set(state),
        reason: Set(None),
        reply: Set(None),
        attempts: Set(0),
        maybe_sent: Set(false),
        interruptions: Set(0),
        message_id: Set(None),
        body_hash: Set(None),
        queued_at: Set(unit.now()),
        due_at: Set(due_at),
        sent_at: Set(None),
        version: Set(1),
    };
    unit.insert(row).await?;
    unit.tell(News::Mail);
    Ok(due_at)
}

/// What waits or is held; what is leaving at this moment cannot be called back.
pub(crate) fn unused() -> SimpleExpr {
    message::Column::State.is_in([State::AwaitingRelease, State::Queued, State::Held])
}

/// Which of these causes queued a message already.
pub async fn queued_before(
    reader: &impl ConnectionTrait,
    causes: &[String],
) -> Result<std::collections::HashSet<String>, Error> {
    let mut found = std::collections::HashSet::new();
    // Both databases limit how many values one statement may bind.
    for some in causes.chunks(500) {
        let here: Vec<String> = message::Entity::find()
            .select_only()
            .column(message::Column::Dedupe)
            .filter(message::Column::Dedupe.is_in(some))
            .into_tuple()
            .all(reader)
            .await?;
        found.extend(here);
    }
    Ok(found)
}

/// The causes of letters of one kind that still wait, with the message each queued.
pub async fn waiting(
    reader: &impl ConnectionTrait,
    letter: LetterKind,
) -> Result<Vec<(MessageId, String)>, Error> {
    Ok(message::Entity::find()
        .select_only()
        .columns([message::Column::Id, message::Column::Dedupe])
        .filter(message::Column::Letter.eq(letter))
        .filter(message::Column::State.eq(State::Queued))
        .into_tuple()
        .all(reader)
        .await?)
}

/// The messages about these things.
pub async fn about(reader: &impl ConnectionTrait, subjects: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    let rows = message::Entity::find().select_only().column(message::Column::Id);
    Ok(rows.filter(message::Column::SubjectId.is_in(subjects.to_vec())).into_tuple().all(reader).await?)
}

/// One message.
pub async fn one(reader: &impl ConnectionTrait, id: MessageId) -> Result<message::Model, Error> {
    message::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)
}

/// What the letters with these Message-IDs were about, when they answered a request: `<id@domain>`, with or without the
/// brackets.
pub async fn answered(reader: &impl ConnectionTrait, message_ids: &[String]) -> Result<Vec<Uuid>, Error> {
    let rows = answered_letters(reader, message_ids).await?.into_iter();
    Ok(rows.filter(|row| row.purpose == Purpose::AnswerRequest).map(|row| row.subject_id).collect())
}

/// The letter of ours with one of these Message-IDs: the newest, when there are several.
pub async fn answered_letter(
    reader: &impl ConnectionTrait,
    message_ids: &[String],
) -> Result<Option<message::Model>, Error> {
    Ok(answered_letters(reader, message_ids).await?.into_iter().max_by_key(|row| row.id))
}

async fn answered_letters(
    reader: &impl ConnectionTrait,
    message_ids: &[String],
) -> Result<Vec<message::Model>, Error> {
    let bare = |id: &String| id.trim_matches(['<', '>']).to_owned();
    let ours = |id: &String| Uuid::parse_str(id.split('@').next()?).ok();
    let ids: Vec<String> = message_ids.iter().map(bare).collect();
    let keys: Vec<MessageId> = ids.iter().filter_map(ours).map(MessageId).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows = message::Entity::find().filter(message::Column::Id.is_in(keys)).all(reader).await?;
    // The key alone is not enough: the whole name must be the one the letter went out with.
    let is_named = |row: &message::Model| row.message_id.as_ref().is_some_and(|id| ids.contains(&bare(id)));
    Ok(rows.into_iter().filter(is_named).collect())
}

pub(crate) fn subject(id: MessageId, person: PersonId) -> Subject {
    Subject::of("message", id).concerning(person)
}

/// Puts the next try in line. One version of a message is tried once, however often it is put in line.
pub(crate) async fn send_later(
    unit: &mut Unit,
    id: MessageId,
    version: i32,
    at: Instant,
) -> Result<(), Error> {
    let job = NewJob {
        kind: JOB,
        payload: json!({ "message": id }),
        dedupe: Some(format!("{JOB} {id} {version}")),
        run_at: Some(at),
    };
    unit.enqueue(job).await.map(|_| ())
}
