//! What a colleague saved while somebody else typed something different: both texts beside each other, to be chosen field
//! by field.

use foundation::{Instant, Zone};
use intake::request::page::Page as Read;

use crate::form::Seen;

/// A field of which there are two values now.
pub(super) struct Differs {
    pub name: &'static str,
    pub label: &'static str,
    /// What was typed here.
    pub ours: String,
    /// What stands there now.
    pub theirs: String,
}

/// The fields of the next step that differ, after a save that came too late.
pub(super) fn theirs(read: &Read, seen: Seen<'_>, zone: Zone) -> Vec<Differs> {
    if seen.faults.of("stale").is_none() {
        return Vec::new();
    }
    let moment = |at: Instant| at.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string();
    let now = [
        ("next_step", "What happens next", read.next_step.clone().unwrap_or_default()),
        ("next_step_at", "When", read.request.next_step_at.map(moment).unwrap_or_default()),
    ];
    let both = now.into_iter().map(|(name, label, theirs)| Differs {
        name,
        label,
        ours: seen.typed.text(name).to_owned(),
        theirs,
    });
    both.filter(|one| one.ours != one.theirs).collect()
}
