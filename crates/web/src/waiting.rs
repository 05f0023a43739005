//! How much waits behind the words of the rail. Counted anew when something changed here, and at most every few seconds
//! for what another process changed, so that no page waits for a count.

use std::sync::{Arc, Mutex, PoisonError};

use alumni::alert::AlertCounts;
use chrono::TimeDelta;
use foundation::{Actor, Error, Instant};

use crate::house::House;
use crate::look::RailCounts;

/// How long a count may be shown that another process has changed since.
const KEPT: TimeDelta = TimeDelta::seconds(5);

/// Counts that are everyone's, and those of alumni, of which each sees the own.
#[derive(Clone, Default)]
struct Counts {
    rail: RailCounts,
    alerts: Arc<AlertCounts>,
}

/// The last counts, when they were made, and after how many changes of this process.
#[derive(Default)]
pub struct Waiting(Mutex<Option<(Instant, u64, Counts)>>);

impl Waiting {
    /// What waits now for a viewer; nothing is said when it cannot be counted.
    pub async fn counts(&self, house: &House, viewer: &Actor) -> RailCounts {
        let counts = self.everyones(house).await;
        RailCounts { alumni: some(counts.alerts.of(viewer)), ..counts.rail }
    }

    async fn everyones(&self, house: &House) -> Counts {
        let (now, changes) = (house.now(), house.changes());
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((at, after, counts)) = kept
            && after == changes
            && (at..at + KEPT).contains(&now)
        {
            return counts;
        }
        let counts = count(house).await.unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, changes, counts.clone()));
        counts
    }
}

fn some(n: u64) -> Option<u64> {
    (n > 0).then_some(n)
}

/// Requests and benefits checks that nobody has taken, letters that want a person, alumni who need a call: numbers that
/// name nobody.
async fn count(house: &House) -> Result<Counts, Error> {
    let inbox = intake::inbox::how_many_untaken(house.reader()).await?;
    let benefits = intake::benefits::queue::how_many_wait(house.reader()).await?;
    let mail = mail::outbox::how_many_want_someone(house.reader()).await?;
    let alerts = Arc::new(AlertCounts::load(house.reader()).await?);
    let rail = RailCounts {
        inbox: some(inbox),
        benefits: some(benefits),
        mail: some(mail),
        ..RailCounts::default()
    };
    Ok(Counts { rail, alerts })
}
