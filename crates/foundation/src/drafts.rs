//! Drafts: what someone is still typing and has not sent. Sealed under the center's key, found by a token that only
//! their browser has, gone after an hour. A draft is nobody's record yet, so it is no act and stands in no ledger.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use crate::chance::hash_of;
use crate::clock::Instant;
use crate::db::Db;
use crate::error::Error;

/// How long a draft is kept after the last answer.
pub const KEPT: TimeDelta = TimeDelta::hours(1);

mod draft {
    //! A row of drafts.
    use sea_orm::entity::prelude::*;

    use crate::clock::Instant;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "drafts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: Vec<u8>,
        pub answers: Vec<u8>,
        pub begun_at: Instant,
        pub expires_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Answers by field name, and when the first was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub answers: BTreeMap<String, String>,
    pub begun_at: Option<Instant>,
}

impl Draft {
    /// An answer; empty when there is none.
    pub fn text(&self, field: &str) -> &str {
        self.answers.get(field).map_or("", String::as_str)
    }
}

/// The draft of a token; an empty one when there is none or its hour is over.
pub async fn of(db: &Db, token: &str) -> Result<Draft, Error> {
    let row = draft::Entity::find_by_id(hash_of(token)).one(db.reader()).await?;
    let Some(row) = row.filter(|row| db.now() < row.expires_at) else { return Ok(Draft::default()) };
    let bytes = db.keyring().open_for_center("drafts.answers", &row.answers)?;
    let answers = serde_json::from_slice(&bytes).map_err(|e| Error::Broken(format!("a draft: {e}")))?;
    Ok(Draft { answers, begun_at: Some(row.begun_at) })
}

/// Keeps a draft for an hour.
pub async fn keep(db: &Db, token: &str, draft: &Draft) -> Result<(), Error> {
    keep_for(db, token, draft, KEPT).await
}

/// Keeps a draft for so long, and throws away those whose time is over.
pub async fn keep_for(db: &Db, token: &str, draft: &Draft, long: TimeDelta) -> Result<(), Error> {
    let now = db.now();
    let bytes = serde_json::to_vec(&draft.answers).map_err(|e| Error::Broken(e.to_string()))?;
    let row = draft::ActiveModel {
        token_hash: Set(hash_of(token)),
        answers: Set(db.keyring().seal_for_center("drafts.answers", &bytes, db.chance())?),
        begun_at: Set(draft.begun_at.unwrap_or(now)),
        expires_at: Set(now + long),
    };
    let writer = &db.store().writer;
    draft::Entity::insert(row)
        .on_conflict(
            OnConflict::column(draft::Column::TokenHash)
                .update_columns([draft::Column::Answers, draft::Column::ExpiresAt])
                .to_owned(),
        )
        .exec_without_returning(writer)
        .await?;
    draft::Entity::delete_many().filter(draft::Column::ExpiresAt.lt(now)).exec(writer).await?;
    Ok(())
}

/// Throws a draft away: it was sent, or the person left.
pub async fn discard(db: &Db, token: &str) -> Result<(), Error> {
    draft::Entity::delete_by_id(hash_of(token)).exec(&db.store().writer).await?;
    Ok(())
}
