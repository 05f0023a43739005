//! What hardly ever changes and every page needs, as it was read a moment ago: at most five seconds old for what another
//! process changed, and thrown away at once when this one did.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;

use crate::clock::Instant;
use crate::error::Error;

/// How long a page may go by what another process has changed since.
const KEPT: TimeDelta = TimeDelta::seconds(5);

pub(crate) struct Kept<T>(Mutex<Option<(Instant, Arc<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    /// What is kept, or what `load` reads now.
    pub(crate) async fn or_load(
        &self,
        now: Instant,
        load: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        if let Some((at, kept)) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && (*at..*at + KEPT).contains(&now)
        {
            return Ok(Arc::clone(kept));
        }
        let fresh = Arc::new(load.await?);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&fresh)));
        Ok(fresh)
    }

    /// The next who asks reads it anew.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
