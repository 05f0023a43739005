//! Letters in own words as the house reads them again: what was said, and what became of it.

use std::collections::HashMap;

use foundation::sealed::Keyring;
use foundation::{Error, Instant, PersonId, StaffId};
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect, QueryTrait};

use super::{BODY, SubjectLine};
use crate::entity::{message, own_words};
use crate::outbox::{MessageId, State};
use crate::third_party::{self, ThirdPartyLetter};
use foundation::Lang;

/// A letter that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    pub id: MessageId,
    /// Who it is to.
    pub person: PersonId,
    pub author: StaffId,
    pub subject: &'static str,
    pub line: SubjectLine,
    pub body: String,
    pub state: State,
    /// Why it stands where it stands.
    pub reason: Option<String>,
    pub due_at: Instant,
    pub sent_at: Option<Instant>,
    /// What is known of it when it tells of somebody else than its reader.
    pub about_another: Option<ThirdPartyLetter>,
}

/// The letters with these keys, opened.
pub async fn of(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    ids: Vec<MessageId>,
) -> Result<HashMap<MessageId, Written>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let messages = message::Entity::find().filter(message::Column::Id.is_in(ids.clone())).all(reader).await?;
    let words = own_words::Entity::find().filter(own_words::Column::Id.is_in(ids)).all(reader).await?;
    let mut words: HashMap<MessageId, own_words::Model> =
        words.into_iter().map(|row| (row.id, row)).collect();
    let mut written = HashMap::new();
    for message in messages {
        let Some(row) = words.remove(&message.id) else { continue };
        written.insert(message.id, opened(reader, keyring, message, row).await?);
    }
    Ok(written)
}

/// How many letters of this author have not left yet.
pub async fn how_many_wait(reader: &impl ConnectionTrait, author: StaffId) -> Result<u64, Error> {
    let waiting = message::Entity::find()
        .select_only()
        .column(message::Column::Id)
        .filter(message::Column::State.is_in([State::Queued, State::Held]))
        .into_query();
    Ok(own_words::Entity::find()
        .filter(own_words::Column::AuthorId.eq(author))
        .filter(own_words::Column::Id.in_subquery(waiting))
        .count(reader)
        .await?)
}

/// Every letter somebody wrote to a person, oldest first.
pub async fn all_of(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    person: PersonId,
) -> Result<Vec<Written>, Error> {
    let rows = own_words::Entity::find()
        .filter(own_words::Column::PersonId.eq(person))
        .order_by_asc(own_words::Column::Id)
        .all(reader)
        .await?;
    let mut written: Vec<Written> =
        of(reader, keyring, rows.iter().map(|row| row.id).collect()).await?.into_values().collect();
    written.sort_by_key(|one| one.id);
    Ok(written)
}

async fn opened(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    message: message::Model,
    row: own_words::Model,
) -> Result<Written, Error> {
    Ok(Written {
        id: row.id,
        person: row.person_id,
        author: row.author_id,
        subject: row.subject_line.on_paper(Lang::of(&row.language)),
        line: row.subject_line,
        body: keyring.open(reader, row.person_id, BODY, &row.body).await?,
        state: message.state,
        reason: message.reason,
        due_at: message.due_at,
        sent_at: message.sent_at,
        about_another: third_party::load(reader, keyring, row.id).await?,
    })
}
