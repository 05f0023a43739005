//! What a website sends: once under one idempotency key, however often the connection breaks.

use foundation::sealed::Keyring;
use foundation::{Error, Unit, hex};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, Set};

use super::ApiKey;
use crate::entity::{api_key, api_submission, request};
use crate::request::receiving::{NewRequest, receive};

/// What somebody sent, without what they said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    key: ApiKey,
    idempotency_hash: Vec<u8>,
    body_hash: Vec<u8>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// The reference of its request, the same each time.
    Reference(String),
    /// Something else was sent under this idempotency key before.
    Other,
}

impl Submission {
    /// The body is hashed under the center's key, which is in no table: a stolen one tells nobody what was sent, not even
    /// by trying every phone number.
    #[must_use]
    pub fn new(keyring: &Keyring, key: ApiKey, idempotency_key: &str, body: &str) -> Self {
        let of_key = |place, text| keyring.hash(place, &format!("{} {text}", key.id));
        let body_hash = of_key("api_submissions.body_hash", body);
        Self { idempotency_hash: of_key("api_submissions.idempotency_hash", idempotency_key), key, body_hash }
    }

    /// What came of it before, if it was sent before.
    pub async fn before(&self, reader: &impl ConnectionTrait) -> Result<Option<Submitted>, Error> {
        let sent = api_submission::Entity::find()
            .filter(api_submission::Column::KeyId.eq(self.key.id))
            .filter(api_submission::Column::IdempotencyHash.eq(self.idempotency_hash.clone()))
            .one(reader)
            .await?;
        let Some(sent) = sent else { return Ok(None) };
        if sent.body_hash != self.body_hash {
            return Ok(Some(Submitted::Other));
        }
        let request =
            request::Entity::find_by_id(sent.request_id).one(reader).await?.ok_or(Error::NotFound)?;
        Ok(Some(Submitted::Reference(request.reference)))
    }
}

/// Receives it. [`Error::Exists`] when the same is received at this very moment.
pub async fn submit(unit: &mut Unit, sent: &Submission, new: NewRequest) -> Result<Submitted, Error> {
    if let Some(before) = sent.before(unit.tx()).await? {
        return Ok(before);
    }
    let submission = format!("website {} {}", sent.key.id, hex(&sent.idempotency_hash));
    let received = receive(unit, &submission, new).await?;
    let row = api_submission::ActiveModel {
        id: Set(unit.id()),
        key_id: Set(sent.key.id),
        idempotency_hash: Set(sent.idempotency_hash.clone()),
        body_hash: Set(sent.body_hash.clone()),
        request_id: Set(received.id),
        sent_at: Set(unit.now()),
    };
    unit.insert(row).await?;
    let used = api_key::Entity::update_many()
        .col_expr(api_key::Column::UsedAt, Expr::value(Some(unit.now())))
        .filter(api_key::Column::Id.eq(sent.key.id))
        .filter(api_key::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    // Ended since it was looked at: nothing of it is kept.
    if used.rows_affected == 0 {
        return Err(Error::NotFound);
    }
    Ok(Submitted::Reference(received.reference))
}
