//! Patience with wrong tries, kept in the database so that a restart forgets nothing. A try is counted before it is
//! looked at, so that a hundred at once are not one. An account answers more slowly and never locks; a network that
//! guesses is not heard for a while. A device that was let in before is counted by itself, so that nobody can keep the
//! right person out of their own account.

use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ConnectionTrait, Set};

use crate::clock::Instant;
use crate::error::{Error, refused};
use crate::ids::StaffId;
use crate::store::Store;

/// Tries are forgotten after this long without another that was heard.
const MEMORY: TimeDelta = TimeDelta::minutes(15);

mod miss {
    //! How often a scope was tried lately.
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

/// What tries are counted by, and how many of them are heard within [`MEMORY`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    name: String,
    heard: i32,
}

impl Scope {
    /// An account, whoever tries: slower and slower, never locked.
    pub(super) fn account(name: &str) -> Self {
        Self { name: format!("account:{name}"), heard: i32::MAX }
    }

    /// An account, from a device that was let in before.
    pub(super) fn known_device(name: &str) -> Self {
        Self { name: format!("device:{name}"), heard: i32::MAX }
    }

    /// One network at one account.
    pub(super) fn network_at(name: &str, from: &str) -> Self {
        Self { name: format!("network:{from}:{name}"), heard: 10 }
    }

    /// One network, whatever it guesses at. A clinic behind one address has many people who mistype.
    pub(super) fn network(from: &str) -> Self {
        Self { name: format!("network:{from}"), heard: 100 }
    }

    /// Codes of a second factor: three of a million are right at a time, so ten tries give nothing away.
    pub(super) fn codes(staff: StaffId, known: bool) -> Self {
        Self { name: format!("codes:{staff}:{}", if known { "device" } else { "anyone" }), heard: 10 }
    }

    /// The own password, asked for again by someone who is signed in.
    pub(super) fn own_password(staff: StaffId) -> Self {
        Self { name: format!("password:{staff}"), heard: 10 }
    }
}

/// Counts one try in every scope, or refuses it when one of them is not heard now; then nothing is counted. Answers
/// how often the first scope was tried lately, with this try.
pub(super) async fn count(store: &Store, scopes: &[Scope], now: Instant) -> Result<i32, Error> {
    let tx = store.begin().await?;
    miss::Entity::delete_many().filter(miss::Column::LastMissAt.lt(now - MEMORY)).exec(&tx).await?;
    for scope in scopes {
        let row =
            miss::ActiveModel { scope: Set(scope.name.clone()), misses: Set(1), last_miss_at: Set(now) };
        let once_more = OnConflict::column(miss::Column::Scope)
            .value(miss::Column::Misses, Expr::col((miss::Entity, miss::Column::Misses)).add(1))
            .value(miss::Column::LastMissAt, now)
            .action_and_where(Expr::col((miss::Entity, miss::Column::Misses)).lt(scope.heard))
            .to_owned();
        match miss::Entity::insert(row).on_conflict(once_more).exec_without_returning(&tx).await {
            Ok(1) => {}
            Ok(_) | Err(DbErr::RecordNotInserted) => return Err(too_many()),
            Err(e) => return Err(e.into()),
        }
    }
    let first = match scopes.first() {
        Some(scope) => miss::Entity::find_by_id(scope.name.as_str()).one(&tx).await?,
        None => None,
    };
    store.commit(tx).await?;
    Ok(first.map_or(1, |row| row.misses))
}

fn too_many() -> Error {
    refused("too_many_tries", "There were too many tries. Wait 15 minutes, then try again.")
}

/// How long the nth try waits before it is looked at: not at all for four, then 1, 2, 4, 8 s.
pub(super) fn wait(nth: i32) -> Duration {
    let over = nth.saturating_sub(5).clamp(0, 4);
    if over == 0 { Duration::ZERO } else { Duration::from_secs(1 << (over - 1)) }
}

/// The try was right: what was counted for it is forgotten, but for the network's other tries.
pub(super) async fn forgive(tx: &impl ConnectionTrait, scopes: &[Scope], from: &str) -> Result<(), Error> {
    for scope in scopes {
        if *scope == Scope::network(from) {
            miss::Entity::update_many()
                .col_expr(miss::Column::Misses, Expr::col(miss::Column::Misses).sub(1))
                .filter(miss::Column::Scope.eq(&scope.name))
                .exec(tx)
                .await?;
        } else {
            miss::Entity::delete_by_id(scope.name.as_str()).exec(tx).await?;
        }
    }
    Ok(())
}
