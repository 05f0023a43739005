//! Lists that an administrator sets, like rules and reasons: each is changed by one act, under the version it was shown
//! with.

use foundation::{Error, Faults};

use crate::failure::Failure;
use crate::form::Typed;

/// Does a change to a list: what must be put right on its page, and nothing when it is done. `field` is where it is said
/// that somebody else changed the list in between.
pub(crate) async fn changed<C>(
    typed: &Typed,
    field: &'static str,
    change: Result<C, Faults>,
    write: impl AsyncFnOnce(i32, C) -> Result<(), Error>,
) -> Result<Faults, Failure> {
    let version = typed.text("version").parse().map_err(|_| Error::Stale)?;
    let done = match change {
        Ok(change) => write(version, change).await,
        Err(faults) => Err(faults.into()),
    };
    match done {
        Ok(()) => Ok(Faults::default()),
        Err(error @ (Error::Invalid(_) | Error::Refused(_))) => Ok(Failure::from(error).faults()?),
        // What is not there any more was taken away by somebody.
        Err(Error::Stale | Error::NotFound) => {
            let mut faults = Faults::default();
            faults.add(
                field,
                "Someone changed the list while you were at it. Look again; what you typed is below",
            );
            Ok(faults)
        }
        Err(other) => Err(other.into()),
    }
}
