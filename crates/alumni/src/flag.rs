//! Flags: something staff should do for an alum, with the rule that says so, until someone writes what was done.

use foundation::sealed::Keyring;
use foundation::{Act, Actor, Error, Instant, News, PersonId, Unit, refused};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ConnectionTrait, FromJsonQueryResult, QueryOrder, QuerySelect, Set};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::caseload::{self, subject};
use crate::check_in::{CheckIn, CheckInId};
use crate::entity::flag::{ActiveModel, Column, Entity};
use crate::entity::{flag_handler, flag_notice};
use crate::rules::response::{Level, Reason};

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
        WordsNotRead = "words_not_read", "words not read yet",
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
        .filter(Column::SettledAt.is_null())
        .lock(LockType::Update)
        .one(unit.tx())
        .await?;
    if let Some(open) = open {
        said_more(unit, &open).await?;
        nobody_handles(unit, open.id).await?;
    } else {
        let (kind, level) = (FlagKind::WroteBack, Level::Amber);
        raise(unit, Raise { person, check_in: None, kind, level, reasons: Vec::new() }).await?;
    }
    unit.tell(News::Alumni);
    Ok(())
}

/// Something more stands behind an open flag: whoever looks at it as it was cannot settle it.
async fn said_more(unit: &Unit, open: &Flag) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::value(open.version + 1))
        .filter(Column::Id.eq(open.id))
        .exec(unit.tx())
        .await?;
    Ok(())
}

/// Who said that they handle a flag has not said so of what came since, and nobody was told of that yet.
pub(crate) async fn nobody_handles(unit: &Unit, id: FlagId) -> Result<(), Error> {
    flag_handler::Entity::delete_by_id(id).exec(unit.tx()).await?;
    flag_notice::Entity::delete_many().filter(flag_notice::Column::FlagId.eq(id)).exec(unit.tx()).await?;
    Ok(())
}

