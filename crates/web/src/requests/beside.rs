//! What stands beside a request on its page: its tags, where they were sent on to, the rules of each number, and what a
//! colleague promised meanwhile.

use clients::rules::tags::Tags;
use foundation::staff::Directory;
use foundation::{Act, Actor, Instant, Zone, may};
use intake::referral_out::ReferralOutId;
use intake::request::page::Page as Read;

use super::telling::sent_on;
use crate::differing::{Differs, differing};
use crate::form::Seen;

/// Where every number has rules of its own; empty for who may not set them.
pub(super) fn each_number(read: &Read, me: &Actor) -> String {
    let sets = may(me, Act::SetSafeContact, &read.request.subject());
    if sets { format!("/inbox/{}/safe-contact", read.request.reference) } else { String::new() }
}

/// Where they were sent on to, for whoever follows that.
pub(super) fn where_to(
    read: &Read,
    me: &Actor,
    now: Instant,
    zone: Zone,
) -> Option<Vec<(ReferralOutId, String)>> {
    may(me, Act::FollowReferral, &read.request.subject())
        .then(|| read.referrals.iter().map(|one| sent_on(one, now, zone)).collect())
}

/// The tags that are not on it yet.
pub(super) fn offered_tags(tags: &Tags, read: &Read) -> Vec<(String, String)> {
    let has = read.request.tagged();
    let free = tags.offered().into_iter().filter(|(id, _)| !has.0.contains(id));
    free.map(|(id, words)| (id.to_string(), words)).collect()
}

/// The fields of the next step that differ, after a save that came too late.
pub(super) fn theirs(read: &Read, seen: Seen<'_>, zone: Zone) -> Vec<Differs> {
    if seen.faults.of("stale").is_none() {
        return Vec::new();
    }
    let moment = |at: Instant| at.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string();
    let now = [
        ("next_step".to_owned(), "What happens next", read.next_step.clone().unwrap_or_default()),
        ("next_step_at".to_owned(), "When", read.request.next_step_at.map(moment).unwrap_or_default()),
    ];
    // A day and an hour as people read them, not as the field sends them.
    differing(seen.typed, now, |name, value| match name {
        "next_step_at" => value.replacen('T', ", ", 1),
        _ => value.to_owned(),
    })
}

/// Who may be named in a note here, by the name they sign in with.
pub(super) fn handles(staff: &Directory, read: &Read) -> Vec<(String, String)> {
    let subject = read.request.subject();
    staff
        .working()
        .filter(|one| may(&one.actor(), Act::OpenRequest, &subject))
        .map(|one| (one.sign_in_name.clone(), one.name.clone()))
        .collect()
}
