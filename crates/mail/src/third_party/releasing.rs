//! A second person looks at a letter about somebody and lets it go, or does not. For acts that are permitted and recorded
//! by the room that knows the request.

use foundation::{Act, Error, Faults, News, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};

use super::{REASON, ReleaseDecision, ReleaseGround};
use crate::entity::{message, own_words, third_party_letter};
use crate::outbox::{MessageId, State, send_later};

/// Characters of a reason at the most.
const LONGEST: usize = 1000;

/// A decision to let a letter go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRelease {
    ground: ReleaseGround,
    reason: String,
}

impl NewRelease {
    /// Parses a form's strings.
    ///
    /// # Errors
    /// No ground at `ground`, no reason at `reason`.
    pub fn parse(ground: &str, reason: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let ground = ReleaseGround::parse(ground);
        if ground.is_none() {
            faults.add("ground", "Choose on what ground it may leave");
        }
        let reason = reason_of(reason).map_err(|more| faults.0.extend(more.0)).ok();
        match (ground, reason) {
            (Some(ground), Some(reason)) => Ok(Self { ground, reason }),
            _ => Err(faults),
        }
    }

    /// On what ground.
    #[must_use]
    pub fn ground(&self) -> ReleaseGround {
        self.ground
    }
}

fn reason_of(typed: &str) -> Result<String, Faults> {
    let reason = typed.trim();
    if reason.is_empty() || reason.chars().count() > LONGEST {
        let mut faults = Faults::default();
        faults.add("reason", "Write why, up to 1,000 characters");
        return Err(faults);
    }
    Ok(reason.to_owned())
}

/// Lets a letter go that waits for it. The gate is asked again when it leaves.
///
/// # Errors
/// A refusal at `released` when the actor wrote it, or when somebody decided before.
pub async fn release(unit: &mut Unit, id: MessageId, new: NewRelease) -> Result<(), Error> {
    let row = decide(unit, id, ReleaseDecision::Released, Some(new.ground), &new.reason).await?;
    let version = row.version + 1;
    let queued = message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Queued))
        .col_expr(message::Column::Reason, Expr::value(Some("A second person released it.")))
        .col_expr(message::Column::DueAt, Expr::value(unit.now()))
        .col_expr(message::Column::Version, Expr::value(version))
        .filter(message::Column::Id.eq(id))
        .filter(message::Column::Version.eq(row.version))
        .filter(message::Column::State.eq(State::AwaitingRelease))
        .exec(unit.tx())
        .await?;
    if queued.rows_affected != 1 {
        return Err(Error::Stale);
    }
    let now = unit.now();
    send_later(unit, id, version, now).await?;
    unit.tell(News::Mail);
    Ok(())
}

/// Does not let it go; its writer reads why.
///
/// # Errors
/// A fault at `reason`; refusals as for [`release`].
pub async fn refuse(unit: &mut Unit, id: MessageId, reason: &str) -> Result<(), Error> {
    let reason = reason_of(reason)?;
    let row = decide(unit, id, ReleaseDecision::Refused, None, &reason).await?;
    message::Entity::update_many()
        .col_expr(message::Column::State, Expr::value(State::Cancelled))
        .col_expr(message::Column::Reason, Expr::value(Some("A second person did not release it.")))
        .col_expr(message::Column::Version, Expr::col(message::Column::Version).add(1))
        .filter(message::Column::Id.eq(row.id))
        .filter(message::Column::Version.eq(row.version))
        .exec(unit.tx())
        .await?;
    unit.tell(News::Mail);
    Ok(())
}

/// Writes the decision down, once, by somebody who did not write the letter.
async fn decide(
    unit: &mut Unit,
    id: MessageId,
    decision: ReleaseDecision,
    ground: Option<ReleaseGround>,
    reason: &str,
) -> Result<message::Model, Error> {
    let letter = third_party_letter::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let words = own_words::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let row = crate::outbox::one(unit.tx(), id).await?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::ReleaseLetter))?;
    if words.author_id == me {
        return Err(refused("released", "You wrote this letter. Someone else must decide about it."));
    }
    let sealed = unit.seal(letter.about_person_id, REASON, reason).await?;
    let decided = third_party_letter::Entity::update_many()
        .col_expr(third_party_letter::Column::Decision, Expr::value(Some(decision)))
        .col_expr(third_party_letter::Column::Ground, Expr::value(ground))
        .col_expr(third_party_letter::Column::Reason, Expr::value(Some(sealed)))
        .col_expr(third_party_letter::Column::DecidedBy, Expr::value(Some(me)))
        .col_expr(third_party_letter::Column::DecidedAt, Expr::value(Some(unit.now())))
        .filter(third_party_letter::Column::Id.eq(id))
        .filter(third_party_letter::Column::Decision.is_null())
        .exec(unit.tx())
        .await?;
    if decided.rows_affected != 1 || row.state != State::AwaitingRelease {
        return Err(refused("released", "This letter does not wait any more. Look at it again."));
    }
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_a_ground_and_a_reason() {
        let faults = NewRelease::parse("because", " ").unwrap_err();
        assert!(faults.of("ground").is_some() && faults.of("reason").is_some());
        let new = NewRelease::parse("tells_nothing", "It gives our visiting hours.").unwrap();
        assert_eq!(new.ground(), ReleaseGround::TellsNothing);
    }
}
