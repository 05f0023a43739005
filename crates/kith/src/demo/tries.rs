//! Tries to reach people in the sample center, at whatever hour it is opened: nobody in it is called outside their hours.

use foundation::{Error, Unit};
use intake::Request;
use intake::request::attempting::{self, Try};
use intake::rules::words::{Direction, Outcome};

/// Writes a try down. Outside the hours somebody allows they called themselves, or nobody tried.
pub(super) async fn try_now(unit: &mut Unit, request: &Request, outcome: Outcome) -> Result<(), Error> {
    match attempting::attempt(unit, request, outcome).await {
        Err(Error::Invalid(faults)) if faults.of("because").is_some() => {}
        other => return other.map(|_| ()),
    }
    if outcome != Outcome::Reached {
        return Ok(());
    }
    let they_called = Try { direction: Direction::TheyCalled, ..outcome.into() };
    attempting::attempt(unit, request, they_called).await.map(|_| ())
}
