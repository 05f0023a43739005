//! Sessions: a random token in a cookie, only its hash here; 15 minutes idle, 12 hours at most.

use std::sync::Arc;

use chrono::TimeDelta;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, FromQueryResult, JoinType, QuerySelect, Set};

pub use super::session::SessionId;
use super::{account, session};
use crate::actor::{Actor, StaffActor};
use crate::acts::Act;
use crate::break_glass;
use crate::chance::{Secret, hash_of};
use crate::clock::Instant;
use crate::db::Db;
use crate::error::Error;
use crate::ids::StaffId;
use crate::subject::Subject;
use crate::unit::Unit;

/// A session ends after so long without a person at it (45 CFR 164.312(a)(2)(iii), automatic logoff).
pub const IDLE: TimeDelta = TimeDelta::minutes(15);
/// A session ends after so long in any case.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// A session that was active so long after now is of before the clock went back: it ended.
const AHEAD: TimeDelta = TimeDelta::minutes(2);
/// Activity is written down at most this often.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// A code of the second factor is still asked for.
    NeedsCode,
    /// The account has no second factor yet and must set one up.
    NeedsFactor,
    /// The password was given by an administrator and must be changed.
    NeedsPassword,
    /// In.
    In,
}

/// A session that has not ended.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub staff: StaffActor,
    pub sign_in_name: String,
    pub stage: Stage,
    pub ends_at: Instant,
    last_active_at: Instant,
    began_at: Instant,
}

impl Session {
    /// When it ends if nobody is at it from `now` on.
    pub fn ends_after(&self, now: Instant) -> Instant {
        (now + IDLE).min(self.began_at + LONGEST)
    }

    /// The member of staff as an actor.
    pub fn actor(&self) -> Actor {
        Actor::Staff(self.staff.clone())
    }
}

/// Begins a session in the unit of a sign-in.
pub(super) async fn begin(unit: &mut Unit, staff: StaffId) -> Result<Secret, Error> {
    let token = unit.secret();
    let row = session::ActiveModel {
        id: Set(unit.id()),
        token_hash: Set(token.hash()),
        staff_id: Set(staff),
        began_at: Set(unit.now()),
        last_active_at: Set(unit.now()),
        factor_at: Set(None),
        ended_at: Set(None),
        glass_until: Set(None),
    };
    unit.insert(row).await?;
    Ok(token)
}

/// What a page must know of a session and its account: no more columns than that, for every page of staff begins here.
#[derive(FromQueryResult)]
struct Found {
    id: SessionId,
    began_at: Instant,
    last_active_at: Instant,
    factor_at: Option<Instant>,
    glass_until: Option<Instant>,
    staff_id: StaffId,
    name: String,
    sign_in_name: String,
    roles: account::Roles,
    must_change_password: bool,
    disabled_at: Option<Instant>,
    has_factor: bool,
}

/// The session of a token, if it has not ended and the account is not disabled. `factor_required` is false in the
/// demo center alone.
pub async fn of(db: &Db, token: &str, factor_required: bool) -> Result<Option<Session>, Error> {
    let now = db.now();
    // One statement: every page of staff begins here.
    let found = session::Entity::find()
        .select_only()
        .columns([session::Column::Id, session::Column::BeganAt, session::Column::LastActiveAt])
        .columns([session::Column::FactorAt, session::Column::GlassUntil, session::Column::StaffId])
        .columns([account::Column::Name, account::Column::SignInName, account::Column::Roles])
        .columns([account::Column::MustChangePassword, account::Column::DisabledAt])
        .expr_as(account::Column::TotpSecret.is_not_null(), "has_factor")
        .join(JoinType::InnerJoin, session::Relation::Account.def())
        .filter(session::Column::TokenHash.eq(hash_of(token)))
        .filter(session::Column::EndedAt.is_null())
        .into_model::<Found>()
        .one(db.reader())
        .await?;
    let Some(row) = found.filter(|row| row.disabled_at.is_none()) else { return Ok(None) };
    let ends_at = (row.last_active_at + IDLE).min(row.began_at + LONGEST);
    if now >= ends_at || row.last_active_at > now + AHEAD {
        return Ok(None);
    }
    let stage = match (row.has_factor, row.factor_at) {
        (true, None) => Stage::NeedsCode,
        _ if row.must_change_password => Stage::NeedsPassword,
        (false, _) if factor_required => Stage::NeedsFactor,
        _ => Stage::In,
    };
    let opened = match row.glass_until {
        Some(until) if now < until => break_glass::open_to(db.reader(), row.id, now).await?,
        _ => Arc::default(),
    };
    let staff = StaffActor { id: row.staff_id, name: row.name.into(), roles: row.roles.0.into(), opened };
    Ok(Some(Session {
        id: row.id,
        staff,
        sign_in_name: row.sign_in_name,
        stage,
        ends_at,
        last_active_at: row.last_active_at,
        began_at: row.began_at,
    }))
}

