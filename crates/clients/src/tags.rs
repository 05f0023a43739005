//! The tags a center uses, changed by an administrator.

use std::sync::Arc;

use foundation::{Act, Db, Error, Subject, Unit, refused, settings};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::rules::tags::{Tag, TagId, Tags};

const NAME: &str = "tags";
/// Tags in use beside each other; more is a drawer and no list.
const MOST: usize = 40;

/// The list as it is set, and the version that a change must name.
pub async fn with_version(reader: &impl ConnectionTrait) -> Result<(Tags, i32), Error> {
    Ok(settings::read(reader, NAME).await?.unwrap_or_default())
}

/// The list for an act that goes by it.
pub async fn load(reader: &impl ConnectionTrait) -> Result<Tags, Error> {
    Ok(with_version(reader).await?.0)
}

/// The list for a page, up to five seconds old.
pub async fn of(db: &Db) -> Result<Arc<Tags>, Error> {
    db.kept(load(db.reader())).await
}

/// What is done to the list.
#[derive(Clone, Debug)]
pub enum Change {
    /// One more, in these words.
    Add(String),
    /// Offered no more.
    End(TagId),
    /// Offered again.
    TakeUp(TagId),
}

/// Changes the list. `version` is the one the page was shown with.
///
/// # Errors
/// [`Error::Stale`] when somebody changed it in between; a fault at `words`; a refusal when there are too many.
pub async fn change(unit: &mut Unit, version: i32, change: Change) -> Result<(), Error> {
    let permit = unit.permit(Act::ChangeSettings, &Subject::center())?;
    let (mut list, _) = with_version(unit.tx()).await?;
    let is_full = list.0.iter().filter(|tag| !tag.ended).count() >= MOST;
    match change {
        Change::Add(_) | Change::TakeUp(_) if is_full => {
            return Err(refused("words", format!("Keep at most {MOST} tags. Take one away first.")));
        }
        Change::Add(words) => {
            let words = list.parse(&words)?;
            list.0.push(Tag { id: unit.id(), words, ended: false });
        }
        Change::End(id) => set_ended(&mut list, id, true)?,
        Change::TakeUp(id) => set_ended(&mut list, id, false)?,
    }
    settings::keep(unit, NAME, &list, version).await?;
    unit.record(permit, json!({ "fields": ["tags"], "tags": list.0.len() }));
    Ok(())
}

fn set_ended(list: &mut Tags, id: TagId, ended: bool) -> Result<(), Error> {
    let tag = list.0.iter_mut().find(|tag| tag.id == id).ok_or(Error::NotFound)?;
    tag.ended = ended;
    Ok(())
}
