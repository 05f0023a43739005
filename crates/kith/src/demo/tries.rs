//! Tries to reach people in the sample center, at whatever hour it is opened: nobody in it is called outside their hours.

use consent::{Reaching, contact_override};
use foundation::center::Center;
use foundation::{Error, Unit};
use intake::Request;
use intake::request::attempting::{self, Try};
use intake::rules::words::{Direction, Outcome};

/// Writes a try down. Against what somebody allows they called themselves, or nobody tried.
pub(super) async fn try_now(unit: &mut Unit, request: &Request, outcome: Outcome) -> Result<(), Error> {
    let zone = clients::person::zone_of(unit.tx(), request.caller_id).await?;
    let zone = zone.unwrap_or(Center::load(unit.tx()).await?.zone);
    let reaching = Reaching::of(unit.tx(), request.caller_id).await?;
    let left_voicemail = outcome == Outcome::VoicemailLeft;
    let is_against =
        contact_override::broken_by(&reaching, left_voicemail, false, unit.now(), zone).is_some();
    let direction = match outcome {
        _ if !is_against => Direction::WeCalled,
        Outcome::Reached => Direction::TheyCalled,
        _ => return Ok(()),
    };
    attempting::attempt(unit, request, Try { direction, ..outcome.into() }).await.map(|_| ())
}
