//! A check-in: one due day of an aftercare. It gets a row when it is opened, attempted or answered; until then it is
//! only a date that the schedule gives.

mod answering;
mod attempting;
mod beside;
mod hearing;
pub(crate) mod opening;
mod talking;

use foundation::sealed::Keyring;
use foundation::{Act, Actor, Error, PersonId};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::LockType;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use crate::caseload;
use crate::entity;
use crate::rules::response::Answers;

pub use answering::{Answered, answer, ask_for_call, is_call_asked, log_answers};
pub use attempting::{NewAttempt, log_attempt};
pub use entity::alum_answers::Model as AlumAnswers;
pub use entity::attempt::Model as Attempt;
pub use entity::check_in::Model as CheckIn;
pub use entity::talk::Model as Talk;
pub use hearing::{hear, is_heard, list_alum_answers, load_alum_answers};
pub use opening::open;
pub use talking::{log_talk, talks_of};

/// Where answers are sealed.
pub(crate) const ANSWERS: &str = "check_ins.answers";
/// Where what an alum said through a link is sealed.
pub(crate) const ALUM_ANSWERS: &str = "alum_answers.answers";
/// Where the note of an attempt is sealed.
pub(crate) const ATTEMPT_NOTE: &str = "check_in_attempts.note";
/// Where the note of a call outside of aftercare is sealed.
pub(crate) const TALK_NOTE: &str = "talks.note";

foundation::id! {
    /// A check-in that was opened.
    CheckInId
}

foundation::id! {
    /// What an alum said through a link, so far or whole.
    AlumAnswersId
}

foundation::id! {
    /// One try to reach someone.
    AttemptId
}

foundation::id! {
    /// A call with somebody who is in no aftercare.
    TalkId
}

foundation::words! {
    /// Where a check-in comes from.
    pub enum Origin {
        Schedule = "schedule", "by the schedule",
        Extra = "extra", "besides the schedule",
    }
}

foundation::words! {
    /// Who gave the answers.
    pub enum AnsweredBy {
        Alum = "alum", "answered by themselves",
        Staff = "staff", "asked by staff",
    }
}

foundation::words! {
    /// How someone was tried.
    pub enum Way {
        Call = "call", "phone call",
        Text = "text", "text message",
        Mail = "mail", "e-mail",
        Letter = "letter", "letter",
        InPerson = "in_person", "in person",
        Video = "video", "video call",
    }
}

foundation::words! {
    /// What came of a try. Only `Reached` and `NotNow` are two-way contact.
    pub enum Outcome {
        Reached = "reached", "reached",
        NotNow = "not_now", "reached, not a good moment",
        Voicemail = "voicemail", "left a voicemail",
        NoAnswer = "no_answer", "no answer",
        MessageLeft = "message_left", "left a message",
        WrongNumber = "wrong_number", "not their number anymore",
        Sent = "sent", "sent, no answer yet",
    }
}

impl Outcome {
    /// Whether both spoke: any such contact satisfies the check-in (domain 4.6).
    pub fn is_two_way(self) -> bool {
        matches!(self, Self::Reached | Self::NotNow)
    }

    /// Whether it was a try to reach them at all. Whoever dialed somebody else's number has not tried this person: the
    /// check-in is as open as it was.
    pub fn is_try(self) -> bool {
        self != Self::WrongNumber
    }
}

/// Check-ins of a person that have rows, the newest due day first, at most `limit`.
pub async fn of(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    person: PersonId,
    limit: u64,
) -> Result<Vec<CheckIn>, Error> {
    caseload::seen_by(viewer, Act::OpenCheckIns, reader, person).await?;
    let rows = entity::check_in::Entity::find()
        .filter(entity::check_in::Column::PersonId.eq(person))
        .order_by_desc(entity::check_in::Column::DueOn)
        .order_by_desc(entity::check_in::Column::Id)
        .limit(limit)
        .all(reader)
        .await?;
    Ok(rows)
}

/// The tries of a person's check-ins, the newest first, at most `limit`.
pub async fn attempts_of(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    person: PersonId,
    limit: u64,
) -> Result<Vec<Attempt>, Error> {
    caseload::seen_by(viewer, Act::OpenCheckIns, reader, person).await?;
    let rows = entity::attempt::Entity::find()
        .filter(entity::attempt::Column::PersonId.eq(person))
        .order_by_desc(entity::attempt::Column::Id)
        .limit(limit)
        .all(reader)
        .await?;
    Ok(rows)
}

/// The answers of a check-in that was read by one who may; `None` when there are none yet.
pub async fn answers_of(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    row: &CheckIn,
) -> Result<Option<Answers>, Error> {
    let Some(sealed) = &row.answers else { return Ok(None) };
    let text = keyring.open(reader, row.person_id, ANSWERS, sealed).await?;
    Ok(Some(parse_answers(&text)?))
}

/// One check-in with its answers opened; `None` for the answers when there are none yet.
pub async fn with_answers(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    viewer: &Actor,
    id: CheckInId,
) -> Result<(CheckIn, Option<Answers>), Error> {
    let row = one(reader, id).await?;
    caseload::seen_by(viewer, Act::OpenCheckIns, reader, row.person_id).await?;
    let answers = answers_of(reader, keyring, &row).await?;
    Ok((row, answers))
}

/// One check-in, for an act that has just been asked to touch it.
pub(crate) async fn one(reader: &impl ConnectionTrait, id: CheckInId) -> Result<CheckIn, Error> {
    entity::check_in::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)
}

/// The same, held so that of two presses at once the second finds what the first wrote.
pub(crate) async fn lock(reader: &impl ConnectionTrait, id: CheckInId) -> Result<CheckIn, Error> {
    let found = entity::check_in::Entity::find_by_id(id).lock(LockType::Update).one(reader).await?;
    found.ok_or(Error::NotFound)
}

/// The answers of a sealed text.
pub(crate) fn parse_answers(text: &str) -> Result<Answers, Error> {
    serde_json::from_str(text).map_err(|e| Error::Broken(format!("answers of a check-in: {e}")))
}
