//! How the way to the mail server stands, as the last letters found it: for whoever must put it right. No word of it names
//! whom a letter was to.

use chrono::TimeDelta;
use foundation::Instant;

use super::Outcome;

/// A server may be away for so long before it is told.
const AWAY: TimeDelta = TimeDelta::minutes(30);

/// The way to the mail server; all is well while nothing stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// Since when no letter went through, and what the server said when it would say so to every letter.
    stopped: Option<(Instant, Option<String>)>,
}

impl Lane {
    /// Learns from what became of a letter. What a server says about one letter or one address is not kept.
    pub(crate) fn learn(&mut self, outcome: &Outcome, now: Instant) {
        let since = self.stopped.as_ref().map_or(now, |(since, _)| *since);
        match outcome {
            Outcome::Configuration { why } => self.stopped = Some((since, Some(why.clone()))),
            Outcome::TryLater { .. } | Outcome::Unknown { .. } => {
                let why = self.stopped.take().and_then(|(_, why)| why);
                self.stopped = Some((since, why));
            }
            Outcome::Accepted { .. } | Outcome::AddressRefused { .. } | Outcome::MessageRefused { .. } => {
                self.stopped = None;
            }
        }
    }

    /// What is wrong, in words, and since when; at once when every letter would end the same way, or else after half an hour.
    pub fn trouble(&self, now: Instant) -> Option<(Instant, String)> {
        match &self.stopped {
            Some((since, Some(why))) => Some((*since, format!("The mail server said: {why}"))),
            Some((since, None)) if now - *since > AWAY => {
                Some((*since, "The mail server cannot be reached, or takes nothing now".to_owned()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_password_is_told_at_once_a_busy_server_after_half_an_hour_and_a_wrong_address_never() {
        let now: Instant = "2026-03-02T15:00:00Z".parse().unwrap();
        let mut lane = Lane::default();
        lane.learn(&Outcome::AddressRefused { why: "550 <ana@example.org> unknown".into() }, now);
        assert_eq!(lane.trouble(now), None);
        lane.learn(&Outcome::TryLater { why: "450 <ana@example.org> later".into() }, now);
        assert_eq!(lane.trouble(now), None);
        let later = now + TimeDelta::minutes(31);
        lane.learn(&Outcome::TryLater { why: "450 <ana@example.org> later".into() }, later);
        let (since, words) = lane.trouble(later).unwrap();
        assert!(since == now && !words.contains("ana@"), "{words}");
        lane.learn(&Outcome::Configuration { why: "535 authentication failed".into() }, later);
        assert!(lane.trouble(later).unwrap().1.contains("535 authentication failed"));
        lane.learn(&Outcome::Accepted { reply: "250".into() }, later);
        assert_eq!(lane.trouble(later), None);
    }
}
