//! Whom a request tells that waits: so many minutes before or after its first call is due, named colleagues, a role, the
//! owner or the owner's supervisor hear of it, and it may be handed over.

use chrono::TimeDelta;
use foundation::staff::Member;
use foundation::{Faults, Instant, Role, StaffId};
use serde::{Deserialize, Serialize};

use super::routing::{RuleId, named};
use super::words::{Channel, Urgency};

/// Rules a center may have.
pub const MOST: usize = 40;
/// What fell due longer ago than this while the program did not run is late for everyone to see, and tells nobody more.
pub const LOOKS_BACK: TimeDelta = TimeDelta::days(3);

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tell {
    Owner,
    OwnersSupervisor,
    Role(Role),
    Staff(StaffId),
}

/// What else happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    Nothing,
    /// It is everyone's again.
    Release,
    Give(StaffId),
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub id: RuleId,
    pub name: String,
    pub urgency: Option<Urgency>,
    pub channel: Option<Channel>,
    /// Minutes after the moment at which the first call is due; before it when negative.
    pub minutes: i16,
    pub tell: Tell,
    /// Whether they are written to as well, without a word about anyone.
    pub email: bool,
    pub then: Then,
    /// It tells of what comes due from then on: a new rule does not ring about everything old.
    pub since: Instant,
}

/// What was typed of a rule.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypedRule<'a> {
    pub name: &'a str,
    pub urgency: &'a str,
    pub channel: &'a str,
    pub minutes: &'a str,
    /// `before` or `after`.
    pub side: &'a str,
    /// `owner`, `supervisor`, `role:…` or `staff:…`.
    pub tell: &'a str,
    pub email: bool,
    /// Empty, `release` or a colleague's key.
    pub then: &'a str,
}

impl Rule {
    /// Parses a rule that holds from `now` on.
    ///
    /// # Errors
    /// At `name`, `minutes`, `tell` and `then`.
    pub fn parse(typed: TypedRule<'_>, now: Instant) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let name = named(typed.name, &mut faults);
        let minutes = typed.minutes.trim().parse::<i16>().ok().filter(|n| (0..=2880).contains(n));
        if minutes.is_none() {
            faults.add("minutes", "Enter minutes as a number from 0 to 2880");
        }
        let tell = tell(typed.tell);
        if tell.is_none() {
            faults.add("tell", "Choose who is told");
        }
        let then = match typed.then {
            "" => Some(Then::Nothing),
            "release" => Some(Then::Release),
            key => key.parse().ok().map(Then::Give),
        };
        if then.is_none() {
            faults.add("then", "Choose what happens with it");
        }
        let minutes = minutes.map(|n| if typed.side == "before" { -n } else { n });
        match (minutes, tell, then, faults.0.is_empty()) {
            (Some(minutes), Some(tell), Some(then), true) => Ok(Self {
                id: RuleId::NEW,
                name,
                urgency: Urgency::parse(typed.urgency),
                channel: Channel::parse(typed.channel),
                minutes,
                tell,
                email: typed.email,
                then,
                since: now,
            }),
            _ => Err(faults),
        }
    }

    /// The due times it tells of at a moment: after the first and until the second.
    pub fn window(&self, now: Instant) -> (Instant, Instant) {
        let after = TimeDelta::minutes(i64::from(self.minutes));
        (self.since.max(now - LOOKS_BACK) - after, now - after)
    }

    /// When it tells, in words: "15 minutes after".
    pub fn when(&self) -> String {
        let plural = if self.minutes.abs() == 1 { "" } else { "s" };
        match self.minutes {
            0 => "When the first call is due".to_owned(),
            n if n < 0 => format!("{} minute{plural} before the first call is due", -n),
            n => format!("{n} minute{plural} after the first call was due"),
        }
    }
}

fn tell(text: &str) -> Option<Tell> {
    match text.split_once(':') {
        None if text == "owner" => Some(Tell::Owner),
        None if text == "supervisor" => Some(Tell::OwnersSupervisor),
        Some(("role", role)) => Role::parse(role).map(Tell::Role),
        Some(("staff", key)) => key.parse().ok().map(Tell::Staff),
        _ => None,
    }
}

