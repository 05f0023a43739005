//! An account is closed, with a reason, and can be opened again. The last administrator's cannot be closed; sessions end
//! at once; the team of a supervisor who leaves gets another one.

use sea_orm::EntityTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::account::{self, Member};
use super::membership::{check, hold_everyone, is_last_administrator};
use super::passwords::Hashed;
use super::{Membership, sessions};
use crate::acts::Act;
use crate::clock::Instant;
use crate::error::{Error, Faults, refused};
use crate::ids::StaffId;
use crate::subject::Subject;
use crate::unit::Unit;

crate::words! {
    /// Why an account is closed. Chosen, not typed: the ledger holds no free text.
    pub enum ClosingReason {
        Left = "left", "No longer works here",
        OnLeave = "on_leave", "On leave",
        NotNeeded = "not_needed", "No longer needs an account",
        Misuse = "misuse", "The account was misused, or may be in other hands",
    }
}

/// Closes an account at once: its sessions end with it.
///
/// # Errors
/// A refusal `last_administrator`; [`Error::NotFound`] when there is no such account or it is closed already.
pub async fn close(unit: &mut Unit, staff: StaffId, why: ClosingReason) -> Result<(), Error> {
    let permit = unit.permit(Act::CloseAccount, &Subject::of("staff", staff))?;
    let everyone = hold_everyone(unit).await?;
    let open = |one: &&Member| one.id == staff && one.disabled_at.is_none();
    let member = everyone.iter().find(open).ok_or(Error::NotFound)?;
    if is_last_administrator(&everyone, staff) {
        let name = &member.name;
        let words = format!("{name} is the last administrator. Make someone else an administrator first.");
        return Err(refused("last_administrator", words));
    }
    account::Entity::update_many()
        .col_expr(account::Column::DisabledAt, Expr::value(Some(unit.now())))
        .col_expr(account::Column::Version, Expr::col(account::Column::Version).add(1))
        .filter(account::Column::Id.eq(staff))
        .exec(unit.tx())
        .await?;
    sessions::end_all(unit, staff, None).await?;
    unit.house_changed();
    unit.record(permit, serde_json::json!({ "fields": ["disabled_at"], "why": why }));
    Ok(())
}

/// Opens a closed account again, with a password to be changed and a second step to be set up anew: whoever held the
/// phone meanwhile is not let in. A supervisor who left is theirs no more.
///
/// # Errors
/// A refusal `open` when the account is open.
pub async fn reopen(unit: &mut Unit, staff: StaffId, Hashed(hash): Hashed) -> Result<(), Error> {
    let permit = unit.permit(Act::ReopenAccount, &Subject::of("staff", staff))?;
    let everyone = hold_everyone(unit).await?;
    let member = everyone.iter().find(|one| one.id == staff).ok_or(Error::NotFound)?;
    if member.disabled_at.is_none() {
        return Err(refused("open", format!("The account of {} is open.", member.name)));
    }
    let as_before = Membership { roles: member.roles.clone(), supervisor: member.supervisor_id };
    let supervisor =
        member.supervisor_id.filter(|_| check(&everyone, staff, &as_before).of("supervisor").is_none());
    account::Entity::update_many()
        .col_expr(account::Column::DisabledAt, Expr::value(Option::<Instant>::None))
        .col_expr(account::Column::PasswordHash, Expr::value(hash))
        .col_expr(account::Column::MustChangePassword, Expr::value(true))
        .col_expr(account::Column::TotpSecret, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(account::Column::SupervisorId, Expr::value(supervisor))
        .col_expr(account::Column::Version, Expr::col(account::Column::Version).add(1))
        .filter(account::Column::Id.eq(staff))
        .exec(unit.tx())
        .await?;
    unit.house_changed();
    unit.record(permit, serde_json::json!({ "fields": ["disabled_at", "password"], "factor_removed": true }));
    Ok(())
}

/// Gives everyone who answers to `from` another supervisor. How many they are.
///
/// # Errors
/// A fault at `team` when the other one is no supervisor who works here, or answers to one of them.
pub async fn hand_over_team(unit: &mut Unit, from: StaffId, to: StaffId) -> Result<usize, Error> {
    let everyone = hold_everyone(unit).await?;
    let team: Vec<&Member> = everyone.iter().filter(|one| one.supervisor_id == Some(from)).collect();
    for one in &team {
        // Who gets the team and was in it answers to nobody from now on.
        let supervisor = Some(to).filter(|to| *to != one.id);
        let moved = Membership { roles: one.roles.clone(), supervisor };
        if let Some(words) = check(&everyone, one.id, &moved).of("supervisor") {
            let mut faults = Faults::default();
            faults.add("team", words);
            return Err(faults.into());
        }
        let permit = unit.permit(Act::HandOverWork, &Subject::of("staff", one.id))?;
        account::Entity::update_many()
            .col_expr(account::Column::SupervisorId, Expr::value(supervisor))
            .col_expr(account::Column::Version, Expr::col(account::Column::Version).add(1))
            .filter(account::Column::Id.eq(one.id))
            .exec(unit.tx())
            .await?;
        unit.record(permit, serde_json::json!({ "supervisor_before": from, "supervisor": supervisor }));
    }
    unit.house_changed();
    Ok(team.len())
}
