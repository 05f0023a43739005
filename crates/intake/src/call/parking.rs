//! Parking: the line was cut. What was said is kept, and somebody calls back within ten minutes.

use chrono::TimeDelta;
use consent::Reaching;
use foundation::center::Center;
use foundation::{Act, Error, Unit, refused};

use super::{Call, kept, mark, own_request_of, request_of};
use crate::entity::call;
use crate::request::describing::{self, Described};
use crate::request::stepping::{self, NextStep};
use crate::rules::due::next_allowed;

/// A cut call is called back within ten minutes (domain reference 2.10).
const CALL_BACK: TimeDelta = TimeDelta::minutes(10);

/// Parks a call whose sheet was saved, and promises to call back, within the hours that are safe. What is not complete
/// on the sheet does not keep it: it stays as it was typed.
pub async fn park(unit: &mut Unit, on: &Call) -> Result<(), Error> {
    let sheet = kept(unit, on).await?;
    let permit = unit.permit(Act::ParkCall, &on.subject())?;
    mark(unit, on, call::Column::ParkedAt).await?;
    unit.record(permit, serde_json::json!({}));
    let request = request_of(unit, on).await?;
    if !request.is_open() && request.converted_at.is_none() {
        return Err(refused(
            "closed",
            "A colleague closed this request meanwhile. Open it again, then park the call.",
        ));
    }
    let own = own_request_of(unit, on).await?;
    describing::describe(unit, &own, Described::as_far_as_it_goes(&sheet)?).await?;
    let request = request_of(unit, on).await?;
    if !request.is_open() {
        return Ok(());
    }
    let zone = Center::load(unit.tx()).await?.zone;
    let hours = Reaching::of(unit.tx(), request.caller_id).await?.hours();
    let at = unit.now() + CALL_BACK;
    let at = hours.map_or(at, |hours| next_allowed(at, zone, &hours));
    let back = NextStep::parse("Call back: the line was cut", Some(at), unit.now())?;
    stepping::step(unit, &request, request.version, back).await
}
