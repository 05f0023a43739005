//! Patience with wrong tries, kept in the database so that a restart forgets nothing. An account answers more slowly
//! and never locks, so that nobody can lock the right person out; an address that keeps guessing must wait.

use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, Set};

use crate::clock::Instant;
use crate::error::Error;

/// Misses are forgotten after this long without another.
const MEMORY: TimeDelta = TimeDelta::minutes(15);
/// Misses of one address before it must wait for [`MEMORY`] to pass.
const PER_ADDRESS: i32 = 20;

mod miss {
    //! How often a scope missed lately.
    use sea_orm::entity::prelude::*;

    use crate::clock::Instant;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "throttles")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub scope: String,
        pub misses: i32,
        pub last_miss_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) fn account(name: &str) -> String {
    format!("account:{name}")
}

pub(super) fn address(from: &str) -> String {
    format!("address:{from}")
}

async fn misses(reader: &impl ConnectionTrait, scope: &str, now: Instant) -> Result<i32, Error> {
    let row = miss::Entity::find_by_id(scope).one(reader).await?;
    Ok(row.filter(|m| now - m.last_miss_at < MEMORY).map_or(0, |m| m.misses))
}

/// How long an account makes one wait before its password is looked at: nothing for four tries, then 1, 2, 4, 8 s.
pub(super) async fn wait(reader: &impl ConnectionTrait, name: &str, now: Instant) -> Result<Duration, Error> {
    let over = misses(reader, &account(name), now).await?.saturating_sub(4).clamp(0, 4);
    Ok(if over == 0 { Duration::ZERO } else { Duration::from_secs(1 << (over - 1)) })
}

/// Whether an address has guessed too often to be heard now.
pub(super) async fn is_unwelcome(
    reader: &impl ConnectionTrait,
    from: &str,
    now: Instant,
) -> Result<bool, Error> {
    Ok(misses(reader, &address(from), now).await? >= PER_ADDRESS)
}

pub(super) async fn note_miss(tx: &impl ConnectionTrait, scope: String, now: Instant) -> Result<(), Error> {
    let count = misses(tx, &scope, now).await? + 1;
    let row = miss::ActiveModel { scope: Set(scope), misses: Set(count), last_miss_at: Set(now) };
    miss::Entity::insert(row)
        .on_conflict(
            OnConflict::column(miss::Column::Scope)
                .update_columns([miss::Column::Misses, miss::Column::LastMissAt])
                .to_owned(),
        )
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

pub(super) async fn forget(tx: &impl ConnectionTrait, scope: &str) -> Result<(), Error> {
    miss::Entity::delete_by_id(scope).exec(tx).await?;
    Ok(())
}
