//! Whose turn it is in a mailbox: messages of a sender who wrote too much wait, so that they hold up nobody behind them and
//! are not fetched anew in every look.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use foundation::Instant;

/// How long a message waits before it is looked at again.
const WAIT: TimeDelta = TimeDelta::minutes(10);

/// Messages that wait, by their UID, and until when. A folder that is made anew counts its UIDs anew: a message may then
/// wait once in place of another.
#[derive(Debug, Default)]
pub(super) struct Deferred(HashMap<u32, Instant>);

impl Deferred {
    /// The unread messages whose turn it is: those that never waited, then those that have waited, the oldest first.
    pub(super) fn turn(&mut self, unread: &HashSet<u32>, now: Instant) -> Vec<u32> {
        self.0.retain(|uid, _| unread.contains(uid));
        let waits = |uid: &u32| self.0.get(uid).copied();
        let mut turn: Vec<(Option<Instant>, u32)> = unread
            .iter()
            .map(|uid| (waits(uid), *uid))
            .filter(|(until, _)| until.is_none_or(|until| until <= now))
            .collect();
        turn.sort_unstable();
        turn.into_iter().map(|(_, uid)| uid).collect()
    }

    /// It waits.
    pub(super) fn defer(&mut self, uid: u32, now: Instant) {
        self.0.insert(uid, now + WAIT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jo_is_heard_behind_a_thousand_messages_of_a_machine_gone_wild() {
        let mut deferred = Deferred::default();
        let mut now: Instant = "2026-03-02T15:00:00Z".parse().unwrap();
        let machine = 1..=1000;
        let jo = 1001;
        let mut unread: HashSet<u32> = machine.chain([jo]).collect();
        // Every minute a look that takes a hundred of them.
        for look in 1.. {
            let turn: Vec<u32> = deferred.turn(&unread, now).into_iter().take(100).collect();
            if turn.contains(&jo) {
                break;
            }
            assert!(look <= 10, "Jo waits behind {turn:?}");
            for uid in turn {
                deferred.defer(uid, now);
            }
            now += TimeDelta::minutes(1);
        }
        unread.remove(&jo);
        // What arrives now comes before those that waited, although their time came again.
        now += WAIT;
        unread.insert(1002);
        let turn = deferred.turn(&unread, now);
        assert_eq!((turn.first(), turn.get(1), turn.len()), (Some(&1002), Some(&1), 1001));
        // What somebody read elsewhere is forgotten.
        deferred.turn(&HashSet::from([1002]), now);
        assert!(deferred.0.is_empty());
    }

    #[test]
    fn a_message_that_waits_is_left_alone_until_its_time() {
        let mut deferred = Deferred::default();
        let now: Instant = "2026-03-02T15:00:00Z".parse().unwrap();
        let unread = HashSet::from([7, 8]);
        deferred.defer(7, now);
        assert_eq!(deferred.turn(&unread, now + TimeDelta::minutes(9)), [8]);
        assert_eq!(deferred.turn(&unread, now + WAIT), [8, 7]);
    }
}
