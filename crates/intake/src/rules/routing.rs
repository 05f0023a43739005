//! Who gets a request by a rule: the first rule that fits names a group, and of those in it who are on duty the one gets
//! it who was given one longest ago. Who is absent is skipped; when nobody is on duty it stays nobody's.

use chrono::{Datelike, Timelike};
use foundation::{Faults, Instant, StaffId, Zone};
use serde::{Deserialize, Serialize};

use super::calendar::{Week, minute};
use super::words::{Channel, ForWhom, Urgency};

foundation::id! {
    /// A rule, for routing or for an escalation.
    RuleId
}

impl RuleId {
    /// The key of a rule that is not kept yet: it gets its own when it is.
    pub const NEW: Self = Self(sea_orm::prelude::Uuid::nil());
}

/// Rules a center may have.
pub const MOST: usize = 40;
/// Languages a rule may ask for, as tags of BCP 47.
pub const LANGUAGES: [(&str, &str); 2] = [("en", "English"), ("es", "Spanish")];

/// A rule: what must be true of a request, and who gets it then. What is left open is true of every request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub id: RuleId,
    pub name: String,
    pub channel: Option<Channel>,
    pub language: Option<String>,
    pub for_whom: Option<ForWhom>,
    pub urgency: Option<Urgency>,
    /// Only who may have been a client here before.
    pub returning: bool,
    /// Days of the week, counted from Monday; none is every day.
    pub days: Vec<u8>,
    /// From one minute of the day until another; over midnight when the second is the smaller one.
    pub hours: Option<(u16, u16)>,
    pub group: Vec<StaffId>,
}

/// What of a request a rule looks at.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub channel: Channel,
    pub language: &'a str,
    pub for_whom: ForWhom,
    pub urgency: Urgency,
    /// Whether somebody with the same number or address was a client here.
    pub returning: bool,
    pub at: Instant,
    pub zone: Zone,
}

/// What was typed of a rule.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypedRule<'a> {
    pub name: &'a str,
    pub channel: &'a str,
    pub language: &'a str,
    pub for_whom: &'a str,
    pub urgency: &'a str,
    pub from: &'a str,
    pub until: &'a str,
    pub returning: bool,
}

impl Rule {
    /// Parses a rule for those who can be in a group.
    ///
    /// # Errors
    /// At `name`, `hours_from` and `group`.
    pub fn parse(typed: TypedRule<'_>, days: Vec<u8>, group: Vec<StaffId>) -> Result<Self, Faults> {
        let mut faults = Faults::default();
        let name = named(typed.name, &mut faults);
        let hours = match (typed.from.trim(), typed.until.trim()) {
            ("", "") => None,
            (from, until) => {
                let hours = minute(from).zip(minute(until)).filter(|(from, until)| from != until);
                if hours.is_none() {
                    faults.add("hours_from", "Enter both times, like 20:00 and 8:00, or leave both empty");
                }
                hours
            }
        };
        if group.is_empty() {
            faults.add("group", "Choose who gets these requests, one colleague at least");
        }
        faults.or(|| Self {
            id: RuleId::NEW,
            name,
            channel: Channel::parse(typed.channel),
            language: Some(typed.language.to_owned())
                .filter(|tag| LANGUAGES.iter().any(|(known, _)| known == tag)),
            for_whom: ForWhom::parse(typed.for_whom),
            urgency: Urgency::parse(typed.urgency),
            returning: typed.returning,
            days,
            hours,
            group,
        })
    }