/// Who hears of it: those named who work here and `may` open it. Where that is nobody, every supervisor does: an escalation
/// never falls on the floor.
pub fn told(
    tell: Tell,
    owner: Option<StaffId>,
    staff: &[Member],
    may: impl Fn(&Member) -> bool,
) -> Vec<StaffId> {
    let here = |one: &&Member| one.disabled_at.is_none() && may(one);
    let those = |is: &dyn Fn(&Member) -> bool| -> Vec<StaffId> {
        staff.iter().filter(here).filter(|one| is(one)).map(|one| one.id).collect()
    };
    let supervisor = staff.iter().find(|one| Some(one.id) == owner).and_then(|one| one.supervisor_id);
    let named = match tell {
        Tell::Owner => those(&|one| Some(one.id) == owner),
        Tell::OwnersSupervisor => those(&|one| Some(one.id) == supervisor),
        Tell::Role(role) => those(&|one| one.roles.contains(&role)),
        Tell::Staff(id) => those(&|one| one.id == id),
    };
    if named.is_empty() { those(&|one| one.roles.contains(&Role::Supervisor)) } else { named }
}

#[cfg(test)]
mod tests {
    use sea_orm::prelude::Uuid;

    use super::*;

    fn moment(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn one(n: u128, role: Role, supervisor: Option<u128>) -> Member {
        Member {
            id: StaffId(Uuid::from_u128(n)),
            name: format!("Colleague {n}"),
            sign_in_name: format!("c{n}"),
            roles: vec![role],
            supervisor_id: supervisor.map(|n| StaffId(Uuid::from_u128(n))),
            has_factor: true,
            version: 1,
            disabled_at: None,
        }
    }

    #[test]
    fn somebody_always_hears_of_it() {
        let mut staff = vec![
            one(1, Role::Intake, Some(3)),
            one(2, Role::Intake, None),
            one(3, Role::Supervisor, None),
            one(4, Role::Supervisor, None),
        ];
        let id = |n| StaffId(Uuid::from_u128(n));
        let hear = |tell, owner: Option<u128>, staff: &[Member]| told(tell, owner.map(id), staff, |_| true);
        assert_eq!(hear(Tell::Owner, Some(1), &staff), [id(1)]);
        assert_eq!(hear(Tell::Owner, None, &staff), [id(3), id(4)]);
        assert_eq!(hear(Tell::OwnersSupervisor, Some(1), &staff), [id(3)]);
        assert_eq!(hear(Tell::OwnersSupervisor, Some(2), &staff), [id(3), id(4)]);
        assert_eq!(hear(Tell::Role(Role::Intake), None, &staff), [id(1), id(2)]);
        staff[0].disabled_at = Some(moment("2026-03-02T16:00:00Z"));
        assert_eq!(hear(Tell::Staff(id(1)), Some(2), &staff), [id(3), id(4)]);
        assert_eq!(told(Tell::Staff(id(2)), None, &staff, |one| one.id != id(2)), [id(3), id(4)]);
    }

    #[test]
    fn a_rule_tells_of_what_comes_due_from_its_beginning_on() {
        let now = moment("2026-03-02T16:00:00Z");
        let typed =
            TypedRule { name: "Early", minutes: "5", side: "before", tell: "owner", ..TypedRule::default() };
        let rule = Rule::parse(typed, now).unwrap();
        assert_eq!(rule.when(), "5 minutes before the first call is due");
        let later = now + TimeDelta::minutes(10);
        assert_eq!(rule.window(later), (now + TimeDelta::minutes(5), later + TimeDelta::minutes(5)));
        let much_later = now + TimeDelta::days(30);
        assert_eq!(rule.window(much_later).0, much_later - LOOKS_BACK + TimeDelta::minutes(5));
    }

    #[test]
    fn what_is_missing_is_said_at_its_field() {
        let typed = TypedRule { minutes: "-1", tell: "role:king", then: "burn", ..TypedRule::default() };
        let faults = Rule::parse(typed, moment("2026-03-02T16:00:00Z")).unwrap_err();
        let fields: Vec<_> = faults.0.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["name", "minutes", "tell", "then"]);
    }
}
