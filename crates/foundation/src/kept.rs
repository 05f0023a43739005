//! What hardly ever changes and every page needs, as it was read a moment ago: at most five seconds old for what another
//! process changed, and thrown away at once when this one did.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;

use crate::clock::Instant;
use crate::error::Error;

/// How long a page may go by what another process has changed since.
const KEPT: TimeDelta = TimeDelta::seconds(5);

/// What is kept, and how often everything was thrown away.
#[derive(Default)]
struct Things {
    of: HashMap<TypeId, (Instant, Arc<dyn Any + Send + Sync>)>,
    thrown_away: u64,
}

/// One thing of each type: the center, the directory, and what the rooms above keep so.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Things>);

impl Kept {
    /// What is kept, or what `load` reads now.
    pub(crate) async fn or_load<T: Any + Send + Sync>(
        &self,
        now: Instant,
        load: impl Future<Output = Result<T, Error>>,
    ) -> Result<Arc<T>, Error> {
        let before = {
            let things = self.things();
            if let Some((at, kept)) = things.of.get(&TypeId::of::<T>())
                && (*at..*at + KEPT).contains(&now)
                && let Ok(kept) = Arc::clone(kept).downcast()
            {
                return Ok(kept);
            }
            things.thrown_away
        };
        let fresh = Arc::new(load.await?);
        let kept: Arc<dyn Any + Send + Sync> = Arc::<T>::clone(&fresh);
        let mut things = self.things();
        // What was read while somebody changed it may be of before, and is kept for nobody.
        if things.thrown_away == before {
            things.of.insert(TypeId::of::<T>(), (now, kept));
        }
        drop(things);
        Ok(fresh)
    }

    /// The next who asks reads everything anew.
    pub(crate) fn forget(&self) {
        let mut things = self.things();
        things.of.clear();
        things.thrown_away += 1;
    }

    fn things(&self) -> MutexGuard<'_, Things> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
