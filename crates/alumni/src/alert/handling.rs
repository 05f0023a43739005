//! "I'll handle it": nobody else is told of this flag for a while. It stays open until what was done is written down, and
//! comes back to everyone when that does not happen.

use foundation::{Act, Error, News, Unit, refused};
use sea_orm::sea_query::LockType;
use sea_orm::{EntityTrait, QuerySelect, Set};
use serde_json::json;

use crate::caseload::subject;
use crate::entity::flag::Entity;
use crate::entity::flag_handler;
use crate::flag::{FlagId, as_seen};

/// Says that I handle a flag as I have `seen` it.
///
/// # Errors
/// A refusal when it is settled, when a colleague said so first, and when they said more since.
pub async fn handle(unit: &mut Unit, id: FlagId, seen: i32) -> Result<(), Error> {
    let flag = Entity::find_by_id(id).lock(LockType::Update).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::HandleFlag, &subject(unit.tx(), "flag", id, flag.person_id).await?)?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::HandleFlag))?;
    as_seen(&flag, seen)?;
    if flag_handler::Entity::find_by_id(id).one(unit.tx()).await?.is_some() {
        return Err(refused("handled", "A colleague handles this already."));
    }
    let row = flag_handler::ActiveModel { flag_id: Set(id), staff_id: Set(me), at: Set(unit.now()) };
    unit.insert(row).await.map_err(|error| match error {
        Error::Exists => refused("handled", "A colleague handles this already."),
        other => other,
    })?;
    unit.record(permit, json!({ "level": flag.level }));
    unit.tell(News::Alumni);
    Ok(())
}
