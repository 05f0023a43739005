//! What becomes of two requests that are about the same thing: how the one that goes on stands, how long they can be taken
//! apart again, and how each stands then.

use chrono::TimeDelta;
use foundation::{Instant, StaffId};

use super::danger_hours::OutsideHours;
use super::words::Urgency;

/// For so long two requests can be taken apart again.
pub const UNDO: TimeDelta = TimeDelta::days(30);

/// What of a request a merge looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub urgency: Urgency,
    pub due_at: Instant,
    /// Who has it, and since when.
    pub owner: Option<(StaffId, Option<Instant>)>,
    /// By when something is promised.
    pub step_at: Option<Instant>,
    /// What was said of calls outside their hours while someone may be in danger.
    pub outside_hours: Option<OutsideHours>,
}

/// Whose promise goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The one of the request that goes on, or none.
    Own,
    /// The one of the merged request: it comes sooner.
    Taken,
}

/// How the request that goes on stands with the other one in it. Nobody becomes less urgent, is called later or loses a
/// promise by a merge; its owner stays, and where nobody has it, the other one's owner does. Whether somebody was reached
/// stays its own: better one call too many than one that nobody makes.
pub fn combined(survivor: Standing, merged: Standing) -> (Standing, Step) {
    let urgency = [survivor.urgency, merged.urgency].into_iter().min_by_key(|u| u.rank());
    let step = match (survivor.step_at, merged.step_at) {
        (Some(own), Some(other)) if other < own => Step::Taken,
        (None, Some(_)) => Step::Taken,
        _ => Step::Own,
    };
    let with = Standing {
        urgency: urgency.unwrap_or(survivor.urgency),
        due_at: survivor.due_at.min(merged.due_at),
        owner: survivor.owner.or(merged.owner),
        step_at: if step == Step::Taken { merged.step_at } else { survivor.step_at },
        outside_hours: stricter(survivor.outside_hours, merged.outside_hours),
    };
    (with, step)
}

/// Of two answers the no holds. Where one of them was never asked, the other one counts.
fn stricter(one: Option<OutsideHours>, other: Option<OutsideHours>) -> Option<OutsideHours> {
    match (one, other) {
        (Some(OutsideHours::No), _) | (_, Some(OutsideHours::No)) => Some(OutsideHours::No),
        (one, other) => one.or(other),
    }
}

/// How a request stands once another one is out of it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Apart {
    pub standing: Standing,
    /// Whether it gives the other one's promise back and has its own from before.
    pub gives_step_back: bool,
}

/// How the request that went on stands once they are apart: as `before`, but for what somebody changed since. When anybody
/// worked on it meanwhile, it stays as urgent as it became: nobody is made less urgent behind a colleague's back.
pub fn apart(before: Standing, with: Standing, now: Standing, untouched: bool) -> Apart {
    let (urgency, due_at) =
        if untouched { (before.urgency, before.due_at) } else { (now.urgency, now.due_at) };
    let owner = if now.owner == with.owner { before.owner } else { now.owner };
    let gives_step_back = with.step_at != before.step_at && now.step_at == with.step_at;
    let step_at = if gives_step_back { before.step_at } else { now.step_at };
    let is_as_merged = now.outside_hours == with.outside_hours;
    let outside_hours = if is_as_merged { before.outside_hours } else { now.outside_hours };
    Apart { standing: Standing { urgency, due_at, owner, step_at, outside_hours }, gives_step_back }
}

/// Until when two requests that were merged at `merged_at` can be taken apart.
pub fn until(merged_at: Instant) -> Instant {
    merged_at + UNDO
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minutes: i64) -> Instant {
        "2026-03-02T15:00:00Z".parse::<Instant>().unwrap() + TimeDelta::minutes(minutes)
    }

    fn standing() -> impl Strategy<Value = Standing> {
        let owner = prop::option::of((0_u32..3, prop::option::of(0_i64..9)));
        let urgency = prop::sample::select(Urgency::ALL);
        let said = prop::option::of(prop::sample::select(OutsideHours::ALL));
        let step = prop::option::of(0_i64..100);
        (urgency, 0_i64..100, owner, step, said).prop_map(|(urgency, due, owner, step, said)| {
            let staff = |n| format!("00000000-0000-7000-8000-{n:012}").parse::<StaffId>().unwrap();
            Standing {
                urgency,
                due_at: at(due),
                owner: owner.map(|(id, since)| (staff(id), since.map(at))),
                step_at: step.map(at),
                outside_hours: said,
            }
        })
    }

    proptest! {
        #[test]
        fn nobody_is_less_urgent_called_later_or_forgotten_by_a_merge(a in standing(), b in standing()) {
            let (with, _) = combined(a, b);
            prop_assert!(with.urgency.rank() <= a.urgency.rank() && with.urgency.rank() <= b.urgency.rank());
            prop_assert!(with.due_at <= a.due_at && with.due_at <= b.due_at);
            prop_assert_eq!(with.owner.is_some(), a.owner.is_some() || b.owner.is_some());
            let soonest = a.step_at.into_iter().chain(b.step_at).min();
            prop_assert_eq!(with.step_at, soonest);
            let no = |one: Standing| one.outside_hours == Some(OutsideHours::No);
            prop_assert_eq!(no(with), no(a) || no(b), "a no to calls outside their hours is not lost");
        }

        #[test]
        fn taken_apart_at_once_it_stands_as_before(a in standing(), b in standing()) {
            let (with, _) = combined(a, b);
            prop_assert_eq!(apart(a, with, with, true).standing, a);
        }

        #[test]
        fn what_somebody_changed_since_stays(a in standing(), b in standing(), now in standing()) {
            let (with, _) = combined(a, b);
            let then = apart(a, with, now, false).standing;
            prop_assert_eq!((then.urgency, then.due_at), (now.urgency, now.due_at));
            prop_assert!(then.owner == now.owner || now.owner == with.owner);
            prop_assert!(then.step_at == now.step_at || now.step_at == with.step_at);
        }
    }
}
