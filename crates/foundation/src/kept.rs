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
        let (before, older) = {
            let things = self.things();
            let found = things.of.get(&TypeId::of::<T>());
            let kept = found.and_then(|(at, kept)| Some((*at, Arc::clone(kept).downcast::<T>().ok()?)));
            match kept {
                Some((at, kept)) if now >= at && now - at < KEPT => return Ok(kept),
                kept => (things.thrown_away, kept.map(|(_, kept)| kept)),
            }
        };
        let fresh = match (load.await, older) {
            (Ok(fresh), _) => Arc::new(fresh),
            // While the database is away the house goes by what it remembers.
            (Err(Error::Away(_)), Some(older)) => return Ok(older),
            (Err(error), _) => return Err(error),
        };
        let kept: Arc<dyn Any + Send + Sync> = Arc::<T>::clone(&fresh);
        let mut things = self.things();
        // What was read while somebody changed it may be of before, and is kept for nobody.
        if things.thrown_away == before {
            things.of.insert(TypeId::of::<T>(), (now, kept));
        }
        drop(things);
        Ok(fresh)
    }

    /// What was read last, however long ago.
    pub(crate) fn remembered<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let things = self.things();
        things.of.get(&TypeId::of::<T>()).and_then(|(_, kept)| Arc::clone(kept).downcast().ok())
    }

    /// The next who asks reads everything anew; until then it is only remembered.
    pub(crate) fn forget(&self) {
        let mut things = self.things();
        things.of.values_mut().for_each(|(at, _)| *at = Instant::MIN_UTC);
        things.thrown_away += 1;
    }

    fn things(&self) -> MutexGuard<'_, Things> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