    /// Whether it fits. Who may be in danger is everyone's, unless a rule is made for them by name.
    pub fn fits(&self, facts: &Facts<'_>) -> bool {
        let wall = facts.at.with_timezone(&facts.zone);
        let day = wall.weekday().num_days_from_monday();
        let now = wall.hour() * 60 + wall.minute();
        let in_hours = self.hours.is_none_or(|(from, until)| {
            let (from, until) = (u32::from(from), u32::from(until));
            if from < until { (from..until).contains(&now) } else { now >= from || now < until }
        });
        let is_urgency = match self.urgency {
            Some(urgency) => urgency == facts.urgency,
            None => facts.urgency != Urgency::Emergency,
        };
        is_urgency
            && in_hours
            && (facts.returning || !self.returning)
            && self.channel.is_none_or(|channel| channel == facts.channel)
            && self.for_whom.is_none_or(|whom| whom == facts.for_whom)
            && self.language.as_deref().is_none_or(|tag| speaks(facts.language, tag))
            && (self.days.is_empty() || self.days.iter().any(|of| u32::from(*of) == day))
    }

    /// When it fits, in words: "Web form · Spanish · 20:00–8:00".
    pub fn words(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.channel.map(|channel| channel.words().to_owned()));
        let language = LANGUAGES.iter().find(|(tag, _)| self.language.as_deref() == Some(tag));
        parts.extend(language.map(|(_, words)| (*words).to_owned()));
        parts.extend(self.for_whom.map(|whom| whom.words().to_owned()));
        parts.extend(self.urgency.map(|urgency| urgency.words().to_owned()));
        parts.extend(self.returning.then(|| "Was here before".to_owned()));
        let names = super::calendar::DAYS.iter().zip(0u8..).filter(|(_, n)| self.days.contains(n));
        let days: Vec<&str> = names.map(|((_, words), _)| *words).collect();
        if !days.is_empty() {
            parts.push(days.join(", "));
        }
        let clock = |m: u16| format!("{}:{:02}", m / 60, m % 60);
        parts.extend(self.hours.map(|(from, until)| format!("{}–{}", clock(from), clock(until))));
        if parts.is_empty() { "Every request".to_owned() } else { parts.join(" · ") }
    }
}

/// The name of a rule: what a request it gave is told with.
pub(super) fn named(typed: &str, faults: &mut Faults) -> String {
    let name = clients::person::plain(typed);
    if name.is_empty() || name.chars().count() > 60 {
        faults.add("name", "Enter a name for the rule, up to 60 characters, like Spanish at night");
    }
    name
}

/// `es-MX` speaks `es`.
fn speaks(language: &str, tag: &str) -> bool {
    language.split(['-', '_']).next().is_some_and(|first| first.eq_ignore_ascii_case(tag))
}

/// Whether someone takes requests at a moment: the switch is on, and it is within their hours, when they have any.
pub fn on_duty(taking: bool, week: &Week, at: Instant, zone: Zone) -> bool {
    let wall = at.with_timezone(&zone);
    let now = wall.hour() * 60 + wall.minute();
    let within = |span: &super::calendar::Span| (u32::from(span.from)..u32::from(span.until)).contains(&now);
    taking && (week.is_empty() || week.on(wall.weekday()).iter().any(within))
}

