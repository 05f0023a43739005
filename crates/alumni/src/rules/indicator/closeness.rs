//! What the counts alone would hide (domain reference 4.10, version 2): a closest tie around use, and a life that rests on
//! one person.

use super::{Tie, counting};
use crate::rules::connection::{Kind, Nearness, Stance, UseStatus};

/// Whether someone of the inner circle in daily or weekly touch uses heavily or encourages use. A tie marked unsafe counts
/// here: hiding it would make the map look better for the very person who is in danger.
pub(super) fn does_someone_close_use(ties: &[Tie]) -> bool {
    ties.iter().any(|tie| {
        tie.kind == Kind::Person
            && !tie.pet
            && tie.nearness == Nearness::Closest
            && tie.contact.is_active(tie.kind)
            && tie.is_around_use()
    })
}

/// Whether one and the same person is the only one who supports, the only one in recovery and the only one to call.
pub(super) fn rests_on_one(ties: &[Tie]) -> bool {
    let active = |tie: &Tie| tie.kind == Kind::Person && tie.contact.is_active(tie.kind);
    let supports = only(ties, |tie| active(tie) && tie.stance == Stance::EncouragesRecovery);
    let in_recovery = only(ties, |tie| active(tie) && tie.use_status == UseStatus::InRecovery);
    let to_call = only(ties, |tie| counting::is_reachable(tie) == Some(true));
    supports.is_some() && supports == in_recovery && in_recovery == to_call
}

/// Where the only tie stands of which something holds; `None` when it holds of none or of several.
fn only(ties: &[Tie], holds: impl Fn(&Tie) -> bool) -> Option<usize> {
    let mut found = ties.iter().enumerate().filter(|(_, tie)| holds(tie)).map(|(at, _)| at);
    found.next().filter(|_| found.next().is_none())
}