/// Whose session a token was, when it ended for want of a person within the day and the account is still open: what
/// they sent too late is kept for them.
pub async fn whose_was(db: &Db, token: &str) -> Result<Option<StaffId>, Error> {
    let found = session::Entity::find()
        .find_also_related(account::Entity)
        .filter(session::Column::TokenHash.eq(hash_of(token)))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::BeganAt.gt(db.now() - TimeDelta::hours(24)))
        .one(db.reader())
        .await?;
    Ok(found.and_then(|(row, account)| account.filter(|a| a.disabled_at.is_none()).map(|_| row.staff_id)))
}

/// Notes that a person is at the session. Pages that poll by themselves must not call this.
pub async fn touch(db: &Db, session: &Session) -> Result<(), Error> {
    let now = db.now();
    if now - session.last_active_at < TOUCH {
        return Ok(());
    }
    update(&db.store().writer, session.id, session::Column::LastActiveAt, Some(now)).await
}

/// Ends a session: signing out.
pub async fn end(unit: &mut Unit, session: &Session) -> Result<(), Error> {
    let permit = unit.permit(Act::SignOut, &Subject::of("session", session.id))?;
    update(unit.tx(), session.id, session::Column::EndedAt, Some(unit.now())).await?;
    unit.record(permit, serde_json::json!({}));
    Ok(())
}

/// Ends every session of an account but `except`: after a reset, a disabling, a change of factor.
pub(super) async fn end_all(unit: &Unit, staff: StaffId, except: Option<SessionId>) -> Result<(), Error> {
    let mut end = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(unit.now()))
        .filter(session::Column::StaffId.eq(staff))
        .filter(session::Column::EndedAt.is_null());
    if let Some(except) = except {
        end = end.filter(session::Column::Id.ne(except));
    }
    end.exec(unit.tx()).await?;
    Ok(())
}

/// Ends every session there is. How many there were.
pub(crate) async fn end_everyone(unit: &Unit) -> Result<u64, Error> {
    let ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(unit.now()))
        .filter(session::Column::EndedAt.is_null())
        .exec(unit.tx())
        .await?;
    Ok(ended.rows_affected)
}

/// The second step was right. The session has a new value from now on: whoever saw the one of the first step has nothing.
pub(super) async fn factor_given(unit: &Unit, session: SessionId) -> Result<Secret, Error> {
    let token = unit.secret();
    session::Entity::update_many()
        .col_expr(session::Column::FactorAt, Expr::value(unit.now()))
        .col_expr(session::Column::TokenHash, Expr::value(token.hash()))
        .filter(session::Column::Id.eq(session))
        .exec(unit.tx())
        .await?;
    Ok(token)
}

/// Notes until when a session has a locked record open, so that other sessions need not ask.
pub(crate) async fn glass_until(unit: &Unit, session: SessionId, until: Instant) -> Result<(), Error> {
    update(unit.tx(), session, session::Column::GlassUntil, Some(until)).await
}

async fn update(
    on: &impl ConnectionTrait,
    id: SessionId,
    column: session::Column,
    at: Option<Instant>,
) -> Result<(), Error> {
    session::Entity::update_many()
        .col_expr(column, Expr::value(at))
        .filter(session::Column::Id.eq(id))
        .exec(on)
        .await?;
    Ok(())
}
