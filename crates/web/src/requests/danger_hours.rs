//! Danger and hours stand against each other: what they said, and what staff do.

use consent::Reaching;
use foundation::{Instant, Zone};
use intake::Request;
use intake::rules::danger_hours::DangerHours;

use crate::inbox::when;

/// The conflict as the request and the call sheet show it.
pub(crate) struct DangerLine {
    pub said: String,
    pub rule: String,
    pub may_call: bool,
}

impl DangerLine {
    /// Nothing when nobody may be in danger, when they may be called at any time, or when somebody talked with them.
    pub(crate) fn of(request: &Request, reaching: &Reaching, now: Instant, zone: Zone) -> Option<Self> {
        if !request.is_open() || request.reached_at.is_some() {
            return None;
        }
        // Their hours are those of the clock on their own wall.
        let (hours, theirs) = (reaching.hours(), reaching.zone().unwrap_or(zone));
        let found = DangerHours::of((request.urgency, request.outside_hours), hours.as_ref(), now, theirs)?;
        Some(Self {
            said: found.what_they_said(),
            rule: found.rule(|at| when(at, now, zone)),
            may_call: found.not_before.is_none(),
        })
    }
}
