//! The reasons a center offers when a request ends, changed by an administrator.

use std::sync::Arc;

use foundation::{Act, Db, Error, Subject, Unit, refused, settings};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::rules::outcome::Reason;
use crate::rules::reasons::{OwnReason, ReasonId, Reasons};

const NAME: &str = "closing_reasons";
/// Own reasons a center can have beside each other; more is a drawer and no list.
const MOST: usize = 40;

/// The list as it is set, and the version that a change must name.
pub async fn with_version(reader: &impl ConnectionTrait) -> Result<(Reasons, i32), Error> {
    Ok(settings::read(reader, NAME).await?.unwrap_or_default())
}

/// The list for an act that goes by it.
pub async fn load(reader: &impl ConnectionTrait) -> Result<Reasons, Error> {
    Ok(with_version(reader).await?.0)
}

/// The list for a page, up to five seconds old.
pub async fn of(db: &Db) -> Result<Arc<Reasons>, Error> {
    db.kept(load(db.reader())).await
}

/// What is done to the list.
#[derive(Clone, Debug)]
pub enum Change {
    Add(OwnReason),
    End(ReasonId),
    TakeUp(ReasonId),
    Hide(Reason),
    Offer(Reason),
}

/// Changes the list. `version` is the one the page was shown with.
///
/// # Errors
/// [`Error::Stale`] when somebody changed it in between; a refusal when there are too many, or when an outcome that needs a
/// reason would be left without one.
pub async fn change(unit: &mut Unit, version: i32, change: Change) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
    let (mut list, _) = with_version(unit.tx()).await?;
    match change {
        Change::Add(_) if list.own.iter().filter(|one| !one.ended).count() >= MOST => {
            return Err(refused("words", format!("Keep at most {MOST} reasons. Take one away first.")));
        }
        Change::Add(reason) => list.own.push(OwnReason { id: unit.id(), ..reason }),
        Change::End(id) => ended(&mut list, id, true)?,
        Change::TakeUp(id) => ended(&mut list, id, false)?,
        Change::Hide(reason) if !list.hidden.contains(&reason) => list.hidden.push(reason),
        Change::Hide(_) => {}
        Change::Offer(reason) => list.hidden.retain(|one| *one != reason),
    }
    let offered = list.offered();
    let without = Reason::ALL.iter().map(|one| one.explains());
    if let Some(bare) = without.into_iter().find(|one| !offered.iter().any(|(has, _)| has == one)) {
        let why = format!("“{}” always asks why. Keep at least one reason for it.", bare.words());
        return Err(refused("words", why));
    }
    settings::keep(unit, NAME, &list, version).await?;
    unit.record(permit, json!({ "fields": ["closing_reasons"], "own": list.own.len() }));
    Ok(())
}

fn ended(list: &mut Reasons, id: ReasonId, ended: bool) -> Result<(), Error> {
    let one = list.own.iter_mut().find(|one| one.id == id).ok_or(Error::NotFound)?;
    one.ended = ended;
    Ok(())
}
