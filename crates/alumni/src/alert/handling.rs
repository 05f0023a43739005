//! "I'll handle it": nobody else is told of this flag from then on. It stays open until what was done is written down.

use foundation::{Act, Error, News, Unit, refused};
use sea_orm::{EntityTrait, Set};
use serde_json::json;

use crate::caseload::subject;
use crate::entity::flag::Entity;
use crate::entity::flag_handler;
use crate::flag::FlagId;

/// Says that I handle a flag.
///
/// # Errors
/// A refusal when it is settled, or a colleague said so first.
pub async fn handle(unit: &mut Unit, id: FlagId) -> Result<(), Error> {
    let flag = Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)?;
    let permit = unit.permit(Act::HandleFlag, &subject(unit.tx(), "flag", id, flag.person_id).await?)?;
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::HandleFlag))?;
    if flag.settled_at.is_some() {
        return Err(refused("settled", "A colleague settled this already. What was done is on the record."));
    }
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
