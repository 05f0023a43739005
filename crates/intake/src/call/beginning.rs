//! Beginning: with the first word that is saved there is a request, and it belongs to whoever talks.

use foundation::{Act, Error, Unit};
use sea_orm::{EntityTrait, Set};

use super::{ANSWERS, Call, by_submission, written};
use crate::entity::{call, request};
use crate::request::merging::going_on;
use crate::request::receiving::{NewRequest, receive};
use crate::request::{Request, claiming, snoozing, waiting};

use super::sheet::Sheet;

/// Begins a call, about a request that is there or as a new one. `submission` is the sheet's own secret: sent twice, it
/// is one call. The sheet is saved next, by [`super::saving::save`].
pub async fn begin(unit: &mut Unit, submission: &str, about: Option<Request>) -> Result<Call, Error> {
    if let Some(before) = by_submission(unit.tx(), submission).await? {
        return Ok(before);
    }
    let me = unit.actor().staff_id().ok_or(Error::Forbidden(Act::TakeCall))?;
    let about = if let Some(request) = about {
        going_on(unit.tx(), request.id).await?
    } else {
        let received = receive(unit, &format!("call-{submission}"), NewRequest::by_phone()?).await?;
        let found = request::Entity::find_by_id(received.id).one(unit.tx()).await?;
        found.ok_or(Error::NotFound)?
    };
    if about.is_open() && about.owner_id.is_none() {
        claiming::claim(unit, &about).await?;
    }
    snoozing::stir(unit, &about).await?;
    waiting::heard_from(unit, &about).await?;
    let permit = unit.permit(Act::TakeCall, &about.subject())?;
    let id = unit.id();
    let answers = unit.seal(about.prospective_id, ANSWERS, &written(&Sheet::default())?).await?;
    let row = call::ActiveModel {
        id: Set(id),
        submission: Set(submission.to_owned()),
        request_id: Set(about.id),
        person_id: Set(about.prospective_id),
        staff_id: Set(me),
        answers: Set(answers),
        desk: Set(String::new()),
        turn: Set(0),
        began_at: Set(unit.now()),
        saved_at: Set(unit.now()),
        parked_at: Set(None),
        ended_at: Set(None),
        version: Set(1),
    };
    unit.insert(row).await?;
    unit.record(permit, serde_json::json!({ "call": id }));
    call::Entity::find_by_id(id).one(unit.tx()).await?.ok_or(Error::NotFound)
}
