//! Flags: something staff should do for an alum, with the rule that says so, until someone writes what was done.

use foundation::sealed::Keyring;
use foundation::{Act, Actor, Error, Instant, News, PersonId, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, FromJsonQueryResult, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::caseload::{self, subject};
use crate::check_in::CheckInId;
use crate::entity::flag::{ActiveModel, Column, Entity};
use crate::rules::response::Level;

pub use crate::entity::flag::Model as Flag;

/// Where it is sealed what was done.
pub(crate) const DONE: &str = "flags.done";

foundation::id! {
    /// A flag.
    FlagId
}

foundation::words! {
    /// What raised a flag.
    pub enum FlagKind {
        Answers = "answers", "by what was answered",
        AskedForCall = "asked_for_call", "asked for a call",
        /// On the Close track, with opioids: the supervisor looks after it the same day.
        Silence = "silence", "went silent",
        NoNumber = "no_number", "has no phone number anymore",
        /// Nobody has read what they wrote: until somebody has, it may be anything.
        WroteBack = "wrote_back", "wrote back: words not read yet",
    }
}

/// Names of the rules that raised a flag, the weightiest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Reasons(pub Vec<String>);

/// A flag about to be raised, by an act that was permitted already.
pub(crate) struct Raise {
    pub(crate) person: PersonId,
    pub(crate) check_in: Option<CheckInId>,
    pub(crate) kind: FlagKind,
    pub(crate) level: Level,
    pub(crate) reasons: Vec<String>,
}

/// Raises a flag inside an act that records it.
pub(crate) async fn raise(unit: &mut Unit, new: Raise) -> Result<FlagId, Error> {
    let id: FlagId = unit.id();
    let row = ActiveModel {
        id: Set(id),
        person_id: Set(new.person),
        check_in_id: Set(new.check_in),
        kind: Set(new.kind),
        level: Set(new.level),
        reasons: Set(Reasons(new.reasons)),
        raised_at: Set(unit.now()),
        settled_at: Set(None),
        settled_by: Set(None),
        done: Set(None),
        version: Set(1),
    };
    unit.insert(row).await?;
    Ok(id)
}

/// Raises that a person answered a letter, inside the act that keeps the words on the record. Written again before
/// somebody read it, it is one flag: whoever reads finds every word there.
pub async fn raise_reply(unit: &mut Unit, person: PersonId) -> Result<(), Error> {
    let open = Entity::find()
        .filter(Column::PersonId.eq(person))
        .filter(Column::Kind.eq(FlagKind::WroteBack))
        .filter(Column::SettledAt.is_null());
    if open.count(unit.tx()).await? == 0 {
        let (kind, level) = (FlagKind::WroteBack, Level::Amber);
        raise(unit, Raise { person, check_in: None, kind, level, reasons: Vec::new() }).await?;
    }
    unit.tell(News::Alumni);
    Ok(())
}

/// Whether a flag of a kind is open for a check-in already: asking twice is one wish.
pub(crate) async fn is_open(
    reader: &impl ConnectionTrait,
    check_in: CheckInId,
    kind: FlagKind,
) -> Result<Option<FlagId>, Error> {
    let found = Entity::find()
        .filter(Column::CheckInId.eq(check_in))
        .filter(Column::Kind.eq(kind))
        .filter(Column::SettledAt.is_null())
        .one(reader)
        .await?;
    Ok(found.map(|flag| flag.id))
}

/// Whether a flag of a kind is open for a person.
pub(crate) async fn is_open_for(
    reader: &impl ConnectionTrait,
    person: PersonId,
    kind: FlagKind,
) -> Result<bool, Error> {
    let open = Entity::find()
        .filter(Column::PersonId.eq(person))
        .filter(Column::Kind.eq(kind))
        .filter(Column::SettledAt.is_null());
    Ok(open.count(reader).await? > 0)
}

/// Settles a flag by writing what was done. The second to settle is told that it was settled.
pub async fn settle(unit: &mut Unit, id: FlagId, done: &str) -> Result<(), Error> {
    let flag = Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let person = flag.person_id;
    let permit = unit.permit(Act::SettleFlag, &subject(unit.tx(), "flag", id, person).await?)?;
    let done = done.trim();
    if done.is_empty() || done.chars().count() > 2000 {
        return Err(refused("done", "Write what was done, up to 2,000 characters."));
    }
    let sealed = unit.seal(person, DONE, done).await?;
    let settled = Entity::update_many()
        .col_expr(Column::SettledAt, Expr::value(Some(unit.now())))
        .col_expr(Column::SettledBy, Expr::value(unit.actor().staff_id()))
        .col_expr(Column::Done, Expr::value(Some(sealed)))
        .col_expr(Column::Version, Expr::value(flag.version + 1))
        .filter(Column::Id.eq(id))
        .filter(Column::SettledAt.is_null())
        .exec(unit.tx())
        .await?;
    if settled.rows_affected == 0 {
        return Err(refused("settled", "A colleague settled this already. What was done is on the record."));
    }
    unit.record(permit, json!({ "kind": flag.kind, "level": flag.level }));
    unit.tell(News::Alumni);
    Ok(())
}

/// Flags of a person, the newest first, at most `limit`, open and settled.
pub async fn of(
    reader: &impl ConnectionTrait,
    viewer: &Actor,
    person: PersonId,
    limit: u64,
) -> Result<Vec<Flag>, Error> {
    caseload::seen_by(viewer, Act::OpenCheckIns, reader, person).await?;
    let rows = Entity::find()
        .filter(Column::PersonId.eq(person))
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(reader)
        .await?;
    Ok(rows)
}

/// What was done about a settled flag, opened; `None` while it is open.
pub async fn done(
    reader: &impl ConnectionTrait,
    keyring: &Keyring,
    flag: &Flag,
) -> Result<Option<(Instant, String)>, Error> {
    let (Some(at), Some(sealed)) = (flag.settled_at, &flag.done) else { return Ok(None) };
    Ok(Some((at, keyring.open(reader, flag.person_id, DONE, sealed).await?)))
}
