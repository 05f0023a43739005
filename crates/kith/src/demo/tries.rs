//! Tries to reach people in the sample center, at whatever hour it is opened: nobody in it is called outside their hours.

use consent::Reaching;
use consent::contact_override::{self, Contact};
use consent::rules::against::Tried;
use foundation::{Error, Unit};
use intake::Request;
use intake::request::attempting::{self, Try};
use intake::rules::words::{Direction, Outcome};

/// Writes a try down. Against what somebody allows they called themselves, or nobody tried.
pub(super) async fn try_now(unit: &mut Unit, request: &Request, outcome: Outcome) -> Result<(), Error> {
    let reaching = Reaching::of(unit.tx(), request.caller_id).await?;
    let tried = if outcome == Outcome::VoicemailLeft { Tried::Voicemail } else { Tried::Call };
    let contact = Contact { tried, number: None, lifted: false, because: "" };
    let is_against = contact_override::broken_by(&reaching, &contact, unit.now()).is_some();
    let direction = match outcome {
        _ if !is_against => Direction::WeCalled,
        Outcome::Reached => Direction::TheyCalled,
        _ => return Ok(()),
    };
    attempting::attempt(unit, request, Try { direction, ..outcome.into() }).await.map(|_| ())
}
