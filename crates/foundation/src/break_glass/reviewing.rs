//! Reviewing: who opened which locked record and why, what they looked at, and whether that was right. Nobody reviews
//! what they opened themselves, and a review is written once.

use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, QueryOrder, QuerySelect};

use super::opening::{REASON, own};
use super::{BreakGlassId, Cause, row};
use crate::acts::Act;
use crate::clock::Instant;
use crate::error::{Error, Faults, refused};
use crate::ids::{PersonId, StaffId};
use crate::ledger::asking::{Entry, between};
use crate::sealed::Keyring;
use crate::subject::Subject;
use crate::unit::{News, Unit};

pub(super) const REMARK: &str = "break_glass.remark";
const LONGEST: usize = 2000;

crate::words! {
    /// What a review found.
    pub enum Finding {
        Right = "right", "It was right to open it",
        NotRight = "not_right", "It should not have been opened",
    }
}

crate::words! {
    /// Which openings a list shows.
    pub enum View {
        Waiting = "waiting", "Waiting for review",
        Reviewed = "reviewed", "Reviewed",
    }
}

/// One opening as a list shows it: nothing that is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: BreakGlassId,
    pub staff: StaffId,
    pub person: PersonId,
    pub cause: Cause,
    pub began_at: Instant,
    pub ends_at: Instant,
    pub finding: Option<Finding>,
}

impl From<row::Model> for Line {
    fn from(row: row::Model) -> Self {
        Self {
            id: row.id,
            staff: row.staff_id,
            person: row.person_id,
            cause: row.cause,
            began_at: row.began_at,
            ends_at: row.ends_at,
            finding: row.finding,
        }
    }
}

/// One opening as its reviewer reads it.
#[derive(Clone, Debug)]
pub struct Told {
    pub line: Line,
    /// `None` when the person was forgotten, and the reason with them.
    pub reason: Option<String>,
    /// What its opener did with this person while it was open, oldest first.
    pub looked_at: Vec<Entry>,
    pub reviewed: Option<(Instant, StaffId)>,
    pub remark: Option<String>,
}

impl Told {
    /// The opening as permission and the ledger need it.
    pub fn subject(&self) -> Subject {
        Subject::of("break_glass", self.line.id).concerning(self.line.person)
    }
}

/// How many openings nobody has reviewed yet.
pub async fn how_many_wait(reader: &impl ConnectionTrait) -> Result<u64, Error> {
    Ok(row::Entity::find().filter(row::Column::ReviewedAt.is_null()).count(reader).await?)
}

/// The newest `limit` openings of a view older than `before`, newest first.
pub async fn list(
    reader: &impl ConnectionTrait,
    view: View,
    before: Option<BreakGlassId>,
    limit: u64,
) -> Result<Vec<Line>, Error> {
    let mut find = row::Entity::find().filter(match view {
        View::Waiting => row::Column::ReviewedAt.is_null(),
        View::Reviewed => row::Column::ReviewedAt.is_not_null(),
    });
    if let Some(before) = before {
        find = find.filter(row::Column::Id.lt(before));
    }
    let rows = find.order_by_desc(row::Column::Id).limit(limit).all(reader).await?;
    Ok(rows.into_iter().map(Line::from).collect())
}

/// One opening, unsealed. The caller records that it was looked at.
pub async fn one(reader: &impl ConnectionTrait, keyring: &Keyring, id: BreakGlassId) -> Result<Told, Error> {
    let row = row::Entity::find_by_id(id).one(reader).await?.ok_or(Error::NotFound)?;
    let reason = match row.reason.as_slice() {
        [] => None,
        reason => Some(keyring.open(reader, row.person_id, REASON, reason).await?),
    };
    let remark = match &row.remark {
        Some(remark) => Some(keyring.open(reader, row.person_id, REMARK, remark).await?),
        None => None,
    };
    let looked_at = between(reader, row.staff_id.0, row.person_id, row.began_at, row.ends_at).await?;
    let reviewed = row.reviewed_at.zip(row.reviewed_by);
    Ok(Told { line: row.into(), reason, looked_at, reviewed, remark })
}

/// What a reviewer found.
#[derive(Clone, Debug)]
pub struct Review {
    finding: Finding,
    remark: String,
}

impl Review {
    /// Reads what was typed. What should not have been opened wants words: someone will act on them.
    pub fn parse(finding: &str, remark: &str) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let finding = Finding::parse(finding);
        let remark = remark.trim();
        if finding.is_none() {
            faults.add("finding", "Choose what you found");
        }
        if finding == Some(Finding::NotRight) && remark.is_empty() {
            faults.add("remark", "Write what was not right and what happens next");
        }
        if remark.chars().count() > LONGEST {
            faults.add("remark", "Write up to 2,000 characters");
        }
        faults.or(|| Self { finding: finding.unwrap_or(Finding::NotRight), remark: remark.to_owned() })
    }
}

/// Writes the review of an opening, once.
pub async fn review(unit: &mut Unit, id: BreakGlassId, new: Review) -> Result<(), Error> {
    let row = row::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let subject = Subject::of("break_glass", id).concerning(row.person_id);
    let permit = unit.permit(Act::ReviewBreakGlass, &subject)?;
    let reviewer = unit.actor().staff_id();
    if reviewer == Some(row.staff_id) {
        return Err(own());
    }
    let remark = match new.remark.as_str() {
        "" => None,
        remark => Some(unit.seal(row.person_id, REMARK, remark).await?),
    };
    let done = row::Entity::update_many()
        .col_expr(row::Column::ReviewedAt, Expr::value(unit.now()))
        .col_expr(row::Column::ReviewedBy, Expr::value(reviewer))
        .col_expr(row::Column::Finding, Expr::value(new.finding))
        .col_expr(row::Column::Remark, Expr::value(remark))
        .filter(row::Column::Id.eq(id))
        .filter(row::Column::ReviewedAt.is_null())
        .exec(unit.tx())
        .await?;
    if done.rows_affected == 0 {
        return Err(refused("reviewed_already", "Someone reviewed this already. Their finding stands."));
    }
    unit.record(permit, serde_json::json!({ "finding": new.finding }));
    unit.tell(News::Privacy);
    Ok(())
}
