//! Whether one more try to reach somebody is still usual, in the words of the page (domain reference 2.11).

use foundation::{Instant, Zone};
use intake::request::attempting::limit_of;
use intake::request::page::Page as Read;
use intake::rules::cadence::{Beyond, Limit};
use intake::rules::words::Outcome;

use crate::inbox::when;

/// What is said before one more call.
#[derive(Default)]
pub(super) struct OnceMore {
    /// Why a call now is one too many; empty when it is not.
    pub limit: &'static str,
    /// Until when no second voicemail is left; empty when one may be.
    pub voicemail: String,
}

impl OnceMore {
    pub(super) fn of(read: &Read, now: Instant, zone: Zone) -> Self {
        let passed = |outcome| limit_of(&read.attempts, outcome, now, zone);
        let voicemail = match passed(Some(Outcome::VoicemailLeft)) {
            Some(Limit::Voicemail(free)) => {
                format!("A voicemail was left lately. Leave none before {}.", when(free, now, zone))
            }
            _ => String::new(),
        };
        Self { limit: passed(None).map_or("", words), voicemail }
    }

    /// Whether a try now needs no reason, however it ends.
    pub(super) fn is_usual(&self) -> bool {
        self.limit.is_empty() && self.voicemail.is_empty()
    }

    /// The reasons there are.
    pub(super) fn reasons() -> Vec<(&'static str, &'static str)> {
        Beyond::ALL.iter().map(|one| (one.as_str(), one.words())).collect()
    }
}

fn words(limit: Limit) -> &'static str {
    match limit {
        Limit::Stopped => "They said no, or the number was wrong. Call again only for a reason.",
        Limit::InAll => "All eight tries are made. Close it, or try once more for a reason.",
        Limit::Today => "Three tries were made today. One more wants a reason.",
        Limit::Voicemail(_) => "",
    }
}
