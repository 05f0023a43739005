//! Patience with wrong tries, kept in the database so that a restart forgets nothing. A try is counted before it is
//! looked at, so that a hundred at once are not one: tries at one account stand in one line, however many networks they
//! come from, and whoever would wait too long in it is not heard. A network that guesses is not heard for a while. A
//! device that was let in before is counted by itself, so that nobody can keep the right person out of their own account.

use std::time::Duration;

use chrono::TimeDelta;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{Condition, ConnectionTrait, Set};

use crate::clock::Instant;
use crate::error::{Error, refused};
use crate::ids::StaffId;
use crate::store::Store;

/// Tries are forgotten after this long without another that was heard.
const MEMORY: TimeDelta = TimeDelta::minutes(15);
/// What was tried so long after now was tried before the clock went back.
const AHEAD: TimeDelta = TimeDelta::minutes(2);
/// Nobody stands longer in the line of an account.
const LONGEST_LINE: TimeDelta = TimeDelta::seconds(20);

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
        /// Until when the tries that were counted wait to be looked at.
        pub looks_until: Option<Instant>,
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
    /// An account, whoever tries: slower and slower.
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

/// Counts one try in every scope, or refuses it when one of them is not heard now; then nothing is counted. Answers how
/// long the try waits in the line of the first scope before it is looked at.
pub(super) async fn count(store: &Store, scopes: &[Scope], now: Instant) -> Result<Duration, Error> {
    let tx = store.begin().await?;
    // Also what a clock that was set back left in the time ahead.
    let forgotten = Condition::any()
        .add(miss::Column::LastMissAt.lt(now - MEMORY))
        .add(miss::Column::LastMissAt.gt(now + AHEAD));
    miss::Entity::delete_many().filter(forgotten).exec(&tx).await?;
    for scope in scopes {
        let row = miss::ActiveModel {
            scope: Set(scope.name.clone()),
            misses: Set(1),
            last_miss_at: Set(now),
            looks_until: Set(None),
        };
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
    // What is not heard any more after a few tries needs no line.
    let first = match scopes.first().filter(|scope| scope.heard == i32::MAX) {
        Some(scope) => miss::Entity::find_by_id(scope.name.as_str()).one(&tx).await?,
        None => None,
    };
    let Some(row) = first else {
        store.commit(tx).await?;
        return Ok(Duration::ZERO);
    };
    let looked_at = row.looks_until.filter(|until| *until > now).unwrap_or(now) + wait(row.misses);
    if looked_at - now > LONGEST_LINE {
        return Err(refused(
            "too_many_tries",
            "Many tries at this account wait to be looked at. Try again in a minute, or from a device you used before.",
        ));
    }
    miss::Entity::update_many()
        .col_expr(miss::Column::LooksUntil, Expr::value(looked_at))
        .filter(miss::Column::Scope.eq(&row.scope))
        .exec(&tx)
        .await?;
    store.commit(tx).await?;
    Ok((looked_at - now).to_std().unwrap_or_default())
}

fn too_many() -> Error {
    refused("too_many_tries", "There were too many tries. Wait 15 minutes, then try again.")
}

/// How long after the one before it the nth try is looked at: at once for five, then 1, 2, 4, 8 s.
fn wait(nth: i32) -> TimeDelta {
    let over = nth.saturating_sub(5).clamp(0, 4);
    if over == 0 { TimeDelta::zero() } else { TimeDelta::seconds(1 << (over - 1)) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Place;

    #[tokio::test]
    async fn forty_at_once_from_forty_addresses_stand_in_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&Place::Sqlite(folder.path().join("kith.db"))).await.unwrap();
        store.migrate().await.unwrap();
        let now: Instant = "2026-03-02T12:00:00Z".parse().unwrap();
        let (mut looked_at, mut not_heard) = (Vec::new(), 0);
        for address in 0..40 {
            let from = format!("203.0.113.{address}");
            let scopes = [Scope::account("linus"), Scope::network_at("linus", &from), Scope::network(&from)];
            match count(&store, &scopes, now).await {
                Ok(wait) => looked_at.push(wait.as_secs()),
                Err(Error::Refused(_)) => not_heard += 1,
                Err(e) => panic!("{e}"),
            }
        }
        assert_eq!(looked_at, [0, 0, 0, 0, 0, 1, 3, 7, 15]);
        assert_eq!(not_heard, 31);
        // The line gets shorter as time goes, and whoever was let in before does not stand in it.
        let later = now + TimeDelta::seconds(10);
        assert_eq!(count(&store, &[Scope::account("linus")], later).await.unwrap().as_secs(), 13);
        assert_eq!(count(&store, &[Scope::known_device("linus")], later).await.unwrap().as_secs(), 0);
        // A clock that is set back keeps nobody out.
        let earlier = now - TimeDelta::hours(3);
        assert_eq!(count(&store, &[Scope::account("linus")], earlier).await.unwrap().as_secs(), 0);
        store.close().await.unwrap();
    }
}