/// Raises the flag for the answers to a check-in. One that is open goes up to the graver level and takes the reasons in:
/// what was said before is never lowered by what is said later. Its clock begins anew when it goes up; for every reason
/// that is as grave as what was known, colleagues are told anew.
pub(crate) async fn raise_or_join(
    unit: &mut Unit,
    check_in: &CheckIn,
    level: Level,
    reasons: &[Reason],
) -> Result<FlagId, Error> {
    let Some(open) = hold_open(unit, check_in.id, FlagKind::Answers).await? else {
        let new = Raise {
            person: check_in.person_id,
            check_in: Some(check_in.id),
            kind: FlagKind::Answers,
            level,
            reasons: reasons.iter().map(ToString::to_string).collect(),
        };
        return raise(unit, new).await;
    };
    let before: Vec<Reason> = open.reasons.0.iter().filter_map(|name| Reason::parse(name)).collect();
    let is_news = reasons.iter().any(|reason| !before.contains(reason));
    // The levels are listed from the gravest down.
    let is_graver = level < open.level;
    if !is_news && !is_graver {
        return Ok(open.id);
    }
    let mut all: Vec<Reason> = before.into_iter().chain(reasons.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    let names = Reasons(all.iter().map(ToString::to_string).collect());
    let names = serde_json::to_value(&names).map_err(|e| Error::Broken(e.to_string()))?;
    let raised_at = if is_graver { unit.now() } else { open.raised_at };
    Entity::update_many()
        .col_expr(Column::Level, Expr::value(level.min(open.level)))
        .col_expr(Column::Reasons, Expr::value(names))
        .col_expr(Column::RaisedAt, Expr::value(raised_at))
        .col_expr(Column::Version, Expr::value(open.version + 1))
        .filter(Column::Id.eq(open.id))
        .exec(unit.tx())
        .await?;
    if level <= open.level {
        nobody_handles(unit, open.id).await?;
    }
    Ok(open.id)
}

/// Asks for a person who reads what was written in own words, whatever the color of the answers. Open already, it is
/// the same request.
pub(crate) async fn raise_for_words(unit: &mut Unit, check_in: &CheckIn) -> Result<FlagId, Error> {
    if let Some(open) = hold_open(unit, check_in.id, FlagKind::WordsNotRead).await? {
        said_more(unit, &open).await?;
        return Ok(open.id);
    }
    let new = Raise {
        person: check_in.person_id,
        check_in: Some(check_in.id),
        kind: FlagKind::WordsNotRead,
        level: Level::Yellow,
        reasons: Vec::new(),
    };
    raise(unit, new).await
}

/// The open flag of a kind for a check-in, if there is one: asking twice is one wish.
pub(crate) async fn find_open(
    reader: &impl ConnectionTrait,
    check_in: CheckInId,
    kind: FlagKind,
) -> Result<Option<Flag>, Error> {
    let found = Entity::find()
        .filter(Column::CheckInId.eq(check_in))
        .filter(Column::Kind.eq(kind))
        .filter(Column::SettledAt.is_null())
        .one(reader)
        .await?;
    Ok(found)
}

/// The same, held until the unit is done: a colleague who settles it at this moment is waited for, and then it is open no
/// more. On SQLite a unit is alone anyway.
async fn hold_open(unit: &Unit, check_in: CheckInId, kind: FlagKind) -> Result<Option<Flag>, Error> {
    let found = Entity::find()
        .filter(Column::CheckInId.eq(check_in))
        .filter(Column::Kind.eq(kind))
        .filter(Column::SettledAt.is_null())
        .lock(LockType::Update)
        .one(unit.tx())
        .await?;
    Ok(found)
}

/// The newest flag for the answers to a check-in, open or settled.
pub(crate) async fn find_for_answers(
    reader: &impl ConnectionTrait,
    check_in: CheckInId,
) -> Result<Option<Flag>, Error> {
    let found = Entity::find()
        .filter(Column::CheckInId.eq(check_in))
        .filter(Column::Kind.eq(FlagKind::Answers))
        .order_by_desc(Column::Id)
        .one(reader)
        .await?;
    Ok(found)
}

/// Marks words as read: they ask for nothing but a reader.
///
/// # Errors
/// Refused for a flag that asks for more than reading, when a colleague has read them already, and when they wrote more
/// since `seen`.
pub async fn mark_read(unit: &mut Unit, id: FlagId, seen: i32) -> Result<(), Error> {
    let flag = Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    if flag.kind != FlagKind::WordsNotRead {
        return Err(refused("done", "This one asks for more than reading. Write what was done."));
    }
    settle(unit, id, seen, "Read.").await
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

/// Refused when they said more since the version that was `seen`: nobody looks after what they have not read.
pub(crate) fn as_seen(flag: &Flag, seen: i32) -> Result<(), Error> {
    if flag.settled_at.is_some() {
        return Err(refused("settled", "A colleague settled this already. What was done is on the record."));
    }
    if flag.version != seen {
        return Err(refused(
            "since",
            "They said more since you opened this page. Read it first; it stands here now.",
        ));
    }
    Ok(())
}

/// Settles a flag by writing what was done about it as it was `seen`. The second to settle is told that it was settled.
///
/// # Errors
/// A refusal when nothing was written, when it is settled, and when they said more since.
pub async fn settle(unit: &mut Unit, id: FlagId, seen: i32, done: &str) -> Result<(), Error> {
    let flag = Entity::find_by_id(id).lock(LockType::Update).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let person = flag.person_id;
    let permit = unit.permit(Act::SettleFlag, &subject(unit.tx(), "flag", id, person).await?)?;
    let done = done.trim();
    if done.is_empty() || done.chars().count() > 2000 {
        return Err(refused("done", "Write what was done, up to 2,000 characters."));
    }
    as_seen(&flag, seen)?;
    let sealed = unit.seal(person, DONE, done).await?;
    let settled = Entity::update_many()
        .col_expr(Column::SettledAt, Expr::value(Some(unit.now())))
        .col_expr(Column::SettledBy, Expr::value(unit.actor().staff_id()))
        .col_expr(Column::Done, Expr::value(Some(sealed)))
        .col_expr(Column::Version, Expr::value(flag.version + 1))
        .filter(Column::Id.eq(id))
        .filter(Column::Version.eq(seen))
        .exec(unit.tx())
        .await?;
    if settled.rows_affected == 0 {
        return Err(Error::Stale);
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
