//! A row of `messages`. The words of a letter are not in it: they are made anew from what is true when it leaves.

use consent::gate::Purpose;
use foundation::{Instant, PersonId};
use sea_orm::entity::prelude::*;

use crate::compose::{Facts, LetterKind};
use crate::outbox::{MessageId, State};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MessageId,
    pub person_id: PersonId,
    pub purpose: Purpose,
    pub letter: LetterKind,
    /// The version of the letter's words, as last rendered.
    pub letter_version: String,
    /// What it is about: a request, a check-in.
    pub subject_id: Uuid,
    #[sea_orm(column_type = "JsonBinary")]
    pub facts: Facts,
    pub dedupe: String,
    pub state: State,
    /// Why it stands where it stands, in a sentence of ours.
    pub reason: Option<String>,
    /// What the mail server said; it may quote the address.
    pub reply: Option<String>,
    pub attempts: i32,
    /// A try ended without an answer: the person may have it already.
    pub maybe_sent: bool,
    /// How often the worker that had it in hand died.
    pub interruptions: i32,
    pub message_id: Option<String>,
    /// SHA-256 of the text as last rendered.
    pub body_hash: Option<Vec<u8>>,
    pub queued_at: Instant,
    /// Not before this moment; while sending, the moment it was taken.
    pub due_at: Instant,
    pub sent_at: Option<Instant>,
    pub version: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