/// Of those on duty, the one who was given a request longest ago, or never.
pub fn next(on_duty: impl IntoIterator<Item = (StaffId, Option<Instant>)>) -> Option<StaffId> {
    on_duty.into_iter().min_by_key(|(staff, given)| (*given, *staff)).map(|(staff, _)| staff)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::TimeDelta;
    use proptest::prelude::*;
    use sea_orm::prelude::Uuid;

    use super::*;

    const CHICAGO: Zone = chrono_tz::America::Chicago;

    fn moment(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn staff(n: u128) -> StaffId {
        StaffId(Uuid::from_u128(n))
    }

    fn rule(typed: TypedRule<'_>, days: Vec<u8>) -> Rule {
        Rule::parse(TypedRule { name: "Spanish at night", ..typed }, days, vec![staff(1)]).unwrap()
    }

    fn facts(at: &str) -> Facts<'static> {
        let (for_whom, urgency) = (ForWhom::Self_, Urgency::Routine);
        let (at, zone) = (moment(at), CHICAGO);
        Facts { channel: Channel::Web, language: "es-MX", for_whom, urgency, returning: false, at, zone }
    }

    #[test]
    fn spanish_at_night_is_spanish_and_at_night() {
        let rule = rule(TypedRule { language: "es", from: "20", until: "8", ..TypedRule::default() }, vec![]);
        // 2:00 and 21:00 in Chicago, and ten in the morning.
        assert!(rule.fits(&facts("2026-03-02T08:00:00Z")) && rule.fits(&facts("2026-03-03T03:00:00Z")));
        assert!(!rule.fits(&facts("2026-03-02T16:00:00Z")));
        assert!(!rule.fits(&Facts { language: "en", ..facts("2026-03-02T08:00:00Z") }));
        assert_eq!(rule.words(), "Spanish · 20:00–8:00");
    }

    #[test]
    fn who_may_be_in_danger_is_everyones_unless_a_rule_says_so() {
        let danger = Facts { urgency: Urgency::Emergency, ..facts("2026-03-02T16:00:00Z") };
        assert!(!rule(TypedRule::default(), vec![]).fits(&danger));
        assert!(rule(TypedRule { urgency: "emergency", ..TypedRule::default() }, vec![]).fits(&danger));
        assert_eq!(rule(TypedRule::default(), vec![]).words(), "Every request");
    }

    #[test]
    fn a_rule_for_those_who_come_back_is_for_nobody_else() {
        let back = rule(TypedRule { returning: true, ..TypedRule::default() }, vec![]);
        let new = facts("2026-03-02T16:00:00Z");
        assert!(!back.fits(&new) && back.fits(&Facts { returning: true, ..new }));
        assert_eq!(back.words(), "Was here before");
    }

    #[test]
    fn a_rule_of_the_weekend_leaves_monday_alone() {
        let weekend = rule(TypedRule::default(), vec![5, 6]);
        assert!(!weekend.fits(&facts("2026-03-02T16:00:00Z")));
        // Monday in UTC, Sunday evening in Chicago.
        assert!(weekend.fits(&facts("2026-03-02T03:00:00Z")));
    }

    #[test]
    fn what_is_missing_is_said_at_its_field() {
        let typed = TypedRule { from: "20", ..TypedRule::default() };
        let faults = Rule::parse(typed, vec![], vec![]).unwrap_err();
        assert_eq!(
            faults.0.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(),
            ["name", "hours_from", "group"]
        );
    }

    #[test]
    fn whoever_is_off_takes_nothing() {
        let week = Week::alike(540, 1020, 5);
        assert!(on_duty(true, &week, moment("2026-03-02T16:00:00Z"), CHICAGO));
        assert!(!on_duty(true, &week, moment("2026-03-03T03:00:00Z"), CHICAGO));
        assert!(!on_duty(false, &week, moment("2026-03-02T16:00:00Z"), CHICAGO));
        assert!(on_duty(true, &Week::default(), moment("2026-03-03T03:00:00Z"), CHICAGO));
    }

    proptest! {
        /// Whoever comes and goes: an absent one gets nothing, and among those who were there all the time nobody gets
        /// two more than another one.
        #[test]
        fn turns_are_fair(rounds in prop::collection::vec(prop::collection::btree_set(0u128..6, 0..6), 1..60)) {
            let mut given: BTreeMap<StaffId, Instant> = BTreeMap::new();
            let mut counts: BTreeMap<StaffId, usize> = BTreeMap::new();
            let start = moment("2026-03-02T16:00:00Z");
            for (n, here) in rounds.iter().enumerate() {
                // Two are there all the time.
                let here: Vec<StaffId> = here.iter().copied().chain([100, 101]).map(staff).collect();
                let chosen = next(here.iter().map(|one| (*one, given.get(one).copied()))).unwrap();
                prop_assert!(here.contains(&chosen));
                given.insert(chosen, start + TimeDelta::minutes(i64::try_from(n).unwrap()));
                *counts.entry(chosen).or_default() += 1;
                let of = |n| counts.get(&staff(n)).copied().unwrap_or_default();
                prop_assert!(of(100).abs_diff(of(101)) <= 1);
            }
            prop_assert_eq!(next([]), None);
        }
    }
}
