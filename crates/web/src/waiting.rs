//! How much waits behind the words of the rail. Counted anew when something changed here, and at most every few seconds
//! for what another process changed, so that no page waits for a count.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use foundation::{Error, Instant};

use crate::house::House;
use crate::look::RailCounts;

/// How long a count may be shown that another process has changed since.
const KEPT: TimeDelta = TimeDelta::seconds(5);

/// The last counts, when they were made, and after how many changes of this process.
#[derive(Default)]
pub struct Waiting(Mutex<Option<(Instant, u64, RailCounts)>>);

impl Waiting {
    /// What waits now; nothing is said when it cannot be counted.
    pub async fn counts(&self, house: &House) -> RailCounts {
        let (now, changes) = (house.now(), house.changes());
        let kept = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, after, counts)) = kept
            && after == changes
            && (at..at + KEPT).contains(&now)
        {
            return counts;
        }
        let counts = count(house).await.unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, changes, counts));
        counts
    }
}

/// Requests and benefits checks that nobody has taken, and letters that want a person: numbers that name nobody.
async fn count(house: &House) -> Result<RailCounts, Error> {
    let inbox = intake::inbox::how_many_untaken(house.reader()).await?;
    let benefits = intake::benefits::queue::how_many_wait(house.reader()).await?;
    let mail = mail::outbox::how_many_want_someone(house.reader()).await?;
    let some = |n: u64| (n > 0).then_some(n);
    Ok(RailCounts { inbox: some(inbox), benefits: some(benefits), mail: some(mail), ..RailCounts::default() })
}
