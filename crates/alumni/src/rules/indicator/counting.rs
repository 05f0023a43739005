//! What each part counts, and when it cannot be counted.

use super::{Counts, Part, Tie};
use crate::rules::connection::{Category, Kind, Nearness, Stance, UseStatus};

/// Counts ties that may be counted. `gone_through`: an empty map is truly empty.
pub(super) fn count(ties: &[Tie], gone_through: bool, group_sessions: Option<u32>) -> Counts {
    let known: Vec<&Tie> = ties.iter().filter(|tie| tie.contact.is_known()).collect();
    let active: Vec<&&Tie> = known.iter().filter(|tie| tie.contact.is_active(tie.kind)).collect();
    // Paid support is not a daily circle: professionals count for variety and for someone to call only.
    let people: Vec<&&&Tie> = active.iter().filter(|tie| tie.kind == Kind::Person).collect();
    let is_person = |tie: &Tie| tie.kind == Kind::Person;
    // Someone is on the map, and of nobody is it known how often they meet: then nothing is known of the circle.
    let unclear = ties.iter().any(is_person) && !known.iter().any(|tie| is_person(tie));
    let of_people = |is_told: fn(&Tie) -> bool, counts: fn(&Tie) -> bool| {
        let told = people.is_empty() || people.iter().any(|tie| is_told(tie));
        (!unclear && told).then(|| number(people.iter().filter(|tie| counts(tie)).count()))
    };
    let truly_nobody = gone_through && ties.is_empty();
    Counts {
        supportive: of_people(|t| t.stance.is_known(), |t| t.stance == Stance::EncouragesRecovery),
        in_recovery: of_people(|t| t.use_status.is_known(), |t| t.use_status == UseStatus::InRecovery),
        sessions: group_sessions.or(truly_nobody.then_some(0)),
        reachable: reachable(ties, &known),
        categories: (ties.is_empty() || !known.is_empty()).then(|| categories(&active)),
        around_use: around_use(&people),
        around_use_weight: around_use_weight(&people),
        invitable: number(ties.iter().filter(|tie| is_invitable(tie)).count()),
    }
}

/// People and professionals who can be called at any time. Not known while nobody was asked about any of them.
fn reachable(ties: &[Tie], known: &[&Tie]) -> Option<u32> {
    let can_call = |tie: &Tie| !tie.kind.is_group();
    let callable: Vec<&&Tie> = known.iter().filter(|tie| can_call(tie)).collect();
    let nobody = !ties.iter().any(can_call);
    (nobody || callable.iter().any(|tie| is_reachable(tie).is_some()))
        .then(|| number(callable.iter().filter(|tie| is_reachable(tie) == Some(true)).count()))
}

/// Whether someone is a person to call on a bad night: at any time, by a number on the tie, and neither a heavy user nor
/// one who encourages use. `None` when it was not asked.
pub(super) fn is_reachable(tie: &Tie) -> Option<bool> {
    match tie.reach_any_time {
        _ if tie.kind.is_group() || tie.harmful || tie.is_around_use() => Some(false),
        Some(any_time) => Some(any_time && tie.has_phone),
        None => None,
    }
}

/// Whether someone may be asked along. Whoever uses heavily, encourages use or is unsafe is never proposed.
fn is_invitable(tie: &Tie) -> bool {
    tie.kind == Kind::Person && !tie.pet && !tie.harmful && !tie.is_around_use()
}

fn categories(active: &[&&Tie]) -> u32 {
    let has = |category: &&Category| active.iter().any(|tie| tie.category == **category);
    number(Category::ALL.iter().filter(has).count())
}

/// Heavy use or encouragement to use, of the people in touch of whom either is known. Nobody to rate: nothing to say.
fn around_use(people: &[&&&Tie]) -> Option<(u32, u32)> {
    let known: Vec<_> = people.iter().filter(|tie| is_told(tie)).collect();
    (!known.is_empty())
        .then(|| (number(known.iter().filter(|tie| tie.is_around_use()).count()), number(known.len())))
}

/// The same by nearness. Not scored when less than half of the weight in touch is known: the distant acquaintance of whom
/// it was told says nothing of the partner of whom it was not.
fn around_use_weight(people: &[&&&Tie]) -> Option<(u32, u32)> {
    let sum = |counts: &dyn Fn(&Tie) -> bool| {
        people
            .iter()
            .filter(|tie| counts(tie))
            .fold(0_u32, |sum, tie| sum.saturating_add(weight(tie.nearness)))
    };
    let (all, known) = (sum(&|_| true), sum(&|tie| is_told(tie)));
    (known > 0 && known.saturating_mul(2) >= all).then(|| (sum(&Tie::is_around_use), known))
}

fn is_told(tie: &Tie) -> bool {
    tie.use_status.is_known() || tie.stance.is_known()
}

fn weight(nearness: Nearness) -> u32 {
    match nearness {
        Nearness::LessClose => 1,
        Nearness::Close => 2,
        Nearness::Closest => 3,
    }
}

/// The points of a part.
pub(super) fn score(part: Part, counts: &Counts) -> Option<u8> {
    match part {
        Part::DailyCircle => counts.supportive.map(|n| bucket(n, 1, 3)),
        Part::InRecovery => counts.in_recovery.map(|n| bucket(n, 1, 2)),
        Part::Belonging => counts.sessions.map(|n| bucket(n, 1, 4)),
        Part::Reach => counts.reachable.map(|n| bucket(n, 1, 2)),
        Part::Variety => counts.categories.map(|n| bucket(n, 2, 3)),
        Part::AroundUse => counts.around_use_weight.map(|(heavy, known)| match heavy {
            0 => 2,
            n if n.saturating_mul(3) <= known => 1,
            _ => 0,
        }),
    }
}

fn bucket(n: u32, one: u32, two: u32) -> u8 {
    u8::from(n >= one) + u8::from(n >= two)
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
