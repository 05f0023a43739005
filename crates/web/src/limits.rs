//! A limit on how often one network may do something, kept in memory: it guards against floods, not against people.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use foundation::Instant;
use foundation::staff::signing_in::UNREADABLE;

/// Networks remembered at the most; a flood from more than that starts the count anew.
const REMEMBERED: usize = 20_000;

/// Counts by network within a window.
pub struct Limit {
    most: u32,
    window: TimeDelta,
    seen: Mutex<HashMap<String, (u32, Instant)>>,
}

impl Limit {
    /// At most `most` in `window` from one network.
    pub fn new(most: u32, window: TimeDelta) -> Self {
        Self { most, window, seen: Mutex::default() }
    }

    /// Counts one more; false when it is too many. Where no address can be read all the world stands in one count, which
    /// is a hundred times as long: whoever asks for help is not turned away for a proxy that is set up wrong.
    pub fn allows(&self, network: &str, now: Instant) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= REMEMBERED {
            seen.clear();
        }
        let entry = seen.entry(network.to_owned()).or_insert((0, now));
        if now - entry.1 >= self.window {
            *entry = (0, now);
        }
        entry.0 += 1;
        let most = if network == UNREADABLE { self.most.saturating_mul(100) } else { self.most };
        entry.0 <= most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_may_ask_and_a_flood_may_not() {
        let limit = Limit::new(3, TimeDelta::hours(1));
        let noon: Instant = "2026-03-02T12:00:00Z".parse().unwrap();
        assert!((0..3).all(|_| limit.allows("203.0.113.9", noon)));
        assert!(!limit.allows("203.0.113.9", noon));
        assert!(limit.allows("198.51.100.7", noon));
        assert!(limit.allows("203.0.113.9", noon + TimeDelta::hours(1)));
    }
}
