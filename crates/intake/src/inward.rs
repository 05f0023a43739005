//! Mail that people write to the center: a request of its own, or a message at the request it answers. It comes in and
//! nothing goes out by it but the acknowledgment, which asks the gate like every letter.

pub mod receiving;
mod reply;
mod thread;

use foundation::sealed::Keyring;
use foundation::{Error, Instant, PersonId, Unit};
use mail::inward::{Attachment, Inward};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::entity::{inward_message, mail_arrival};
use crate::request::RequestId;

const WORDS: &str = "inward_messages.words";
/// Messages of a request that are shown.
const MOST: u64 = 200;

foundation::words! {
    /// What a message that arrived became.
    pub enum Became {
        Request = "request", "A request",
        Message = "message", "A message at a request",
        Reply = "reply", "An answer on a client record",
        Machine = "machine", "Set aside: an automatic answer",
        Returned = "returned", "Set aside: a letter that came back",
        List = "list", "Set aside: a mailing list",
        Own = "own", "Set aside: our own",
    }
}

/// What somebody wrote, as it is sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub from_name: String,
    pub from_address: String,
    pub subject: String,
    pub text: String,
    pub attachments: Vec<Attachment>,
    pub cut: bool,
}

impl From<Inward> for Written {
    fn from(inward: Inward) -> Self {
        let Inward { from_name, from_address, subject, text, attachments, cut, .. } = inward;
        Self { from_name, from_address, subject, text, attachments, cut }
    }
}

impl Written {
    /// What came along and is not kept, in a sentence; empty when nothing did.
    #[must_use]
    pub fn left_out(&self) -> String {
        let files: Vec<String> =
            self.attachments.iter().map(|file| format!("{}, {}", file.name, size(file.bytes))).collect();
        let files = if files.is_empty() {
            String::new()
        } else {
            format!("Came with it and is not kept: {}.", files.join("; "))
        };
        let more = if self.cut { "There was more; only the beginning is kept." } else { "" };
        [files.as_str(), more].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

fn size(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{} MB", bytes / 1_048_576),
    }
}

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InwardMessage {
    pub received_at: Instant,
    /// Whether it names as its sender an address the one who asked had given. Anyone can write such a sender.
    pub known: bool,
    pub written: Written,
}

/// The messages of these requests, oldest first.
pub(crate) async fn of(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    requests: &[RequestId],
) -> Result<Vec<InwardMessage>, Error> {
    let rows = inward_message::Entity::find()
        .filter(inward_message::Column::RequestId.is_in(requests.to_vec()))
        .filter(inward_message::Column::Words.ne(Vec::<u8>::new()))
        .order_by_desc(inward_message::Column::Id)
        .limit(MOST)
        .all(reader)
        .await?;
    let mut messages = Vec::new();
    for row in rows.into_iter().rev() {
        let text = keyring.open(reader, row.person_id, WORDS, &row.words).await?;
        let written = serde_json::from_str(&text).map_err(|e| Error::Broken(format!("a message: {e}")))?;
        messages.push(InwardMessage { received_at: row.received_at, known: row.known, written });
    }
    Ok(messages)
}

/// How many messages arrived since a moment, by what they became.
pub async fn counts(reader: &impl ConnectionTrait, since: Instant) -> Result<Vec<(Became, i64)>, Error> {
    Ok(mail_arrival::Entity::find()
        .select_only()
        .column(mail_arrival::Column::What)
        .column_as(mail_arrival::Column::Id.count(), "n")
        .filter(mail_arrival::Column::ArrivedAt.gte(since))
        .group_by(mail_arrival::Column::What)
        .order_by_asc(mail_arrival::Column::What)
        .into_tuple()
        .all(reader)
        .await?)
}

/// Seals the messages of a request under the key of `to`.
pub(crate) async fn reseal(unit: &mut Unit, of: RequestId, to: PersonId) -> Result<(), Error> {
    let keyring = unit.db().keyring().clone();
    let rows = inward_message::Entity::find().filter(inward_message::Column::RequestId.eq(of));
    for row in rows.all(unit.tx()).await?.into_iter().filter(|row| !row.words.is_empty()) {
        let text = keyring.open(unit.tx(), row.person_id, WORDS, &row.words).await?;
        let sealed = unit.seal(to, WORDS, &text).await?;
        inward_message::Entity::update_many()
            .col_expr(inward_message::Column::Words, Expr::value(sealed))
            .col_expr(inward_message::Column::PersonId, Expr::value(to))
            .filter(inward_message::Column::Id.eq(row.id))
            .exec(unit.tx())
            .await?;
    }
    Ok(())
}

/// The words die with the key; that somebody wrote stays.
pub(crate) async fn forget(unit: &Unit, person: PersonId) -> Result<(), Error> {
    inward_message::Entity::update_many()
        .col_expr(inward_message::Column::Words, Expr::value(Vec::<u8>::new()))
        .filter(inward_message::Column::PersonId.eq(person))
        .exec(unit.tx())
        .await?;
    Ok(())
}
